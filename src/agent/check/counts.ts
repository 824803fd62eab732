/** How many of what the findings count: runs matched, used and left out, rows of tables, rows that say the same. */

import type { Finding } from '../../finding/finding.ts';
import { pluralOf } from '../../finding/format.ts';
import { isRef, refKey } from '../../finding/refs.ts';
import { holdsThings, type Table } from '../../finding/table.ts';
import { COUNTED } from '../terms/counting.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { foldKey, foldName } from './fold.ts';
import { saidGroups } from './said-groups.ts';
import { labelOwner, type Owner } from './table-shape.ts';

export interface Count {
  readonly value: number;
  /** Singular noun as `COUNTED` has it; undefined where anything may be meant. */
  readonly unit: string | undefined;
  /** What tells it from others: `matched`, `used`, `excluded`, a status, a folded value or label, words of a reason. */
  readonly tags: ReadonlySet<string>;
  readonly owner?: Owner | undefined;
  readonly finding: Finding;
}

export function countsOf(finding: Finding): Count[] {
  const { coverage, data } = finding;
  const unit = unitOf(coverage.unit);
  const counts: Count[] = [];
  const add = (value: number, tags: readonly string[], of: string | undefined = unit, owner?: Owner) =>
    counts.push({ value, unit: of, tags: new Set(tags), owner, finding });
  const whole = coverage.matched === coverage.considered;
  add(coverage.matched, whole ? ['matched', 'used'] : ['matched']);
  if (!whole) {
    add(coverage.considered, ['used', 'FINISHED']);
    add(coverage.matched - coverage.considered, ['excluded']);
  }
  for (const { reason, count } of coverage.excluded) add(count, ['excluded', ...reasonTags(reason)]);
  if (coverage.scope !== 'all') add(coverage.scope.length, ['scope'], coverage.scope[0]?.kind ?? coverage.within);
  for (const table of data.tables) addTable(table, add);
  for (const { key, groups } of saidGroups(finding)) {
    for (const { label, count } of groups) add(count, [foldName(label)], unit, labelOwner(label));
    add(groups.length, ['distinct'], unitOf(key));
    add(
      groups.reduce((sum, { count }) => sum + count, 0),
      ['matched', 'sum'],
    );
  }
  add(data.tables.length, [], 'table');
  const series = data.series ?? [];
  if (series.length > 0) add(series.length, ['shown'], 'curve');
  for (const { of, logged } of series) add(logged, [], 'point', refKey(of));
  const runs = finding.subject.refs.filter(({ kind }) => kind === coverage.unit).length;
  if (runs > 0) add(runs, ['shown']);
  return counts;
}

export const unitOf = (noun: string): string => COUNTED.get(noun) ?? COUNTED.get(pluralOf(noun)) ?? noun;

