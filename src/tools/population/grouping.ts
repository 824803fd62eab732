/** Splits rows by experiment, status, day, param or tag. */

import type { Caveat } from '../../finding/finding.ts';
import { formatDay } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Ref } from '../../finding/refs.ts';
import type { ColumnKind } from '../../finding/table.ts';
import type { Projection, RunColumns, RunCount } from '../../mlflow/runs/tracking-store.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { parseKey, printKey, resolveKey } from '../resolve/keys.ts';
import { experimentRef, type Scope } from '../resolve/scope.ts';
import type { MeasuredRuns } from './measures.ts';

export interface Group {
  /** Undefined: the rows that lack the key. */
  readonly label: string | undefined;
  /** Where a group is all of one thing: that, by its label. */
  readonly ref?: Ref | undefined;
  readonly rows: readonly number[];
}

export interface Grouping {
  /** As said after "by": `status`, a quoted key. */
  readonly name: string;
  readonly key: string;
  /** The key without its kind, as a column's heading. */
  readonly heading: string;
  readonly kind: ColumnKind;
  /** In the order of their labels: numbers by size, days by date, the rest by text; what lacks the key last. */
  readonly groups: readonly Group[];
}

const BUILT_IN = ['experiment', 'status', 'day', 'week', 'month'] as const;
const PERIODS: ReadonlySet<string> = new Set(['day', 'week', 'month']);
type BuiltIn = (typeof BUILT_IN)[number];

const builtInOf = (asked: string): BuiltIn | undefined => BUILT_IN.find((name) => name === asked.trim().toLowerCase());

/** What has to be read to group by a key. */
export function groupProjection(asked: string): Projection {
  const { kind, key } = parseKey(asked);
  if (builtInOf(asked) !== undefined) return {};
  return { ...(kind !== 'tag' && { params: [key] }), ...(kind !== 'param' && { tags: [key] }) };
}

/** The param or tag that a key means, where nobody logged it as it stands. @throws ToolError as `resolveKey`. */
export async function mendGroupKey(
  context: ToolContext,
  scope: Scope,
  asked: string,
): Promise<{ key: string; caveat?: Caveat }> {
  const { kind, key } = parseKey(asked);
  if (kind === 'metric' || kind === 'attribute')
    throw new ToolError('unsupported', `Runs cannot be grouped by ${quoteName(asked)}.`, {
      hint: 'Group by experiment, status, day, week, month, params.<key> or tags.<key>.',
    });
  const meant = kind === 'tag' ? 'tag' : 'param';
  const resolved = await resolveKey(context, scope, meant, key);
  return { ...resolved, key: printKey(resolved.key, meant) };
}

/** Groups rows, or undefined where no row has the key. */
export function groupRows(
  reading: Grouped,
  rows: readonly number[],
  asked: string,
  timeZone: string,
): Grouping | undefined {
  const builtIn = builtInOf(asked);
  if (builtIn === 'experiment') return groupExperiments(reading, rows);
  if (builtIn !== undefined) {
    const labels = {
      status: statusLabel,
      day: periodLabel((day) => day),
      week: periodLabel(weekOf),
      month: periodLabel((day) => day.slice(0, 7)),
    }[builtIn](reading, timeZone);
    const kind = builtIn === 'status' ? builtIn : 'text';
    return { name: builtIn, key: builtIn, heading: builtIn, kind, groups: groupsOf(rows, labels) };
  }
  const { key } = parseKey(asked);
  for (const { kind, values } of groupColumns(reading.columns, asked)) {
    if (rows.some((row) => values[row] !== undefined))
      return {
        name: quoteName(key),
        key: `${kind}s.${key}`,
        heading: key,
        kind,
        groups: groupsOf(rows, (row) => values[row]),
      };
  }
  return undefined;
}

/** Groups by experiment or status without reading a run; undefined where it is grouped by anything else. */
export function groupCounted(scope: Scope, counts: readonly RunCount[], asked: string) {
  const builtIn = builtInOf(asked);
  if (builtIn !== 'experiment' && builtIn !== 'status') return undefined;
  const isStatus = builtIn === 'status';
  const members = Map.groupBy(counts, ({ experimentId, status }) => (isStatus ? status : experimentId));
  const groups = Array.from(members, ([text, all]) => ({
    ...(isStatus ? { label: text } : labelled(experimentRef(scope, text))),
    count: all.reduce((sum, { count }) => sum + count, 0),
  }));
  return { name: builtIn, key: builtIn, heading: builtIn, kind: builtIn, groups: groups.sort(byLabel) };
}

/** The param, else the tag, that a key may mean. */
function groupColumns(columns: RunColumns, asked: string) {
  const { kind, key } = parseKey(asked);
  const kinds = (['param', 'tag'] as const).filter((one) => kind === undefined || kind === one);
  return kinds.map((one) => ({ kind: one, values: columns[`${one}s`].get(key) ?? [] }));
}

/** Whether a run has the param or tag that runs are grouped by: one without it cannot settle what is meant. */
export function hasGroupKey(asked: string): ((columns: RunColumns) => (row: number) => boolean) | undefined {
  if (builtInOf(asked) !== undefined) return undefined;
  return (columns) => {
    const keyed = groupColumns(columns, asked);
    return (row) => keyed.some(({ values }) => values[row] !== undefined);
  };
}

type Label = (row: number) => string | undefined;
type Grouped = Pick<MeasuredRuns, 'scope' | 'columns'>;

const statusLabel =
  ({ columns }: Grouped): Label =>
  (row) =>
    columns.statuses[row];
/** Beyond it no calendar has days: a store's times may be any number. */
const LAST_TIME = 8.64e15;

/** By the day of a run's start, or what that day belongs to. */
const periodLabel =
  (periodOf: (day: string) => string) =>
  ({ columns }: Grouped, timeZone: string): Label =>
  (row) => {
    const start = columns.startTimes[row];
    if (start === undefined) return undefined;
    return Math.abs(start) <= LAST_TIME ? periodOf(formatDay(start, timeZone)) : 'no calendar day';
  };

const DAY_MS = 86_400_000;

/** The Monday of a day's week. */
function weekOf(day: string): string {
  const time = Date.parse(day);
  return formatDay(time - ((new Date(time).getUTCDay() + 6) % 7) * DAY_MS);
}

function groupsOf(rows: readonly number[], label: Label): Group[] {
  const groups = [...Map.groupBy(rows, label)].map(([text, members]) => ({ label: text, rows: members }));
  return groups.sort(byLabel);
}

const labelled = (ref: Ref) => ({ label: ref.name, ref });

function groupExperiments({ scope, columns }: Grouped, rows: readonly number[]): Grouping {
  const members = Map.groupBy(rows, (row) => columns.experimentIds[row] ?? '');
  const groups = Array.from(members, ([id, own]) => ({ ...labelled(experimentRef(scope, id)), rows: own }));
  const name = 'experiment';
  return { name, key: name, heading: name, kind: name, groups: groups.sort(byLabel) };
}

/** Whether every label is a number, so that their own order says more than that of their values. */
export function isOrdered({
  key,
  groups,
}: Pick<Grouping, 'key'> & { readonly groups: readonly Pick<Group, 'label'>[] }): boolean {
  return PERIODS.has(key) || groups.every(({ label }) => label === undefined || isNumeric(label));
}

const isNumeric = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

function byLabel({ label: a }: Pick<Group, 'label'>, { label: b }: Pick<Group, 'label'>): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
