/** Typed queries: what answers them, what they say of themselves, and what none can make of them. */
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../src/query/kinds/index.ts';
import { inputSchemaOf } from '../../../src/surfaces/mcp/inputs.ts';
import { publishedQuery } from '../../../src/surfaces/mcp/published-query.ts';
import { createQuerySchema } from '../../../src/surfaces/mcp/query-schema.ts';
import { dataOf, isError, openSession, textOf } from './connect.ts';

const RUNS = { kind: 'run' };
const CHURN = { kind: 'run', scope: { experiments: ['churn-prediction'] } };
const F1 = { kinds: ['metric'], key: 'f1_score' };
const FAILED = { op: 'compare', field: { kind: 'attribute', key: 'status' }, comparator: '=', value: 'FAILED' };

const ask = async (query: unknown) => {
  await using session = await openSession();
  return await session.client.callTool({ name: 'query', arguments: query as Record<string, unknown> });
};

/** References followed, as far down as this: two ways of writing the same. */
const MOST_LEVELS = 12;
function plain(schema: unknown, root: Record<string, unknown>, level = 0): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, $defs, ...rest } = schema as { $ref?: string; $defs?: unknown };
  if ($ref !== undefined) {
    const { [$ref.replace('#/$defs/', '')]: named = root } = root.$defs as Record<string, unknown>;
    return plain(named, root, level);
  }
  if (level > MOST_LEVELS) return '…';
  if (Array.isArray(schema)) return schema.map((one) => plain(one, root, level + 1));
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, plain(value, root, level + 1)]));
}

it('is published as it is checked', () => {
  const [published, checked] = [publishedQuery(KINDS), inputSchemaOf(createQuerySchema(KINDS))];
  expect(plain(published, published)).toEqual(plain(checked, checked));
});

describe('answers', () => {
  it.each([
    ['rank_runs', { verb: 'rank', from: RUNS, measure: [F1], order: { end: 'best' }, limit: 3 }],
    ['find_runs', { verb: 'list', from: CHURN, where: FAILED }],
    [
      'find_runs',
      { verb: 'count', from: CHURN, where: { op: 'not', of: FAILED }, by: [{ kinds: ['param'], key: 'algorithm' }] },
    ],
    ['find_runs', { verb: 'share', from: { verb: 'list', from: CHURN }, where: FAILED }],
    ['summarize_metrics', { verb: 'summarize', from: CHURN, measure: [F1], aggregate: 'p90' }],
    ['get_run', { verb: 'detail', from: { kind: 'run', scope: { named: ['run-017'] } } }],
    ['compare_runs', { verb: 'compare', from: { kind: 'run', scope: { named: ['run-145', 'run-009'] } } }],
    [
      'get_metric_history',
      {
        verb: 'history',
        from: { kind: 'run', scope: { named: ['run-017'] } },
        measure: [{ kinds: ['metric'], key: 'training_loss' }],
      },
    ],
    ['analyze_parameter_impact', { verb: 'impact', from: CHURN, measure: [F1] }],
    ['list_experiments', { verb: 'list', from: { kind: 'experiment' } }],
    ['describe_experiment', { verb: 'describe', from: { kind: 'experiment', scope: { named: ['churn-prediction'] } } }],
  ])('%s: %j', async (tool, query) => {
    const result = await ask(query);
    expect(isError(result), textOf(result)).toBe(false);
    expect(dataOf<{ findings: { tool: string }[] }>(result).findings.map((one) => one.tool)).toEqual([tool]);
  });

  it('asks of what another query picks', async () => {
    const from = { verb: 'rank', from: CHURN, measure: [F1], order: { end: 'best' }, limit: 2 };
    const result = await ask({ verb: 'compare', from });
    expect(textOf(result)).toMatch(/^From `run-145` .* to `run-009`/);
    expect(dataOf<{ findings: unknown[] }>(result).findings).toHaveLength(2);
  });
});

