/** What the findings tell of every member of a population: which value, of how many, and of whom where that is known. */
import type { Finding } from '../../finding/finding.ts';
import { isRef, type Ref, refKey, refsOfKind } from '../../finding/refs.ts';
import { type Cell, type Column, holdsThings, type Table } from '../../finding/table.ts';
import { COUNTED } from '../terms/counting.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { unitOf } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { foldKey, foldName } from './fold.ts';
import { statusPopulations } from './populations.ts';
import { labelOwner, type Owner, readLabel, SIDE } from './table-shape.ts';

export interface Member {
  readonly owner?: Owner | undefined;
  /** Undefined: it has none. */
  readonly value: number | string | undefined;
  /** The folded ways to say it: `supported` for `supported (line)`. */
  readonly texts?: readonly string[];
  /** How many it stands for: a row is one, a group is as many as it counts. */
  readonly weight: number;
}

export interface Tally {
  readonly finding: Finding;
  readonly measure: string;
  readonly statistic?: SaidStatistic | undefined;
  /** What is told of: a run, a parameter, a group. */
  readonly unit: string;
  readonly members: readonly Member[];
  readonly size: number;
  /** Whether these are all there are. */
  readonly isWhole: boolean;
  /** Only who has a value is told, and not which. */
  readonly isPresence?: boolean;
}

const KNOWN = new WeakMap<Evidence, readonly Tally[]>();

export function talliesOf(evidence: Evidence): readonly Tally[] {
  const known = KNOWN.get(evidence);
  if (known !== undefined) return known;
  const found = [
    ...evidence.findings.flatMap((finding) => [
      ...finding.data.tables.flatMap((table) => tabled(finding, table)),
      ...worded(finding),
      ...lacking(finding),
    ]),
    ...byStatus(evidence),
    ...oneByOne(evidence),
  ].filter(({ size }) => size > 1);
  KNOWN.set(evidence, found);
  return found;
}

export const sizeOf = (members: readonly Member[]): number => members.reduce((sum, { weight }) => sum + weight, 0);

type Told = Omit<Tally, 'finding' | 'size'>;

const tally = (finding: Finding, told: Told): Tally => ({
  ...told,
  finding,
  members: told.members.map((one) => ({ ...one, texts: textsOf(one.value) })),
  size: sizeOf(told.members),
});

const textsOf = (value: Member['value']): readonly string[] =>
  typeof value !== 'string' || value === '' ? [] : [foldName(value), foldName(value.split(' (', 1)[0]!)];

function tabled(finding: Finding, table: Table): Tally[] {
  const { columns } = table;
  const sides = refsOfKind(finding.subject.refs, 'run');
  if (columns[0]?.key === 'key')
    return columns.some(({ key }) => SIDE.test(key)) ? sideBySide(finding, table, sides) : [];
  const counted = columns.findIndex(({ key, kind }) => kind === 'count' && (key === 'runs' || key === 'count'));
  const things = columns.findIndex(holdsThings);
  const told = columnsOf(finding, table, things);
  if (things >= 0 || counted < 0) return told;
  const grouped = DESCRIBED.test(columns[0]!.key)
    ? presence(finding, table, counted)
    : [groups(finding, table, counted)];
  return [...told, ...grouped];
}

const DESCRIBED = /^(?:metric|param|tag)$/;

/** Each row is a member, each column something that is told of it. */
function columnsOf(finding: Finding, { columns, rows, total }: Table, things: number): Tally[] {
  const unit = things >= 0 ? unitOf(columns[things]!.kind) : (COUNTED.get(columns[0]!.label) ?? 'group');
  const isWhole = rows.length === total;
  return columns.flatMap((column, index) => {
    if (column.kind === 'time' || (index === 0 && things < 0)) return [];
    if (index === things)
      return [tally(finding, { measure: 'name', unit, members: rows.map(namedIn(things)), isWhole })];
    const [statistic, named] = measureOf(finding, column);
    const members = rows.map((row) => ({
      owner: ownerOf(row[Math.max(things, 0)]),
      value: plain(row[index]),
      weight: 1,
    }));
    return [tally(finding, { measure: named, statistic, unit, members, isWhole })];
  });
}

const namedIn =
  (things: number) =>
  (row: readonly Cell[]): Member => {
    const cell = row[things];
    return { owner: ownerOf(cell), value: isRef(cell) ? cell.name : undefined, weight: 1 };
  };

