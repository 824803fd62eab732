/** What the findings say, cell by cell: of what, which measure, which statistic, which value. */
import type { Finding } from '../../finding/finding.ts';
import { isRef, refKey } from '../../finding/refs.ts';
import { type Cell, type ColumnKind, holdsThings, type Table } from '../../finding/table.ts';
import { findDirection } from '../../tools/resolve/direction.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { foldKey } from './fold.ts';
import { partsOfLists } from './parts-of-lists.ts';
import { saidMeans } from './said-groups.ts';
import { labelOwner, mainColumn, type Owner, readLabel, shapeOf } from './table-shape.ts';

export interface CellFact {
  readonly owner: Owner | undefined;
  /** Folded key: `f1_score`, `learning_rate`, `runs`. */
  readonly measure: string;
  readonly statistic: SaidStatistic | undefined;
  readonly value: number | string;
  readonly kind: ColumnKind;
  readonly column: FactColumn;
}

/** Facts that stand under one another and may be compared. */
export interface FactColumn {
  readonly finding: Finding;
  readonly measure: string;
  readonly facts: CellFact[];
  /** Rows that the list has beyond those given. */
  readonly cut: number;
  /** Whether it is what its list is about: what `best` means where no measure is named. */
  readonly isMain: boolean;
  /** What is better there. */
  readonly direction: 'higher' | 'lower' | undefined;
}

export class Facts {
  readonly all: CellFact[] = [];
  readonly columns: FactColumn[] = [];
  readonly byOwner = new Map<Owner, CellFact[]>();
  readonly byMeasure = new Map<string, CellFact[]>();
  #sorted: { readonly value: number; readonly fact: CellFact }[] | undefined;

  /** Numbers within a distance of a value, by their size where `sizeOnly`. */
  near(value: number, slack: number): CellFact[] {
    this.#sorted ??= this.all
      .flatMap((fact) =>
        typeof fact.value === 'number' && Number.isFinite(fact.value) ? [{ value: fact.value, fact }] : [],
      )
      .sort((a, b) => a.value - b.value);
    const found: CellFact[] = [];
    for (let at = lowerBound(this.#sorted, value - slack); at < this.#sorted.length; at++) {
      const one = this.#sorted[at]!;
      if (one.value > value + slack || found.length >= MOST_ALIKE) break;
      found.push(one.fact);
    }
    return found;
  }

  of(owner: Owner, measure: string): CellFact[] {
    return (this.byOwner.get(owner) ?? []).filter((fact) => fact.measure === measure);
  }

  add(finding: Finding): void {
    for (const table of finding.data.tables) this.#addTable(finding, table);
    for (const { label, value } of saidMeans(finding)) {
      const column = this.#column(finding, foldKey(finding.subject.measure ?? ''), 0);
      this.#push(column, { owner: labelOwner(label), statistic: 'mean', value, kind: 'metric' });
    }
    for (const table of finding.data.tables) this.#addMeans(finding, table);
    for (const { label, values } of partsOfLists(finding))
      for (const one of values) this.#addPart(finding, labelOwner(label), foldKey(one.label), one.numbers);
    for (const { of, metric, points } of finding.data.series ?? []) {
      const column = this.#column(finding, foldKey(metric), 0);
      const finite = points.filter(({ value }) => Number.isFinite(value));
      const values = finite.map(({ value }) => value);
      const [low, high] = extremesOf(values);
      const ends: [SaidStatistic, number | undefined][] = [
        ['first', points[0]?.value],
        ['last', points.at(-1)?.value],
        ['min', low],
        ['max', high],
      ];
      for (const [statistic, value] of ends)
        if (value !== undefined) this.#push(column, { owner: refKey(of), statistic, value, kind: 'metric' });
      const steps = [points[0], points.at(-1), finite[values.indexOf(low ?? 0)], finite[values.indexOf(high ?? 0)]];
      const stepColumn = this.#column(finding, 'step', 0);
      for (const point of steps)
        if (point) this.#push(stepColumn, { owner: refKey(of), value: Number(point.step), kind: 'count' });
    }
    for (const [key, cell] of Object.entries(finding.data.facts ?? {})) {
      const [statistic, measure] = readLabel(key);
      this.#pushCell(
        this.#column(finding, measure || foldKey(finding.subject.measure ?? key), 0),
        undefined,
        statistic,
        cell,
        'number',
      );
    }
  }

