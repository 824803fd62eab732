/** What a ranking compares: the last value of each run, the best step of each run, or the mean of runs that differ by seed only. */
import { mean, variance } from '../../analysis/describe.ts';
import { groupReplicates, isSeedLike } from '../../analysis/params.ts';
import type { TextColumn } from '../../mlflow/table/text-column.ts';
import type { ToolContext } from '../define/context.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';

export type ValueVariant = 'last' | 'best_step' | 'mean_over_seeds';

export interface Candidate {
  /** Of its run, or of the first run of its configuration. */
  readonly id: string;
  readonly value: number | undefined;
  readonly row: number;
  /** Rows that a mean comes from. */
  readonly rows?: readonly number[];
  readonly step?: number | bigint;
  readonly sd?: number | undefined;
}

/** A run by its latest value. Its id is made when it is asked for: of many runs few are. */
class LastValue implements Candidate {
  readonly value: number | undefined;
  readonly row: number;
  readonly #ids: TextColumn;

  constructor(ids: TextColumn, value: number | undefined, row: number) {
    this.#ids = ids;
    this.value = value;
    this.row = row;
  }

  get id(): string {
    return this.#ids.at(this.row) ?? '';
  }
}

/** One candidate per run, by its latest value. */
export function lastValues(reading: MeasuredRuns, measure: MeasureColumn, rows: readonly number[]): Candidate[] {
  return rows.map((row) => new LastValue(reading.columns.ids, measure.values[row], row));
}

/** One candidate per run, by the best finite point of its whole history. */
export async function bestSteps(
  context: ToolContext,
  reading: MeasuredRuns,
  measure: MeasureColumn,
  rows: readonly number[],
  direction: 'higher' | 'lower',
): Promise<Candidate[]> {
  const sign = direction === 'higher' ? 1 : -1;
  const byId = new Map(rows.map((row) => [reading.columns.ids.at(row) ?? '', row]));
  const candidates: Candidate[] = [];
  for await (const series of context.store.metricHistory([...byId.keys()], [measure.key], context.signal)) {
    const row = byId.get(series.runId);
    if (row === undefined) continue;
    let best: (typeof series.points)[number] | undefined;
    for (const point of series.points) {
      if (Number.isFinite(point.value) && (best === undefined || sign * (point.value - best.value) > 0)) best = point;
    }
    candidates.push({ id: series.runId, value: best?.value, row, ...(best && { step: best.step }) });
  }
  return candidates;
}

/** One candidate per configuration: the mean over runs whose params differ in seeds and identifiers only. */
export function meansOverSeeds(reading: MeasuredRuns, measure: MeasureColumn, rows: readonly number[]): Candidate[] {
  const params = new Map(
    [...reading.columns.params].map(([key, values]) => [key, rows.map((row) => values[row])] as const),
  );
  const groupOf = groupReplicates(params, rows.length);
  const groups = Map.groupBy(rows.entries(), ([i]) => groupOf[i]);
  return [...groups.values()].map((entries) => {
    const members = entries.map(([, row]) => row);
    const values = members.map((row) => measure.values[row] ?? Number.NaN);
    const row = members[0] ?? 0;
    const sd = values.length > 1 ? Math.sqrt(variance(values)) : undefined;
    return { id: reading.columns.ids.at(row) ?? '', value: mean(values), row, rows: members, sd };
  });
}

/** Params that tell configurations apart, by what the rows have for them. */
export function configurationKeys(reading: MeasuredRuns, rows: readonly number[]): string[] {
  return [...reading.columns.params]
    .filter(([key, values]) => !isSeedLike(key) && new Set(rows.map((row) => values[row])).size > 1)
    .map(([key]) => key);
}
