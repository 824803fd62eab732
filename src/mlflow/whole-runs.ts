/** The methods of a store that delivers whole runs: everything but how the runs are come by. */
import type { OrderKey } from './filter/ast.ts';
import { matches } from './filter/matches.ts';
import { compareRuns } from './filter/order.ts';
import { summarizeKeys } from './key-stats.ts';
import { projectRun } from './project-run.ts';
import { toColumns } from './run-columns.ts';
import { countRuns } from './run-counts.ts';
import { findNames } from './run-names.ts';
import type {
  ExperimentQuery,
  KeyStats,
  LookupQuery,
  LookupResult,
  Population,
  Projection,
  RunColumns,
  RunCount,
} from './tracking-store.ts';
import type { Experiment, MetricPoint, Run } from './types.ts';

const PAGE_SIZE = 1_000;

/** Those of `runs` that a population means, `experimentIds` being those it names or every active one. */
export function selectPopulation(
  runs: readonly Run[],
  { lifecycle = 'active', filter }: Population,
  experimentIds: readonly string[],
): Run[] {
  const ids = new Set(experimentIds);
  return runs.filter(
    (run) =>
      ids.has(run.experimentId) &&
      (lifecycle === 'all' || run.lifecycle === lifecycle) &&
      (filter === undefined || matches(filter, run)),
  );
}

/** Points of one step and time keep the order they came in. */
export function compareByStep(a: MetricPoint, b: MetricPoint): number {
  return a.step < b.step ? -1 : a.step > b.step ? 1 : a.timestamp - b.timestamp;
}

export abstract class WholeRunStore {
  abstract searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]>;
  /** A population in a list of its own: start time descending, then id; everything projected. */
  protected abstract readPopulation(population: Population, signal: AbortSignal): Promise<Run[]>;

  async countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]> {
    return countRuns(await this.readPopulation(population, signal));
  }

  async keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]> {
    const everything = { metrics: 'all', params: 'all', tags: 'all' } as const;
    return summarizeKeys(toColumns(await this.readPopulation(population, signal), everything));
  }

  /** `matched` needs every run, so the order is found here too, over all of them. */
  async topRuns(
    population: Population,
    order: readonly OrderKey[],
    limit: number,
    projection: Projection,
    signal: AbortSignal,
  ): Promise<{ readonly runs: Run[]; readonly matched: number }> {
    const runs = await this.readPopulation(population, signal);
    const top = order.length === 0 ? runs : runs.sort(compareRuns(order));
    return { runs: top.slice(0, limit).map((run) => projectRun(run, projection)), matched: runs.length };
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    const runs = await this.readPopulation(population, signal);
    for (let from = 0; from < runs.length; from += PAGE_SIZE)
      yield runs.slice(from, from + PAGE_SIZE).map((run) => projectRun(run, projection));
  }

  async columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns> {
    return toColumns(await this.readPopulation(population, signal), projection);
  }

  async lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    const experiments = await this.searchExperiments({ lifecycle: 'all' }, signal);
    const experimentIds = experiments.map(({ id }) => id);
    const runs = await this.readPopulation({ experimentIds, lifecycle: 'all' }, signal);
    const active = new Set(experiments.filter(({ lifecycle }) => lifecycle === 'active').map(({ id }) => id));
    return findNames(query, runs, (run) => run.lifecycle === 'active' && active.has(run.experimentId));
  }
}
