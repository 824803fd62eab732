/** Dates, times of day and durations as they are written in prose. */

interface TimeSpan {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a date says: `2026-11-20`, `11-20`, `2026-11`; and a time of day, `14:03`. */
export interface Moment extends TimeSpan {
  readonly parts: readonly string[];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const REST = 'uary|ruary|ch|il|e|y|ust|t(?:ember)?|tember|ober|ember';
const MONTH = `(?<month>${MONTHS.flatMap((month) => [month, month.toLowerCase()]).join('|')})(?:${REST})?(?![a-z])\\.?`;
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const CLOCK = '(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::\\d{2}(?:\\.\\d+)?)?(?:\\s?(?<half>[ap])\\.?m\\b\\.?)?';
const ZONE = '(?:Z|[-+]\\d{2}:?\\d{2})?';

const MOMENTS = [
  new RegExp(`(?<![\\w-])(?<year>\\d{4})-(?<monthNumber>\\d{2})-(?<day>\\d{2})(?:[T ]${CLOCK}${ZONE})?(?![\\w-])`, 'g'),
  new RegExp(`(?<!\\w)${DAY}(?: of)? ${MONTH}(?:,? (?<year>\\d{4}))?(?!\\w)`, 'g'),
  new RegExp(`(?<!\\w)${MONTH} ${DAY}(?:,? (?<year>\\d{4}))?(?![\\w.,]*\\d)`, 'g'),
  new RegExp(`(?<!\\w)${MONTH} (?<year>\\d{4})(?!\\w)`, 'g'),
  new RegExp(`(?<![\\w:.])${CLOCK}(?![\\w:])`, 'g'),
];

export function findMoments(text: string): Moment[] {
  let rest = text;
  const moments: Moment[] = [];
  for (const pattern of MOMENTS) {
    for (const match of rest.matchAll(pattern)) moments.push({ ...spanOf(match), parts: partsOf(match.groups ?? {}) });
    rest = rest.replace(pattern, (found) => ' '.repeat(found.length));
  }
  return moments;
}

function partsOf(groups: Readonly<Record<string, string | undefined>>): string[] {
  const { year, month, day, hour, minute, half, monthNumber } = groups;
  const monthPart =
    monthNumber ?? (month && pad(MONTHS.findIndex((one) => one.toLowerCase() === month.toLowerCase()) + 1));
  const date = [year, monthPart, day && pad(Number(day))].filter(Boolean).join('-');
  const clock = hour && minute ? `${pad((Number(hour) % (half ? 12 : 24)) + (half === 'p' ? 12 : 0))}:${minute}` : '';
  return [date, clock].filter((part) => part !== '');
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** Beyond this no `Date` can be made. */
const LATEST = 8.64e15;

/** Points in time to compare with, under every name that a person may give them, in UTC and in a zone. */
export class TimeSet {
  readonly #timeZone: string;
  readonly #times = new Set<number>();
  readonly #names = new Set<string>();
  #formatter: Intl.DateTimeFormat | undefined;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** Epoch milliseconds. */
  add(time: number): void {
    if (Math.abs(time) <= LATEST) this.#times.add(time);
  }

  /** `Moment.parts`; `2026-11-20` is also the 20th of November, and in November 2026. */
  addNames(parts: readonly string[]): void {
    for (const part of parts) {
      this.#names.add(part);
      const [year, month, day] = part.split('-');
      if (day !== undefined) for (const name of [`${month}-${day}`, `${year}-${month}`]) this.#names.add(name);
    }
  }

  has(part: string): boolean {
    for (const time of this.#times) this.#addTime(time);
    this.#times.clear();
    return this.#names.has(part);
  }

  #addTime(time: number): void {
    const iso = new Date(time).toISOString();
    this.addNames([iso.slice(0, 10), iso.slice(11, 16)]);
    if (this.#timeZone === 'UTC') return;
    this.#formatter ??= new Intl.DateTimeFormat('sv-SE', {
      timeZone: this.#timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    this.addNames(this.#formatter.format(time).split(' '));
  }
}

export interface Duration extends TimeSpan {
  readonly ms: number;
  readonly tolerance: number;
  /** The number alone where there is one part: `12.5` of `12.5 s`, for metrics that are logged in that unit. */
  readonly single: string | undefined;
}

const UNITS: readonly (readonly [pattern: RegExp, ms: number])[] = [
  [/^ms|^milli/, 1],
  [/^s/, 1000],
  [/^min|^m$/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
];
const PART =
  /(\d+(?:,\d{3})*(?:\.\d+)?)\s?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?!\w)/;
const DURATION = new RegExp(`(?<![\\w.#])(?:${PART.source}(?:\\s(?:and )?)?)+`, 'g');

export function findDurations(text: string): Duration[] {
  return Array.from(text.matchAll(DURATION), (match) => {
    const parts = [...match[0].matchAll(new RegExp(PART, 'g'))].map(([, amount = '', unit = '']) => ({ amount, unit }));
    const sizes = parts.map(({ amount, unit }) => Number(amount.replaceAll(',', '')) * unitMs(unit));
    const last = parts.at(-1) ?? { amount: '', unit: 's' };
    const decimals = last.amount.split('.')[1]?.length ?? 0;
    return {
      ...spanOf(match),
      ms: sizes.reduce((sum, size) => sum + size, 0),
      // Where there are several parts, the last one is often cut and not rounded.
      tolerance: (parts.length > 1 ? 1 : 0.5) * 10 ** -decimals * unitMs(last.unit),
      single: parts.length === 1 ? last.amount : undefined,
    };
  });
}

const unitMs = (unit: string): number => UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? 1000;

function spanOf(match: RegExpExecArray): TimeSpan {
  const text = match[0].replace(/(?:\sand|\s)+$/, '');
  return { start: match.index, end: match.index + text.length, text };
}
