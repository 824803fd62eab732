import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../../src/query/parse.ts';
import { filterWords, whereText } from '../../../src/tools/resolve/filter-words.ts';
import type { Scope } from '../../../src/tools/resolve/scope.ts';

function said(filter: string, timeZone = 'UTC'): string | undefined {
  const words = filterWords(parseFilter(filter), timeZone);
  return words && `${words.before}runs${words.after}`;
}

describe('a filter in words', () => {
  test.each([
    ["status = 'FAILED'", 'FAILED runs'],
    ["status IN ('FAILED', 'KILLED')", 'FAILED or KILLED runs'],
    ["status != 'FAILED'", 'runs that are not FAILED'],
    ["NOT status = 'FAILED'", 'runs that are not FAILED'],
    ["tags.`mlflow.user` = 'ana'", 'runs by `ana`'],
    ['metrics.`val/f1` > 0.85', 'runs with `val/f1` > 0.85'],
    ['params.lr IS NULL AND params.depth IS NOT NULL', 'runs with no `lr` and `depth`'],
    ["params.model IN ('a', 'b')", 'runs with `model` one of `a`, `b`'],
    ['attributes.duration > 7200000', 'runs with duration > 2 h'],
    [
      "status = 'FAILED' AND params.lr = 0.1 AND start_time >= '2026-11-01' AND start_time < '2026-12-01'",
      'FAILED runs started from 2026-11-01 to 2026-11-30 UTC with `lr` = 0.1',
    ],
  ])('%s', (filter, words) => {
    expect(said(filter)).toBe(words);
  });

  test.each([
    ["start_time >= '2026-11-14' AND start_time < '2026-11-15'", 'runs started on 2026-11-14 UTC'],
    ["start_time >= '2026-11-14'", 'runs started since 2026-11-14 UTC'],
    ["end_time < '2026-11-14'", 'runs ended before 2026-11-14 UTC'],
    [
      "start_time >= '2026-11-14T08:30:00Z' AND start_time < '2026-11-15'",
      'runs started from 2026-11-14 08:30 UTC and before 2026-11-15 00:00 UTC',
    ],
  ])('times: %s', (filter, words) => {
    expect(said(filter)).toBe(words);
  });

  test('whole days are those of the zone that times are shown in', () => {
    const day = "start_time >= '2026-11-13T18:30:00Z' AND start_time < '2026-11-14T18:30:00Z'";
    expect(said(day, 'Asia/Kolkata')).toBe('runs started on 2026-11-14 GMT+5:30');
    expect(said(day)).toContain('from 2026-11-13 18:30 UTC');
  });

  test.each([
    "params.a = '1' OR params.a = '2'",
    "NOT params.a = '1'",
    "status = 'FAILED' AND status != 'KILLED'",
    "status = '<!channel>'",
    "start_time > '2026-11-01' AND start_time >= '2026-11-02'",
    ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => `params.${key} = '1'`).join(' AND '),
  ])('too involved to be said: %s', (filter) => {
    expect(said(filter)).toBeUndefined();
  });

  test('what a figure is about is never the whole store where a filter narrowed it', () => {
    const scope: Scope = { experiments: 'all', ids: undefined, known: [] };
    const one = { id: '1', name: 'churn', lifecycle: 'active', tags: new Map() } as const;
    const churn: Scope = { experiments: [one], ids: ['1'], known: [one] };
    const either = parseFilter('params.a = 1 OR params.a = 2');
    expect(whereText(scope, undefined, 'UTC')).toBe('in the whole store');
    expect(whereText(scope, parseFilter("status = 'FAILED'"), 'UTC')).toBe('among the FAILED runs');
    expect(whereText(scope, either, 'UTC')).toBe('among the runs that match');
    expect(whereText(churn, either, 'UTC')).toBe('among the runs of `churn` that match');
  });
});