function measureOf({ subject }: Finding, { label, key }: Column): [SaidStatistic | undefined, string] {
  const [statistic, named] = readLabel(label, key);
  return [statistic, named === '' ? foldKey(subject.measure ?? key) : named];
}

const ownerOf = (cell: Cell): Owner | undefined =>
  isRef(cell) ? refKey(cell) : cell === undefined ? undefined : labelOwner(String(cell));

function plain(cell: Cell): number | string | undefined {
  if (cell === undefined) return undefined;
  if (typeof cell === 'number') return cell;
  return isRef(cell) ? refKey(cell) : typeof cell === 'bigint' ? Number(cell) : String(cell);
}

function sideBySide(finding: Finding, { rows, columns }: Table, sides: readonly Ref[]): Tally[] {
  const placed = columns.flatMap(({ key }, index) => {
    const run = sides[Number(SIDE.exec(key)?.[1]) - 1];
    return run === undefined ? [] : [{ index, owner: refKey(run) }];
  });
  return rows.map((row) =>
    tally(finding, {
      measure: foldKey(String(row[0])),
      unit: 'run',
      members: placed.map(({ index, owner }) => ({ owner, value: plain(row[index]), weight: 1 })),
      isWhole: true,
    }),
  );
}

/** `max_depth 4: 73 runs`: of each of the runs its group is told. */
function groups(finding: Finding, { rows, columns, total }: Table, counted: number): Tally {
  return tally(finding, {
    measure: readLabel(columns[0]!.label, columns[0]!.key)[1],
    unit: 'run',
    members: rows.map((row) => ({ value: plain(row[0]), weight: Number(row[counted] ?? 0) })),
    isWhole: rows.length === total,
  });
}

/** `val_loss: 28 runs`, of 29. */
function presence(finding: Finding, { rows }: Table, counted: number): Tally[] {
  return rows.map((row) => hasIt(finding, String(row[0]), finding.coverage.matched - Number(row[counted])));
}

const hasIt = (finding: Finding, key: string, without: number): Tally =>
  tally(finding, {
    measure: foldKey(key),
    unit: 'run',
    members: [
      { value: '', weight: finding.coverage.matched - without },
      { value: undefined, weight: without },
    ],
    isWhole: true,
    isPresence: true,
  });

/** Left out since they were without a value. */
const lacking = (finding: Finding): Tally[] =>
  finding.coverage.excluded.flatMap(({ reason, count }) => {
    const key = /^without `([^`]+)`$/.exec(reason)?.[1];
    return key === undefined ? [] : [hasIt(finding, key, count)];
  });

/** `algorithm` is `gradient_boosting` (104), `random_forest` (33) in 137 runs. */
function worded(finding: Finding): Tally[] {
  return finding.caveats.flatMap(({ text }) => {
    const [, key = '', list = '', whole] =
      /^`([^`]+)` is ((?:`[^`]+` \(\d+\)(?:, )?)+) in (\d+) runs$/.exec(text) ?? [];
    if (whole === undefined) return [];
    const members = Array.from(list.matchAll(/`([^`]+)` \((\d+)\)/g), ([, value = '', count]) => ({
      value,
      weight: Number(count),
    }));
    const all = tally(finding, { measure: foldKey(key), unit: 'run', members, isWhole: true });
    return [{ ...all, isWhole: all.size === Number(whole) }];
  });
}

const byStatus = (evidence: Evidence): Tally[] =>
  statusPopulations(evidence).map(({ finding, byStatus: counts, isWhole }) =>
    tally(finding, {
      measure: 'status',
      unit: 'run',
      members: [...counts].map(([value, weight]) => ({ value, weight })),
      isWhole,
    }),
  );

/** Runs that were looked up one by one. */
function oneByOne({ findings, facts }: Evidence): Tally[] {
  const single = new Set(findings.filter(({ coverage, kind }) => kind === 'record' && coverage.matched === 1));
  const [first] = single;
  if (first === undefined || single.size < 2) return [];
  return [...facts.byMeasure].flatMap(([measure, all]) => {
    const own = all.filter(({ column, owner }) => owner !== undefined && single.has(column.finding));
    const members = [...new Map(own.map(({ owner, value }) => [owner, { owner, value, weight: 1 }])).values()];
    return members.length < single.size ? [] : [tally(first, { measure, unit: 'run', members, isWhole: true })];
  });
}
