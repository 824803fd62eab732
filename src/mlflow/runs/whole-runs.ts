/** The methods of a store that delivers whole runs: everything but how the runs are come by. */
import type { OrderKey } from '../../query/filter.ts';
import { matches } from '../filter/matches.ts';
import { firstRows } from '../table/order-rows.ts';
import { RunRow, toRuns } from '../table/run-row.ts';
import { LIFECYCLES, type RunRows } from '../table/run-table.ts';
import { takeTurns } from '../take-turns.ts';
import { summarizeRows } from './key-stats.ts';
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
import type { Experiment, Run } from './types.ts';

const PAGE_SIZE = 1_000;

/** Those of some runs that a population means, `experimentIds` being those it names or every active one. */
export async function selectPopulation(
  { table, rows }: RunRows,
  { lifecycle = 'active', filter }: Population,
  experimentIds: readonly string[],
  signal: AbortSignal,
): Promise<RunRows> {
  const { heads, texts } = table;
  const experiments = new Set(experimentIds.map((id) => texts.find(id)));
  const stage = lifecycle === 'all' ? undefined : LIFECYCLES.indexOf(lifecycle);
  const view = new RunRow(table);
  const isMeant = (row: number): boolean => {
    if (!experiments.has(heads.experimentIds.at(row))) return false;
    if (stage !== undefined && heads.lifecycles.at(row) !== stage) return false;
    view.row = row;
    return filter === undefined || matches(filter, view);
  };
  /** Often all are meant: then no list is made. */
  let selected: number[] | undefined;
  const select = (row: number, index: number): void => {
    if (!isMeant(row)) selected ??= rows.slice(0, index);
    else selected?.push(row);
  };
  await takeTurns(rows, select, signal);
  return { table, rows: selected ?? rows };
}

export abstract class WholeRunStore {
  abstract searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]>;
  /** A population: start time descending, then id. */
  protected abstract readPopulation(population: Population, signal: AbortSignal): Promise<RunRows>;

  async countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]> {
    return countRuns(await this.readPopulation(population, signal));
  }

  async keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]> {
    return summarizeRows(await this.readPopulation(population, signal), signal);
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
    const first = await firstRows(runs, order, limit, signal);
    return { runs: toRuns(runs.table, first, projection), matched: runs.rows.length };
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    const { table, rows } = await this.readPopulation(population, signal);
    for (let from = 0; from < rows.length; from += PAGE_SIZE)
      yield toRuns(table, rows.slice(from, from + PAGE_SIZE), projection);
  }

  async columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns> {
    return toColumns(await this.readPopulation(population, signal), projection, signal);
  }

  async lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    const all = await this.searchExperiments({ lifecycle: 'all' }, signal);
    const experiments = all.filter(({ id }) => query.experimentIds?.includes(id) ?? true);
    const experimentIds = experiments.map(({ id }) => id);
    const runs = await this.readPopulation({ experimentIds, lifecycle: 'all' }, signal);
    const activeIds = experiments.filter(({ lifecycle }) => lifecycle === 'active').map(({ id }) => id);
    return findNames(query, runs, await selectPopulation(runs, {}, activeIds, signal), signal);
  }
}
