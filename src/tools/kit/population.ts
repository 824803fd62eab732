/** Which runs the figures come from, and how many were left out for which reason. */
import { ToolError } from './errors.ts';
import type { Caveat, RunRef } from './finding.ts';
import { countOf, formatCount } from './format.ts';
import type { Measure, Reading } from './measures.ts';
import { scopeName } from './scope.ts';

export interface Selection {
  /** Rows with a finite value that count. */
  readonly rows: readonly number[];
  /** Reason → runs, for `Coverage`. */
  readonly excluded: ReadonlyMap<string, number>;
  /** Rows left out for their status alone, though they have a finite value. */
  readonly unfinished: readonly number[];
  /** RUNNING: no finished run has the measure, so the unfinished ones stand in. */
  readonly statuses: 'FINISHED' | 'RUNNING' | 'any';
  readonly caveats: readonly Caveat[];
}

export interface SelectOptions {
  /** The filter says which statuses are meant: take them all. */
  readonly anyStatus?: boolean | undefined;
  /** Keep runs whose latest value is NaN or ±Infinity: earlier points count. */
  readonly nonFinite?: boolean | undefined;
}

/**
 * Finished leaf runs that have the measure. Where no finished run has it, the running ones; time attributes
 * take every run.
 */
export function selectRuns(reading: Reading, measure: Measure, options: SelectOptions = {}): Selection {
  const { statuses } = reading.columns;
  const { anyStatus = false, nonFinite = false } = options;
  const parents = measure.field.kind === 'attribute' ? new Set<string>() : parentsOfMeasured(reading, measure);
  const counted = keep(reading, measure, parents, nonFinite);
  if (anyStatus || measure.field.kind === 'attribute')
    return { ...counted, unfinished: [], statuses: 'any', caveats: [] };
  const finished = counted.rows.filter((row) => statuses[row] === 'FINISHED');
  const running = counted.rows.filter((row) => statuses[row] === 'RUNNING');
  const standIn = finished.length === 0 && running.length > 0;
  const rows = standIn ? running : finished;
  const unfinished = counted.rows.filter((row) => statuses[row] !== (standIn ? 'RUNNING' : 'FINISHED'));
  const excluded = new Map(counted.excluded);
  if (unfinished.length > 0) excluded.set(standIn ? 'not RUNNING' : 'not FINISHED', unfinished.length);
  const caveats: Caveat[] = standIn
    ? [
        {
          code: 'NOT_FINISHED',
          text: `no finished run has ${measure.label}: these ${countOf(running.length, 'run')} are still RUNNING`,
        },
      ]
    : [];
  return { rows, excluded, unfinished, statuses: standIn ? 'RUNNING' : 'FINISHED', caveats };
}

/** The refusal where no run is left, with what each was left out for. */
export function nothingSelected(reading: Reading, labels: string, { excluded }: Selection): ToolError {
  const reasons = [...excluded].map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
  const runs = countOf(reading.rows.length, 'run');
  const message = `No finished run in ${scopeName(reading.scope)} has a finite ${labels}: of ${runs}, ${reasons || 'none has one'}.`;
  return new ToolError('no_data', message, {
    hint: "Runs of another status count where the filter names it, e.g. attributes.status = 'FAILED'.",
  });
}

type Counted = Pick<Selection, 'rows' | 'excluded'>;

/** A parent repeats what its children have: it is left out when one of them carries the metric. */
function parentsOfMeasured({ nested, columns }: Reading, measure: Measure): ReadonlySet<string> {
  // A filter may have taken the children away; they count all the same.
  const values = nested?.metrics.get(measure.key);
  const [family, has] = nested && values ? [nested, values] : [columns, measure.values];
  return new Set(
    family.parentIds.flatMap((parent, row) => (parent !== undefined && has[row] !== undefined ? [parent] : [])),
  );
}

function keep(reading: Reading, measure: Measure, parents: ReadonlySet<string>, nonFinite: boolean): Counted {
  const excluded = new Map<string, number>();
  const rows = reading.rows.filter((row) => {
    const value = measure.values[row];
    const reason =
      value === undefined
        ? `without ${measure.label}`
        : parents.has(reading.columns.ids[row] ?? '')
          ? 'parent runs'
          : nonFinite || Number.isFinite(value)
            ? undefined
            : String(value);
    if (reason !== undefined) excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
    return reason === undefined;
  });
  return { rows, excluded };
}

/** The run of a row. */
export function runAt(reading: Pick<Reading, 'columns'>, row: number): RunRef {
  return { id: reading.columns.ids[row] ?? '', name: reading.columns.names[row] ?? '' };
}
