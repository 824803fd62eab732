/** Time phrases as half-open windows, across zones and clock changes. */
import { describe, expect, test } from 'vitest';
import { startOf } from '../../../src/agent/offline/calendar.ts';
import { readTimePhrase } from '../../../src/agent/offline/time-phrases.ts';
import { tokenize } from '../../../src/agent/offline/tokens.ts';
import { clock } from './vocabulary.ts';

function windowOf(phrase: string, timeZone = 'UTC') {
  const found = readTimePhrase(tokenize(phrase), 0, { ...clock, timeZone });
  const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());
  return found && [iso(found.from), iso(found.to)];
}

describe('windows', () => {
  test.each([
    ['today', '2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
    ['yesterday', '2026-11-19T00:00:00.000Z', '2026-11-20T00:00:00.000Z'],
    ['this week', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['last week', '2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.000Z'],
    ['this month', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['last month', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['in the last 24 hours', '2026-11-19T18:00:00.000Z', '2026-11-20T18:00:00.000Z'],
    ['past 3 days', '2026-11-17T18:00:00.000Z', '2026-11-20T18:00:00.000Z'],
    ['since Tuesday', '2026-11-17T00:00:00.000Z', undefined],
    ['before November 5', undefined, '2026-11-05T00:00:00.000Z'],
    ['after 2026-11-05', '2026-11-06T00:00:00.000Z', undefined],
    ['in October', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['in May', '2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'],
    ['since may', '2026-05-01T00:00:00.000Z', undefined],
    ['may 2026', '2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'],
    ['on Nov 15th', '2026-11-15T00:00:00.000Z', '2026-11-16T00:00:00.000Z'],
    ['on December 24', '2025-12-24T00:00:00.000Z', '2025-12-25T00:00:00.000Z'],
    ['from 2026-11-01 to 2026-11-03', '2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z'],
    ['between 1 and 3 November', '2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z'],
    ['from 1st to 3rd November', '2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z'],
    ['between 1 November and 3 November', '2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z'],
  ])('%s', (phrase, from, to) => {
    expect(windowOf(phrase)).toEqual([from, to]);
  });

  test.each([
    'last 3 runs',
    'the last run',
    'may be',
    'may',
    'between adam and sgd',
    'between 10 and November',
    'from 3 to 1 November',
  ])('%s is no time', (phrase) => {
    expect(windowOf(phrase)).toBeUndefined();
  });

  test('days belong to the zone', () => {
    expect(windowOf('today', 'Asia/Kolkata')).toEqual(['2026-11-19T18:30:00.000Z', '2026-11-20T18:30:00.000Z']);
  });
});

test('days of 23 and 25 hours begin where the zone says', () => {
  expect(startOf({ year: 2026, month: 11, day: 1 }, 'America/New_York')).toBe(1_793_505_600_000);
  expect(startOf({ year: 2026, month: 11, day: 2 }, 'America/New_York')).toBe(1_793_595_600_000);
  expect(startOf({ year: 2026, month: 3, day: 29 }, 'Europe/Berlin')).toBe(1_774_738_800_000);
  expect(startOf({ year: 2026, month: 3, day: 30 }, 'Europe/Berlin')).toBe(1_774_821_600_000);
  expect(startOf({ year: 2026, month: 11, day: 20 }, 'Asia/Kolkata')).toBe(1_795_113_000_000);
});