  /** What those listed come to on average. */
  #addMeans(finding: Finding, { columns, rows }: Table): void {
    if (rows.length < 2 || !columns.some((column) => holdsThings(column))) return;
    for (const [index, { kind, label }] of columns.entries()) {
      const numbers = rows.flatMap((row) => (typeof row[index] === 'number' ? [row[index]] : []));
      if (kind !== 'metric' || numbers.length < 2 || !numbers.every(Number.isFinite)) continue;
      const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
      this.#push(this.#column(finding, foldKey(label), 0, false), {
        owner: undefined,
        statistic: 'mean',
        value: mean,
        kind,
      });
    }
  }

  #addPart(finding: Finding, owner: Owner, measure: string, numbers: readonly number[]): void {
    const [low, high] = extremesOf(numbers);
    if (low === undefined || high === undefined) return;
    const column = this.#column(finding, measure, 0, false);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    for (const [statistic, value] of [
      ['mean', mean],
      ['min', low],
      ['max', high],
    ] as const)
      this.#push(column, { owner, statistic, value, kind: 'metric' });
  }

  /** What text that code worded says of one thing and no cell does. */
  addSaid(finding: Finding, owner: Owner, measure: string, value: number | string, kind: ColumnKind): void {
    this.#push(this.#column(finding, measure, 0, false), { owner, value, kind });
  }

  #addTable(finding: Finding, table: Table): void {
    const shape = shapeOf(finding, table);
    const columns = new Map<string, FactColumn>();
    const cut = table.total - table.rows.length;
    for (const row of table.rows) {
      const rowOwners = shape.ownersOf(row);
      for (const [index, column] of table.columns.entries()) {
        const cell = row[index];
        const place = shape.place(row, column, index);
        if (place === undefined || cell === undefined) continue;
        const key = `${place.measure} ${place.statistic ?? ''} ${shape.byRow ? '' : index}`;
        const isMain = shape.byRow || index === mainColumn(table);
        const into = columns.get(key) ?? this.#column(finding, place.measure, cut, isMain);
        columns.set(key, into);
        const owners = place.owner !== undefined ? [place.owner] : rowOwners;
        for (const owner of owners.length > 0 ? owners : [undefined])
          this.#pushCell(into, owner, place.statistic, cell, column.kind);
      }
    }
  }

  #column(finding: Finding, measure: string, cut: number, isMain = true): FactColumn {
    const own = foldKey(finding.subject.measure ?? '');
    const isOwn = own === '' || own === measure;
    const direction = (isOwn ? finding.direction : undefined)?.value ?? findDirection(measure, undefined, [])?.value;
    const column: FactColumn = { finding, measure, facts: [], cut, isMain, direction };
    this.columns.push(column);
    return column;
  }

  #pushCell(
    column: FactColumn,
    owner: Owner | undefined,
    statistic: SaidStatistic | undefined,
    cell: Cell,
    kind: ColumnKind,
  ) {
    if (cell === undefined) return;
    if (isRef(cell)) this.#push(column, { owner, statistic, value: refKey(cell), kind });
    else if (typeof cell === 'string' && kind !== 'text' && NUMERIC.test(cell.trim())) {
      this.#push(column, { owner, statistic, value: Number(cell), kind });
      this.#push(column, { owner, statistic, value: cell, kind });
    } else if (typeof cell === 'string' && NUMERIC.test(cell.trim()))
      this.#push(column, { owner, statistic, value: Number(cell), kind });
    else if (typeof cell === 'string' && LISTED.test(cell)) {
      for (const [number] of cell.matchAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi))
        this.#push(column, { owner, statistic, value: Number(number), kind: 'param' });
      this.#push(column, { owner, statistic, value: cell, kind });
    } else
      this.#push(column, {
        owner,
        statistic,
        value: typeof cell === 'bigint' ? Number(cell) : typeof cell === 'boolean' ? String(cell) : cell,
        kind,
      });
  }

  #push(
    column: FactColumn,
    part: Pick<CellFact, 'owner' | 'value' | 'kind'> & { statistic?: SaidStatistic | undefined },
  ): void {
    const fact: CellFact = { ...part, statistic: part.statistic, measure: column.measure, column };
    column.facts.push(fact);
    this.all.push(fact);
    this.#sorted = undefined;
    append(this.byMeasure, fact.measure, fact);
    if (fact.owner !== undefined) append(this.byOwner, fact.owner, fact);
  }
}

const MOST_ALIKE = 2000;
/** `32, 64, 128` and `(64, 32)`. */
const LISTED = /^[-+\d.,e()\s[\]…]{1,400}$/i;
const NUMERIC = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

export function extremesOf(values: readonly number[]): [low: number | undefined, high: number | undefined] {
  let low: number | undefined;
  let high: number | undefined;
  for (const value of values) {
    if (low === undefined || value < low) low = value;
    if (high === undefined || value > high) high = value;
  }
  return [low, high];
}

function lowerBound(sorted: readonly { readonly value: number }[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.value < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
