/** Which runs the figures come from, and how many were left out for which reason. */

import { type Exclusion, exclusionsOf } from '../../finding/coverage.ts';
import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import type { Ref } from '../../finding/refs.ts';
import { ToolError } from '../define/errors.ts';
import { namesStatus } from '../resolve/filters.ts';
import type { MeasureColumn, MeasuredRuns } from './measures.ts';
import { parentCaveats, parentsOf } from './parents.ts';

export interface Selection {
  /** Rows with a finite value that count. */
  readonly rows: readonly number[];
  readonly excluded: readonly Exclusion[];
  /** Rows left out for their status alone, though they have a finite value. */
  readonly unfinished: readonly number[];
  /** RUNNING: no finished run has the measure, so the unfinished ones stand in. */
  readonly statuses: 'FINISHED' | 'RUNNING' | 'any';
  readonly caveats: readonly Caveat[];
}

export interface SelectOptions {
  /** Take runs of every status that the filter lets through; default: only where it asks for statuses. */
  readonly anyStatus?: boolean | undefined;
  /** Of durations: leave out parents, which last as long as all their children; default: only said. */
  readonly leavesOnly?: boolean | undefined;
  /** Keep runs whose latest value is NaN or ±Infinity: earlier points count. */
  readonly nonFinite?: boolean | undefined;
}

/**
 * Finished leaf runs that have the measure. Where no finished run has it, the running ones; time attributes
 * take every run.
 */
export function selectRuns(reading: MeasuredRuns, measure: MeasureColumn, options: SelectOptions = {}): Selection {
  const { statuses } = reading.columns;
  const { anyStatus = namesStatus(reading.filter), nonFinite = false, leavesOnly = false } = options;
  if (measure.field.kind === 'attribute') {
    const parents = leavesOnly && measure.columnKind === 'duration' ? parentsOf(reading.nested) : new Set<string>();
    const leaves = keep(reading, measure, parents, nonFinite);
    const counted = leaves.rows.length > 0 ? leaves : keep(reading, measure, new Set(), nonFinite);
    const caveats = measure.columnKind === 'duration' ? parentCaveats(countParentsAmong(reading, counted.rows)) : [];
    return { ...counted, unfinished: [], statuses: 'any', caveats };
  }
  const counted = keep(reading, measure, parentsOfMeasured(reading, measure), nonFinite);
  if (anyStatus) return { ...counted, unfinished: [], statuses: 'any', caveats: [] };
  const finished = counted.rows.filter((row) => statuses[row] === 'FINISHED');
  const running = counted.rows.filter((row) => statuses[row] === 'RUNNING');
  const standIn = finished.length === 0 && running.length > 0;
  const rows = standIn ? running : finished;
  const unfinished = counted.rows.filter((row) => statuses[row] !== (standIn ? 'RUNNING' : 'FINISHED'));
  const reason = standIn ? 'not RUNNING' : 'not FINISHED';
  const others = unfinished.length === 0 ? [] : [{ reason, count: unfinished.length }];
  const caveats: Caveat[] = standIn
    ? [
        {
          code: 'NOT_FINISHED',
          text: `no finished run has ${measure.label}: these ${countOf(running.length, 'run')} are still RUNNING`,
        },
      ]
    : [];
  return {
    rows,
    excluded: [...counted.excluded, ...others],
    unfinished,
    statuses: standIn ? 'RUNNING' : 'FINISHED',
    caveats,
  };
}

/** The refusal where no run is left, with what each was left out for. */
export function nothingSelected(reading: MeasuredRuns, labels: string, { excluded, statuses }: Selection): ToolError {
  const reasons = excluded.map(({ reason, count }) => `${formatCount(count)} ${reason}`).join(', ');
  const runs = countOf(reading.rows.length, 'run');
  const noun = statuses === 'any' ? 'run' : 'finished run';
  const message = `No ${noun} ${reading.where} has a finite ${labels}: of ${runs}, ${reasons || 'none has one'}.`;
  const hint = "Runs of another status count where the filter asks for it, e.g. attributes.status = 'FAILED'.";
  return new ToolError('no_data', message, statuses === 'any' ? {} : { hint });
}

function countParentsAmong({ nested, columns }: MeasuredRuns, rows: readonly number[]): number {
  const parents = parentsOf(nested);
  return rows.filter((row) => parents.has(columns.ids.at(row) ?? '')).length;
}

type Counted = Pick<Selection, 'rows' | 'excluded'>;

/** A parent repeats what its children have: it is left out when one of them carries the metric. */
function parentsOfMeasured({ nested }: MeasuredRuns, { key }: MeasureColumn): ReadonlySet<string> {
  const values = nested.metrics.get(key);
  return parentsOf(nested, (row) => values?.[row] !== undefined);
}

function keep(
  reading: MeasuredRuns,
  measure: MeasureColumn,
  parents: ReadonlySet<string>,
  nonFinite: boolean,
): Counted {
  const counts = new Map<string, number>();
  const rows = reading.rows.filter((row) => {
    const value = measure.values[row];
    const reason =
      value === undefined
        ? `without ${measure.label}`
        : parents.size > 0 && parents.has(reading.columns.ids.at(row) ?? '')
          ? 'parent runs'
          : nonFinite || Number.isFinite(value)
            ? undefined
            : String(value);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return reason === undefined;
  });
  return { rows, excluded: exclusionsOf(counts) };
}

/** The run of a row. */
export function runAt(reading: Pick<MeasuredRuns, 'columns'>, row: number): Ref {
  return { kind: 'run', id: reading.columns.ids.at(row) ?? '', name: reading.columns.names.at(row) ?? '' };
}
