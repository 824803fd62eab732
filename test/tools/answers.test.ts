/** A capability answers a query whole or not at all: no part of one is dropped without a word. */
import { describe, expect, it } from 'vitest';
import type { Query } from '../../src/query/query.ts';
import { tools } from '../../src/tools/index.ts';

const RUNS: Query = { verb: 'list', from: { kind: 'run', scope: {} }, measure: [], by: [] };
const F1 = { kinds: ['metric'], key: 'f1' };
const LR = { kinds: ['param'], key: 'lr' };
const named = (...names: readonly string[]): Query['from'] => ({ kind: 'run', scope: { named: names } });

/** A query of each verb that some tool answers, by the tool that does. */
const ANSWERED: Readonly<Record<string, Query>> = {
  list_experiments: { ...RUNS, from: { kind: 'experiment', scope: {} } },
  describe_experiment: { ...RUNS, verb: 'describe', from: { kind: 'experiment', scope: { named: ['1'] } } },
  find_runs: RUNS,
  'find_runs, counting': { ...RUNS, verb: 'count', by: [LR] },
  'find_runs, sharing': {
    ...RUNS,
    verb: 'share',
    from: RUNS,
    where: { op: 'null', field: { kind: 'metric', key: 'f1' } },
  },
  rank_runs: { ...RUNS, verb: 'rank', measure: [F1], order: { end: 'best' } },
  summarize_metrics: { ...RUNS, verb: 'summarize', measure: [F1] },
  get_run: { ...RUNS, verb: 'detail', from: named('a') },
  compare_runs: { ...RUNS, verb: 'compare', from: named('a', 'b') },
  get_metric_history: { ...RUNS, verb: 'history', from: named('a'), measure: [F1] },
  'get_metric_history, diagnosing': { ...RUNS, verb: 'diagnose', diagnosis: 'diverged' },
  analyze_parameter_impact: { ...RUNS, verb: 'impact', measure: [F1] },
  'analyze_parameter_impact, correlating': { ...RUNS, verb: 'correlate', measure: [F1, LR] },
};

const scoped = (query: Query, scope: object): Query =>
  'verb' in query.from
    ? { ...query, from: scoped(query.from, scope) }
    : { ...query, from: { ...query.from, scope: { ...query.from.scope, ...scope } } };

/** One more part each, none of which may be lost. */
const PARTS: Readonly<Record<string, (query: Query) => Query>> = {
  experiment: (query) => scoped(query, { experiments: ['7'] }),
  lifecycle: (query) => scoped(query, { lifecycle: 'deleted' }),
  where: (query) => ({ ...query, where: { op: 'null', field: { kind: 'tag', key: 'team' } } }),
  'another measure': (query) => ({ ...query, measure: [...query.measure, { kinds: ['metric'], key: 'auc' }] }),
  aggregate: (query) => ({ ...query, aggregate: 'p95' }),
  diagnosis: (query) => ({ ...query, diagnosis: 'plateau' }),
  'another group': (query) => ({ ...query, by: [...query.by, { kinds: ['tag'], key: 'team' }] }),
  order: (query) => ({ ...query, order: { end: 'lowest', by: { kinds: ['param'], key: 'depth' } } }),
  limit: (query) => ({ ...query, limit: 3 }),
  place: (query) => ({ ...query, place: 2 }),
  columns: (query) => ({ ...query, output: { columns: [{ kinds: ['tag'], key: 'team' }] } }),
  population: (query) => ({ ...query, from: { ...RUNS, from: query.from, limit: 5 } }),
};

describe.each(Object.entries(ANSWERED))('%s', (name, query) => {
  const tool = tools.find((one) => one.name === name.split(',')[0]);

  it('answers its query with an input that it takes', () => {
    expect(tool?.verbs).toContain(query.verb);
    expect(tool?.parse(tool.answers(query))).toMatchObject({ ok: true });
  });

  it.each(Object.entries(PARTS))('with one part more says so or declines: %s', (_, add) => {
    const before = JSON.stringify(tool?.answers(query));
    const after = tool?.answers(add(query));
    if (after !== undefined) expect(JSON.stringify(after)).not.toBe(before);
  });
});
