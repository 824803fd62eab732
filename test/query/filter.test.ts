/** The filter language: what text means, what is refused and with what advice, what goes to a server. */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { like } from '../../src/mlflow/filter/like.ts';
import { readParamNumber } from '../../src/mlflow/filter/matches.ts';
import type { Filter } from '../../src/query/filter.ts';
import type { RunField } from '../../src/query/kinds/run.ts';
import { FilterError, parseFilter, parseOrder, parseTime } from '../../src/query/parse.ts';
import { printFilter, printOrder, splitForServer } from '../../src/query/print.ts';
import { anyField, anyFilter } from '../support/any-filter.ts';

const f1: RunField = { kind: 'metric', key: 'f1' };
const model: RunField = { kind: 'param', key: 'model' };
const compare = (field: RunField, comparator: '=' | '!=' | '>' | 'like', value: string | number): Filter => ({
  op: 'compare',
  field,
  comparator,
  value,
});

describe('parseFilter', () => {
  test.each<[string, Filter]>([
    ['  ', { op: 'and', of: [] }],
    ['metric.f1 > .5', compare(f1, '>', 0.5)],
    ['metrics."f1" == -1e-3', compare(f1, '=', -0.001)],
    ["parameter.model <> 'it''s'", compare(model, '!=', "it's")],
    ['params.`model` like "%x%"', compare(model, 'like', '%x%')],
    ['params.model = 5', compare(model, '=', 5)],
    ["tags.`a``b` = 'x'", compare({ kind: 'tag', key: 'a`b' }, '=', 'x')],
    ["tags.mlflow.source.name = 'x'", compare({ kind: 'tag', key: 'mlflow.source.name' }, '=', 'x')],
    ['metrics.val/acc-1 > 1', compare({ kind: 'metric', key: 'val/acc-1' }, '>', 1)],
    ["status = 'finished'", compare({ kind: 'attribute', key: 'status' }, '=', 'FINISHED')],
    ["attr.`Run Name` = 'a'", compare({ kind: 'attribute', key: 'run_name' }, '=', 'a')],
    ['created > 17', compare({ kind: 'attribute', key: 'start_time' }, '>', 17)],
    ["start_time > '2026-03-01'", compare({ kind: 'attribute', key: 'start_time' }, '>', Date.UTC(2026, 2, 1))],
    ['metrics.f1 IS NOT NULL', { op: 'not', of: { op: 'null', field: f1 } }],
    [
      "NOT params.model = 'a' AND metrics.f1 > 1 OR metrics.f1 = 0",
      {
        op: 'or',
        of: [
          { op: 'and', of: [{ op: 'not', of: compare(model, '=', 'a') }, compare(f1, '>', 1)] },
          compare(f1, '=', 0),
        ],
      },
    ],
    [
      "params.model NOT IN ('a', 'b')",
      {
        op: 'and',
        of: [
          { op: 'not', of: { op: 'in', field: model, values: ['a', 'b'] } },
          { op: 'not', of: { op: 'null', field: model } },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(parseFilter(text)).toEqual(expected);
  });

  test.each<[string, number, RegExp]>([
    ['accuracy > 0.9', 1, /no run attribute.*metrics\.`accuracy`/],
    ["metrics.f1 > '0.9'", 14, /unquoted number.*metrics\.`f1` > 0\.9/],
    ["params.lr < 'a'", 13, /unquoted.*params\.`lr` < 10/],
    ['status = FINISHED', 10, /quoted value, found FINISHED/],
    ['metrics.f1 > 1 AND', 19, /found the end/],
    ['metrics.f1 > 1 metrics.f2 > 1', 16, /expected AND, OR or the end/],
    ['(metrics.f1 > 1', 16, /expected \)/],
    ["tags.a = 'x", 10, /no closing '/],
    ['metrics.f1 ; 1', 12, /";" has no meaning/],
    ['metrics.f1 IN (1, 2)', 12, /join = conditions with OR/],
    ["start_time > 'yesterday'", 14, /ISO date/],
    ["start_time > '2026-02-30'", 14, /ISO date/],
    ["foo.bar = 'a'", 1, /no prefix/],
    ["datasets.size = 'a'", 1, /no dataset field/],
    [`${'NOT '.repeat(60)}metrics.f1 > 1`, 201, /nested/],
  ])('refuses %s', (text, character, message) => {
    expect(() => parseFilter(text)).toThrow(FilterError);
    expect(() => parseFilter(text)).toThrow(message);
    expect(() => parseFilter(text)).toThrow(`character ${character}:`);
  });

  test('times: UTC unless an offset is given', () => {
    const noon = Date.UTC(2026, 2, 1, 12);
    for (const text of [
      '2026-03-01T12:00',
      '2026-03-01 12:00:00Z',
      '2026-03-01T14:00+02:00',
      '2026-03-01T10:00:00.000-0200',
    ])
      expect(parseTime(text)).toBe(noon);
    for (const text of ['2026-3-1', '1770000000', '2026-13-01', '']) expect(parseTime(text)).toBeUndefined();
  });

  test('orders', () => {
    expect(parseOrder('metrics.`a b` desc')).toEqual({ field: { kind: 'metric', key: 'a b' }, ascending: false });
    expect(parseOrder('start_time')).toEqual({ field: { kind: 'attribute', key: 'start_time' }, ascending: true });
    for (const text of ['metrics.f1 DESC, metrics.f2', 'metrics.f1 up', 'datasets.name', ''])
      expect(() => parseOrder(text)).toThrow(FilterError);
  });
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
// Printing has no negative zero.
const anyNumber = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => value || 0);
const parts = { metrics: anyText, numbers: anyNumber, keys: anyText, texts: anyText };

test('what is printed is read back as the same filter', () => {
  fc.assert(
    fc.property(anyFilter(parts), (filter) => void expect(parseFilter(printFilter(filter))).toEqual(filter)),
    { numRuns: 500 },
  );
});

const hazard = fc
  .array(
    fc.constantFrom(
      '`',
      '``',
      "'",
      "''",
      '"',
      '\\',
      '(',
      ')',
      ',',
      '=',
      ' ',
      'AND',
      'IS NULL',
      '--',
      ';',
      '%',
      '\n',
      'é',
      '🚀',
    ),
    {
      maxLength: 8,
    },
  )
  .map((pieces) => pieces.join(''));

test('so are hazardous keys and values, and times that are printed as dates', () => {
  const anyTime = fc.oneof(
    fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
  );
  const hazards = { metrics: hazard, keys: hazard, texts: hazard, numbers: anyTime.map((value) => value || 0) };
  fc.assert(
    fc.property(anyFilter(hazards), (filter) => void expect(parseFilter(printFilter(filter))).toEqual(filter)),
    { numRuns: 500 },
  );
  expect(printFilter(compare({ kind: 'attribute', key: 'start_time' }, '>', Date.UTC(2026, 2, 1)))).toBe(
    "attributes.start_time > '2026-03-01T00:00:00.000Z'",
  );
});

test('a value as long as a store holds is read back', () => {
  const filter = compare({ kind: 'tag', key: "'`".repeat(120) }, '=', "'".repeat(8_000));
  expect(parseFilter(printFilter(filter))).toEqual(filter);
});

test('orders are read back too', () => {
  const anyOrder = fc.record({
    field: anyField(parts).filter(({ kind }) => kind !== 'dataset'),
    ascending: fc.boolean(),
  });
  fc.assert(fc.property(anyOrder, (order) => void expect(parseOrder(printOrder(order))).toEqual(order)));
});

test('LIKE is the one of SQLite', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA case_sensitive_like = 1');
  const statement = database.prepare('SELECT ? LIKE ? AS result');
  const letters = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '%', '_', '\\', 'é', '𝄞', '\0'), maxLength: 10 });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      expect(like(pattern, text)).toBe(statement.get(text, pattern)?.result === 1);
    }),
    { numRuns: 2_000 },
  );
});