function reasonTags(reason: string): string[] {
  return reason.split(/[\s`]+/).flatMap((word) => {
    const status = STATUS_WORDS.get(word.toLowerCase());
    return [foldKey(word), ...(status === undefined ? [] : [/\bnot\b/.test(reason) ? `not ${status}` : status])];
  });
}

type Add = (value: number, tags: readonly string[], unit?: string, owner?: Owner) => void;

function addTable(table: Table, add: Add): void {
  const { columns, rows, total } = table;
  const things = columns.findIndex((column) => holdsThings(column));
  const first = columns[things >= 0 ? things : 0];
  const unit = rowUnit(table);
  const measured = columns.filter(({ kind }) => kind === 'metric').length;
  if (measured > 1) add(measured, ['shown'], 'metric');
  if (rows.length !== total) add(total - rows.length, ['rest'], unit);
  add(rows.length, ['shown'], unit);
  add(total, rows.length === total ? ['listed', 'shown', 'matched', 'used'] : ['listed', 'matched', 'used'], unit);
  if (columns[0]?.key === 'key') for (const row of rows) addAcross(row, add);
  for (const [index, column] of columns.entries()) {
    const cells = rows.map((row) => row[index]);
    if (column.kind === 'count') {
      const all =
        rows.length === total && (column.key === 'count' || column.key === 'runs')
          ? cells.reduce((sum: number, cell) => sum + Number(cell ?? 0), 0)
          : 0;
      const empty = cells.filter((cell) => Number(cell) === 0).length;
      if (empty > 0) {
        add(empty, ['shown', 'empty'], unit);
        add(cells.length - empty, ['shown'], unit);
      }
      for (const [place, cell] of cells.entries()) {
        if (typeof cell !== 'number' && typeof cell !== 'bigint') continue;
        const owner = rows[place]?.[columns.indexOf(first!)];
        const label = isRef(owner) ? owner.name : String(owner ?? '');
        const tags = [
          foldName(label),
          ...statusTags(label),
          ...(column.key === 'count' || column.key === 'runs' ? [] : [foldKey(column.label)]),
        ];
        add(Number(cell), tags, countUnit(column.key, column.label), isRef(owner) ? refKey(owner) : labelOwner(label));
        if (all > 0 && place === 0) add(all, ['matched', 'sum'], countUnit(column.key, column.label));
        if (all > 0)
          add(
            all - Number(cell),
            ['rest', `not ${foldName(label)}`, ...statusTags(label).map((status) => `not ${status}`)],
            countUnit(column.key, column.label),
          );
      }
      continue;
    }
    addTies(cells, unit, add);
    const tally = new Map<string, number>();
    for (const cell of cells) {
      if (cell === undefined || typeof cell === 'number' || typeof cell === 'bigint') continue;
      const said = isRef(cell) ? cell.name : String(cell);
      tally.set(said, (tally.get(said) ?? 0) + 1);
    }
    for (const [said, count] of tally) add(count, ['shown', foldName(said), ...statusTags(said)], unit);
    for (const [word, count] of tallyFirstWords(tally)) add(count, ['shown', word], unit);
    if (tally.size > 0) add(tally.size, ['distinct'], unitOf(column.label));
    const missing = cells.filter((cell) => cell === undefined).length;
    if (missing > 0) add(missing, ['shown', 'without', foldKey(column.label)], unit);
    const given = cells.length - missing;
    if (missing > 0 && given > 0) add(given, ['shown', foldKey(column.label)], unit);
  }
}

/** `strong (levels)` is strong. */
function tallyFirstWords(tally: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const [said, count] of tally) {
    const word = /^([a-z]+) \(/.exec(said)?.[1];
    if (word !== undefined) words.set(word, (words.get(word) ?? 0) + count);
  }
  return words;
}

/** `five of them share 0.951807`. */
function addTies(cells: readonly unknown[], unit: string | undefined, add: Add): void {
  const numbers = cells.filter((cell) => typeof cell === 'number');
  const tally = new Map<number, number>();
  for (const number of numbers) tally.set(number, (tally.get(number) ?? 0) + 1);
  if (tally.size === numbers.length) return;
  for (const count of tally.values()) if (count > 1) add(count, ['shown', 'tied'], unit);
}

/** Of runs side by side: how many of them have which value. */
function addAcross(row: readonly unknown[], add: Add): void {
  const tally = new Map<string, number>();
  for (const cell of row.slice(1)) if (typeof cell === 'string') tally.set(cell, (tally.get(cell) ?? 0) + 1);
  for (const [value, count] of tally) add(count, ['shown', foldName(value)], 'run');
}

const statusTags = (label: string): string[] => {
  const status = STATUS_WORDS.get(label.toLowerCase());
  return status === undefined ? [] : [status];
};

const countUnit = (key: string, label: string): string | undefined =>
  key === 'count' || key === 'runs' || key === 'n'
    ? 'run'
    : (COUNTED.get(label) ?? COUNTED.get(key) ?? (key === 'distinct' ? 'value' : undefined));

function rowUnit({ columns, title }: Table): string | undefined {
  const things = columns.find((column) => holdsThings(column));
  if (things !== undefined) return unitOf(things.kind);
  const key = columns[0]?.label ?? '';
  return COUNTED.get(key) ?? COUNTED.get((title ?? '').toLowerCase()) ?? undefined;
}