describe('refuses in one line', () => {
  it.each([
    [
      'a part that none answers',
      { verb: 'rank', from: RUNS, measure: [F1], by: [F1] },
      /no capability answers this "rank" of runs.*without "by"/,
    ],
    [
      'a verb that a kind has not',
      { verb: 'rank', from: { kind: 'experiment' } },
      /"rank" is nothing to ask of experiments; .*list, describe/,
    ],
    ['SQL', { sql: 'SELECT * FROM runs' }, /Unrecognized key: "sql"/],
    ['SQL as a filter', { verb: 'list', from: RUNS, where: "status = 'FAILED'" }, /^where: /],
    [
      'a key that is misspelt',
      { verb: 'list', from: { kind: 'run', scope: { experiment: 'x' } } },
      /^from\.scope: Unrecognized key: "experiment"$/,
    ],
    ['a verb that is misspelt, within', { verb: 'share', from: { verb: 'lst', from: RUNS } }, /^from\.verb: /],
    [
      'an attribute that is none',
      { verb: 'list', from: RUNS, where: { op: 'null', field: { kind: 'attribute', key: 'start' } } },
      /have no attribute "start"; nearest: start_time/,
    ],
    [
      'text of a filter as an attribute',
      {
        verb: 'list',
        from: RUNS,
        where: { op: 'null', field: { kind: 'attribute', key: "status = 'a' OR metrics.f1" } },
      },
      /have no attribute "status = 'a' OR metrics\.f1"/,
    ],
    [
      'text of an order as an attribute',
      { verb: 'list', from: RUNS, order: { end: 'highest', by: { kinds: ['attribute'], key: 'start_time DESC, x' } } },
      /its name is a word/,
    ],
    [
      'fields of other things',
      { verb: 'list', from: { kind: 'experiment' }, where: { op: 'null', field: { kind: 'metric', key: 'f1' } } },
      /have no metric; they have attribute, tag/,
    ],
    ['a step where nothing is measured', { verb: 'count', from: RUNS, by: [{ ...F1, step: 3 }] }, /only a measure/],
    ['a list of NOT', { verb: 'list', from: RUNS, where: { op: 'not', of: [FAILED] } }, /^where/],
    [
      'an unknown metric',
      { verb: 'rank', from: RUNS, measure: [{ kinds: ['metric'], key: 'perplexity' }] },
      /No metric `perplexity`/,
    ],
  ])('%s', async (_, query, words) => {
    const result = await ask(query);
    expect([isError(result), textOf(result)]).toEqual([true, expect.stringMatching(words)]);
    expect(textOf(result)).not.toContain('\n');
  });

  it('what is nested too deep', async () => {
    let where: unknown = FAILED;
    for (let level = 0; level < 200; level++) where = { op: 'not', of: where };
    expect(textOf(await ask({ verb: 'list', from: RUNS, where }))).toBe('the input is nested deeper than 32 levels');
  });

  it('more than anybody means', async () => {
    const result = await ask({
      verb: 'list',
      from: RUNS,
      where: { op: 'in', field: { kind: 'tag', key: 'a' }, values: Array(20_000).fill('x') },
    });
    expect([isError(result), textOf(result)]).toEqual([true, expect.stringMatching(/more than the maximum of 10000/)]);
  });
});

it('takes names and values as they are, whatever they hold', async () => {
  const hostile = "x') OR 1=1 -- ` OR metrics.`f1` > 0";
  for (const where of [
    { op: 'compare', field: { kind: 'param', key: 'algorithm' }, comparator: '=', value: hostile },
    { op: 'in', field: { kind: 'tag', key: hostile }, values: [hostile, '%'] },
    { op: 'compare', field: { kind: 'metric', key: hostile }, comparator: '>', value: 0 },
  ]) {
    const result = await ask({ verb: 'count', from: CHURN, where });
    const counted = isError(result)
      ? 0
      : dataOf<{ findings: { coverage: { matched: number } }[] }>(result).findings[0]?.coverage.matched;
    expect(counted).toBe(0);
  }
});