test('LIKE does not blow up on many wildcards', () => {
  const started = performance.now();
  expect(like(`${'%a'.repeat(30)}%b`, 'a'.repeat(20_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('numbers among params', () => {
  for (const [text, value] of [
    ['1e-3', 0.001],
    [' 5 ', 5],
    ['-.5', -0.5],
    ['1.', 1],
  ] as const)
    expect(readParamNumber(text)).toBe(value);
  for (const text of ['', 'None', '0x10', 'nan', 'Infinity', '1,5', '10%', '1 2'])
    expect(readParamNumber(text)).toBeUndefined();
});

describe('splitForServer', () => {
  test.each<[string, string | undefined, string | undefined]>([
    ["metrics.f1 > 0.5 AND params.`a b` = 'x'", "metrics.`f1` > 0.5 AND params.`a b` = 'x'", undefined],
    ["tags.a = 'it''s'", `tags.\`a\` = "it's"`, undefined],
    [`tags.a = 'both '' and "'`, undefined, `tags.\`a\` = 'both '' and "'`],
    ["tags.a LIKE 'a\\%'", undefined, "tags.`a` LIKE 'a\\%'"],
    ["tags.`a``b` = 'x'", undefined, "tags.`a``b` = 'x'"],
    ['params.lr > 0.1 AND metrics.f1 < 1e21', 'metrics.`f1` < 1e21', 'params.`lr` > 0.1'],
    ['metrics.f1 != 0.5', undefined, 'metrics.`f1` != 0.5'],
    ["tags.a LIKE '[x]%' AND tags.a = '[x]'", "tags.`a` = '[x]'", "tags.`a` LIKE '[x]%'"],
    ["metrics.f1 > 1 OR tags.a = 'x'", undefined, "metrics.`f1` > 1 OR tags.`a` = 'x'"],
    ["user_id = 'ana' AND status = 'FAILED'", "attributes.status = 'FAILED'", "attributes.user_id = 'ana'"],
    ['start_time > 5 AND duration > 5', 'attributes.start_time > 5', 'attributes.duration > 5'],
    ['tags.a IS NOT NULL', undefined, 'tags.`a` IS NOT NULL'],
    ['', undefined, undefined],
  ])('%s', (text, server, residual) => {
    const split = splitForServer(parseFilter(text));
    expect(split.server).toBe(server);
    expect(split.residual && printFilter(split.residual)).toBe(residual);
  });
});
