/** Calendar days of a time zone as epoch milliseconds. */

export interface Day {
  readonly year: number;
  /** 1 to 12; values outside carry over, as days do. */
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;

/** The calendar day that an instant falls on in an IANA zone. */
export function dayOf(instant: number, timeZone: string): Day {
  const at = new Date(instant + offsetAt(instant, timeZone));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** First instant of a day in a zone; days of 23 and 25 hours come out right. */
export function startOf({ year, month, day }: Day, timeZone: string): number {
  const utc = Date.UTC(year, month - 1, day);
  const guess = utc - offsetAt(utc, timeZone);
  return utc - offsetAt(guess, timeZone);
}

export function addDays({ year, month, day }: Day, days: number): Day {
  const at = new Date(Date.UTC(year, month - 1, day) + days * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** 0 is Monday. */
export function weekdayOf({ year, month, day }: Day): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

function offsetAt(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(instant / 1000) * 1000;
}
