import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatAlike,
  formatColumn,
  formatCount,
  formatDay,
  formatDistinct,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRun,
  formatTime,
} from '../../src/finding/format.ts';
import type { Column } from '../../src/finding/table.ts';

const column = (kind: Column['kind']): Column => ({ key: 'k', label: 'k', kind });
const FINITE = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });

describe('numbers', () => {
  test('have at most the digits asked for, whole numbers all of theirs', () => {
    const texts = [5.335419588556921, 0.1 + 0.2, 1234567.8, 100000, 0, 1e-7, 1.5e21, Number.NaN, -1 / 0].map((value) =>
      formatNumber(value),
    );
    expect(texts).toEqual(['5.33542', '0.3', '1234568', '100000', '0', '1e-7', '1.5e21', 'NaN', '-Infinity']);
    expect(formatNumber(9007199254740993n)).toBe('9007199254740993');
    expect(formatNumber(1.5e-20, 3)).toBe('1.5e-20');
    expect(formatNumber(2e-5, 17)).toBe('2e-5');
  });

  test('side by side never look equal when they are not', () => {
    fc.assert(
      fc.property(fc.uniqueArray(FINITE, { minLength: 2, maxLength: 6, comparator: (a, b) => a === b }), (values) => {
        expect(new Set(formatDistinct(values)).size).toBe(values.length);
        expect(new Set(formatColumn(column('metric'), values)).size).toBe(values.length);
      }),
    );
    expect(formatDistinct([0.5000001, 0.5000002])).toEqual(['0.5000001', '0.5000002']);
  });

  test('are not stretched for what a sum left over', () => {
    expect(formatColumn(column('metric'), [0.7, 0.7000000000000001, 0.25])).toEqual(['0.7000', '0.7000', '0.2500']);
    expect(formatDistinct([0.7, 0.7000000000000001, 2 / 3])).toEqual(['0.7', '0.7', '0.666667']);
    expect([0.0181 - 0.018, 0.018 - 0.0179].map((value) => formatNumber(value))).toEqual(['0.0001', '0.0001']);
  });

  test('of a column share their decimals', () => {
    expect(formatColumn(column('metric'), [0.35091, 2.5, undefined, Number.NaN])).toEqual([
      '0.351',
      '2.500',
      '–',
      'NaN',
    ]);
    const decimals = formatColumn(column('metric'), [0.35091, 12.5, 3]).map((text) => text?.split('.')[1]?.length);
    expect(new Set(decimals).size).toBe(1);
    expect(formatColumn(column('delta'), [0.5, -0.25])).toEqual(['+0.5000', '-0.2500']);
    expect(formatColumn(column('number'), [0.0004998, 0.999])).toEqual(['0.0004998', '0.999']);
  });

  test('that count have separators, fractions are percentages', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect([0.97249, 0, -0.5, 1 / 3].map(formatPercent)).toEqual(['97.2%', '0%', '-50%', '33.3%']);
  });

  test('logged as text stay as they were logged', () => {
    expect(formatColumn(column('param'), ['1e-3', '0.0010', '', undefined])).toEqual(['1e-3', '0.0010', '""', '–']);
  });
});

test('durations take the unit that fits', () => {
  const texts = [0, 33, 999, 1000, 12_345, 119_999, 200_000, 1_644_340, 3_725_000, 183_600_000, -1500].map((ms) =>
    formatDuration(ms),
  );
  expect(texts).toEqual([
    '0 ms',
    '33 ms',
    '999 ms',
    '1 s',
    '12.3 s',
    '120 s',
    '3 m 20 s',
    '27 m 24 s',
    '1 h 2 m 5 s',
    '2 d 3 h',
    '-1.5 s',
  ]);
  expect(formatAlike([12_540, 12_516], 'duration')).toEqual(['12.54 s', '12.52 s']);
});

test('times carry their zone, days are those of the zone', () => {
  const time = Date.parse('2026-11-20T23:30:00Z');
  expect(formatTime(time)).toBe('2026-11-20 23:30 UTC');
  expect(formatTime(time, 'Asia/Kolkata')).toBe('2026-11-21 05:00 GMT+5:30');
  expect([formatDay(time), formatDay(time, 'Asia/Kolkata')]).toEqual(['2026-11-20', '2026-11-21']);
});

test('runs are named with the beginning of their id', () => {
  expect(formatRun({ id: '1a2b3c4d5e6f', name: 'zealous-duck' })).toBe('`zealous-duck` (1a2b3c4d)');
  expect(formatRun({ id: '1a2b3c4d5e6f', name: '' })).toBe('run 1a2b3c4d');
});
