/** "this month", "the last 3 days", "since Tuesday", "in October", "on 2026-11-15": half-open windows of start times. */
import { addDays, type Day, dayOf, startOf, weekdayOf } from './calendar.ts';
import type { Token } from './tokens.ts';

export interface Clock {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface TimePhrase {
  /** Tokens read. */
  readonly length: number;
  readonly from?: number;
  readonly to?: number;
  readonly label: string;
}

interface Span {
  readonly from: number;
  readonly to: number;
}
interface Read extends Span {
  readonly length: number;
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const COUNTS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  ten: 10,
  fourteen: 14,
  thirty: 30,
  couple: 2,
};

/** Reads a time phrase that begins at `at`, or nothing. */
export function readTimePhrase(tokens: readonly Token[], at: number, clock: Clock): TimePhrase | undefined {
  const word = (offset: number) => tokens[at + offset]?.norm ?? '';
  const lead = word(0);
  if (['since', 'after', 'from', 'starting'].includes(lead)) {
    const start = readSpan(tokens, at + 1, clock) ?? readBareDay(tokens, at + 1, clock);
    if (!start) return undefined;
    const joint = word(1 + start.length);
    const end =
      lead !== 'since' && ['to', 'until', 'till', 'through'].includes(joint)
        ? readSpan(tokens, at + 2 + start.length, clock)
        : undefined;
    const from = lead === 'after' ? start.to : start.from;
    if (end) return { length: 2 + start.length + end.length, from, to: end.to, label: label(from, end.to, clock) };
    return lead === 'from' ? undefined : { length: 1 + start.length, from, label: `since ${day(from, clock)}` };
  }
  if (['before', 'until', 'till'].includes(lead)) {
    const end = readSpan(tokens, at + 1, clock);
    return end && { length: 1 + end.length, to: end.from, label: `before ${day(end.from, clock)}` };
  }
  if (lead === 'between') {
    const start = readSpan(tokens, at + 1, clock) ?? readBareDay(tokens, at + 1, clock);
    const end = start && word(1 + start.length) === 'and' ? readSpan(tokens, at + 2 + start.length, clock) : undefined;
    return (
      start &&
      end && {
        length: 2 + start.length + end.length,
        from: start.from,
        to: end.to,
        label: label(start.from, end.to, clock),
      }
    );
  }
  const skip = ['in', 'on', 'during', 'within', 'over', 'of', 'for'].includes(lead) ? 1 : 0;
  const span = readSpan(tokens, at + skip, clock);
  return span && { length: skip + span.length, from: span.from, to: span.to, label: label(span.from, span.to, clock) };
}

/** The first day of "10 and 20 November": its month stands with the second. */
function readBareDay(tokens: readonly Token[], at: number, clock: Clock): Read | undefined {
  const [first, joint] = [tokens[at], tokens[at + 1]];
  const second = readSpan(tokens, at + 2, clock);
  const number = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/u.exec(first?.norm ?? '')?.[1] ?? Number.NaN);
  const isJoined = /^(?:and|to|until|till|through)$/u.test(joint?.norm ?? '');
  if (!second || !isJoined || !(number >= 1 && number <= 31)) return undefined;
  const { year, month, day } = dayOf(second.from, clock.timeZone);
  const isOneDay = second.to - second.from <= 90_000_000;
  return isOneDay && number <= day ? { ...daySpan({ year, month, day: number }, 1, clock), length: 1 } : undefined;
}

function readSpan(tokens: readonly Token[], at: number, clock: Clock): Read | undefined {
  const skip = tokens[at]?.norm === 'the' ? 1 : 0;
  const read = readRelative(tokens, at + skip, clock) ?? readDate(tokens, at + skip, clock);
  return read && { ...read, length: read.length + skip };
}

function readRelative(tokens: readonly Token[], at: number, clock: Clock): Read | undefined {
  const [first = '', second = '', third = ''] = [0, 1, 2].map((offset) => tokens[at + offset]?.norm ?? '');
  const today = dayOf(clock.now, clock.timeZone);
  if (first === 'today') return { ...daySpan(today, 1, clock), length: 1 };
  if (first === 'yesterday') return { ...daySpan(addDays(today, -1), 1, clock), length: 1 };
  const unit = second.replace(/s$/u, '');
  if (['this', 'current'].includes(first)) return calendarUnit(unit, 0, today, clock);
  if (['last', 'previous'].includes(first) && second === unit) {
    const whole = calendarUnit(unit, -1, today, clock);
    if (whole) return whole;
    const weekday = WEEKDAYS.indexOf(second);
    if (weekday >= 0) return { ...pastWeekday(weekday, today, clock), length: 2 };
  }
  if (!['last', 'past', 'previous'].includes(first)) return undefined;
  const counted = COUNTS[second] ?? (/^\d+$/u.test(second) ? Number(second) : undefined);
  const name = (counted === undefined ? second : third).replace(/s$/u, '');
  const count = counted ?? 1;
  if (name === 'month') {
    const from = startOf({ ...today, month: today.month - count }, clock.timeZone);
    return { from, to: clock.now, length: counted === undefined ? 2 : 3 };
  }
  const size = UNIT_MS[name];
  return size === undefined
    ? undefined
    : { from: clock.now - count * size, to: clock.now, length: counted === undefined ? 2 : 3 };
}

function calendarUnit(unit: string, shift: number, today: Day, clock: Clock): Read | undefined {
  if (unit === 'week') return { ...daySpan(addDays(today, -weekdayOf(today) + 7 * shift), 7, clock), length: 2 };
  if (unit === 'day') return { ...daySpan(addDays(today, shift), 1, clock), length: 2 };
  if (unit === 'month') return { ...monthSpan(today.year, today.month + shift, clock), length: 2 };
  if (unit !== 'year') return undefined;
  const year = today.year + shift;
  return {
    from: startOf({ year, month: 1, day: 1 }, clock.timeZone),
    to: startOf({ year: year + 1, month: 1, day: 1 }, clock.timeZone),
    length: 2,
  };
}

function readDate(tokens: readonly Token[], at: number, clock: Clock): Read | undefined {
  const [first = '', second = '', third = ''] = [0, 1, 2].map(
    (offset) => tokens[at + offset]?.norm.replace(/(\d)(?:st|nd|rd|th)$/u, '$1') ?? '',
  );
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(first);
  if (iso)
    return { ...daySpan({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }, 1, clock), length: 1 };
  const today = dayOf(clock.now, clock.timeZone);
  const weekday = WEEKDAYS.indexOf(first);
  if (weekday >= 0) return { ...pastWeekday(weekday, today, clock), length: 1 };
  const leading = monthIndex(first);
  const trailing = monthIndex(second);
  if (leading && /^\d{1,2}$/u.test(second)) return dated(leading, Number(second), third, 2, today, clock);
  if (trailing && /^\d{1,2}$/u.test(first)) return dated(trailing, Number(first), third, 2, today, clock);
  if (!leading || (/^(?:may|mar)$/u.test(first) && !isMonthHere(tokens, at))) return undefined;
  const year = /^\d{4}$/u.test(second) ? Number(second) : today.year - (leading > today.month ? 1 : 0);
  return { ...monthSpan(year, leading, clock), length: /^\d{4}$/u.test(second) ? 2 : 1 };
}

/** "may" is mostly a verb: a month after "in", before a year, or with a capital inside of a sentence. */
function isMonthHere(tokens: readonly Token[], at: number): boolean {
  const before = tokens.slice(0, at).findLast(({ norm }) => norm !== 'the')?.norm ?? '';
  const isLed = /^(?:in|during|within|over|of|for|since|from|after|before|until|till|to|through|between|and)$/u.test(
    before,
  );
  const isYear = /^(?:19|20)\d{2}$/u.test(tokens[at + 1]?.norm ?? '');
  return isLed || isYear || (at > 0 && /^\p{Lu}\p{Ll}/u.test(tokens[at]?.text ?? ''));
}

function dated(month: number, dayNumber: number, yearText: string, length: number, today: Day, clock: Clock): Read {
  const explicit = /^\d{4}$/u.test(yearText);
  const later = month > today.month || (month === today.month && dayNumber > today.day);
  const year = explicit ? Number(yearText) : today.year - (later ? 1 : 0);
  return { ...daySpan({ year, month, day: dayNumber }, 1, clock), length: length + (explicit ? 1 : 0) };
}

function monthIndex(word: string): number | undefined {
  const index = MONTHS.findIndex(
    (month) =>
      month === word || (word.length >= 3 && month.slice(0, 3) === word) || (word === 'sept' && month === 'september'),
  );
  return index < 0 ? undefined : index + 1;
}

function daySpan(first: Day, days: number, clock: Clock): Span {
  return { from: startOf(first, clock.timeZone), to: startOf(addDays(first, days), clock.timeZone) };
}

function monthSpan(year: number, month: number, clock: Clock): Span {
  return {
    from: startOf({ year, month, day: 1 }, clock.timeZone),
    to: startOf({ year, month: month + 1, day: 1 }, clock.timeZone),
  };
}

/** The latest such weekday before today. */
function pastWeekday(weekday: number, today: Day, clock: Clock): Span {
  const back = (weekdayOf(today) - weekday + 6) % 7;
  return daySpan(addDays(today, -back - 1), 1, clock);
}

function day(instant: number, clock: Clock): string {
  const { year, month, day: number } = dayOf(instant, clock.timeZone);
  return `${year}-${String(month).padStart(2, '0')}-${String(number).padStart(2, '0')}`;
}

function label(from: number, to: number, clock: Clock): string {
  const [first, last] = [day(from, clock), day(to - 1, clock)];
  return first === last ? first : `${first} to ${last}`;
}
