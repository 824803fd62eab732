/** Whose number it is: a plain statement that gives a run, or another thing, another one's value of a metric. */
import type { Finding } from '../../finding/finding.ts';
import { isRef, type Ref, refKey } from '../../finding/refs.ts';
import type { Cell, Table } from '../../finding/table.ts';
import { foldName } from './fold.ts';
import { findNumerals, NumberSet, type Numeral, WORD } from './numerals.ts';

/** What the findings say of one thing. */
interface Figures {
  readonly of: Ref;
  /** All of it, whatever it is called. */
  readonly all: NumberSet;
  /** Values by folded key of their metric. */
  readonly metrics: Map<string, NumberSet>;
}

const ID = /^[0-9a-f]{6,}$/;

export class Attribution {
  readonly #known = new Map<string, Figures>();
  /** By folded name: several things may share one. */
  readonly #named = new Map<string, Set<Figures>>();

  add({ data, subject }: Finding): void {
    for (const table of data.tables) {
      const at = table.columns.findIndex((_, i) => table.rows.some((row) => isRef(row[i])));
      if (at >= 0) this.#addRows(table, at);
      // Of things side by side each number may be any one's.
      else for (const ref of subject.refs) for (const cell of table.rows.flat()) addCell(this.#know(ref), cell);
    }
    for (const { of, points } of data.series ?? []) {
      const figures = this.#know(of);
      for (const { value } of points) addCell(figures, value);
    }
  }

  /** What stands in a row is of the first thing in it. */
  #addRows({ columns, rows }: Table, at: number): void {
    for (const row of rows) {
      const owner = row[at];
      if (!isRef(owner)) continue;
      const figures = this.#know(owner);
      for (const [index, cell] of row.entries()) {
        addCell(figures, cell);
        const metric = /^metrics\.(.+)$/.exec(columns[index]?.key ?? '')?.[1];
        if (metric === undefined || typeof cell !== 'number') continue;
        const values = figures.metrics.get(foldName(metric)) ?? new NumberSet();
        values.add(cell);
        figures.metrics.set(foldName(metric), values);
      }
    }
  }

  #know(of: Ref): Figures {
    const figures = this.#known.get(refKey(of)) ?? { of, all: new NumberSet(), metrics: new Map() };
    this.#known.set(refKey(of), figures);
    const name = foldName(of.name);
    if (name !== '') this.#named.set(name, (this.#named.get(name) ?? new Set()).add(figures));
    return figures;
  }

  /** The things that a word names, of kinds that have values of metrics: the experiment of a run has none. */
  called(word: string): readonly Figures[] {
    const named = this.#named.get(foldName(word));
    const all = [...this.#known.values()];
    const meant =
      named !== undefined ? [...named] : ID.test(word) ? all.filter(({ of }) => of.id.startsWith(word)) : [];
    return meant.filter(({ of: { kind } }) => all.some(({ of, metrics }) => of.kind === kind && metrics.size > 0));
  }

  isKind(word: string): boolean {
    return [...this.#known.values()].some(({ of }) => of.kind === word);
  }

  isMetric(word: string): boolean {
    return [...this.#known.values()].some(({ metrics }) => metrics.has(foldName(word)));
  }

  /** Whether the value is known for this metric, and only of others of their kind. */
  belongsToOthers(numeral: Numeral, own: readonly Figures[], word: string): boolean {
    const metric = foldName(word);
    if (own.length === 0 || own.some(({ all, metrics }) => !metrics.has(metric) || all.supports(numeral))) return false;
    const kinds = new Set(own.map(({ of }) => of.kind));
    const others = [...this.#known.values()].filter(({ of }) => kinds.has(of.kind));
    return others.some(({ metrics }) => metrics.get(metric)?.supports(numeral));
  }
}

function addCell({ all }: Figures, cell: Cell): void {
  if (typeof cell === 'number' || typeof cell === 'bigint') all.add(cell);
}

/** A number that claims digits enough to be a value. */
const A_VALUE = /^\d*\.\d{2,}$/;
const SENTENCE_START = /.*(?:[.!?;](?=\s)|[\n|])/s;
const SENTENCE_END = /^[\s)*]*(?:$|[.,;(|]|(?:in|and|which|while|over|across)\b)/;
const TOKEN = new RegExp(`\`([^\`]+)\`|([${WORD}]+(?:[-.][${WORD}]+)*)`, 'g');
/** All that may stand in a statement beside a thing, its kind, its metric and names in backticks. */
const PLAIN_WORDS = new Set(
  `a an the its of in at with by for on is was are has had have gets got reached reaches scored scores achieved achieves
  best worst highest lowest last final value metric it and so`.split(/\s+/),
);

/** Values in statements about exactly one thing and one metric that are only other things' values. */
export function findSwapped(text: string, attribution: Attribution): Numeral[] {
  return findNumerals(text).filter((numeral) => {
    if (!A_VALUE.test(numeral.text) || !SENTENCE_END.test(text.slice(numeral.end, numeral.end + 20))) return false;
    const before = text.slice(0, numeral.start).replace(SENTENCE_START, '');
    const said = readStatement(before, attribution);
    return said !== undefined && attribution.belongsToOthers(numeral, said.of, said.metric);
  });
}

/** Undefined where anything is said besides a thing and its metric. */
function readStatement(
  words: string,
  attribution: Attribution,
): { readonly of: readonly Figures[]; readonly metric: string } | undefined {
  let of: readonly Figures[] | undefined;
  let metric: string | undefined;
  for (const [, quoted, plain] of words.matchAll(TOKEN)) {
    const word = quoted ?? plain ?? '';
    const called = attribution.called(word);
    if (called.length > 0) {
      // An id behind a name says which of them.
      of = of === undefined ? called : called.filter((one) => of?.includes(one));
      if (of.length === 0) return undefined;
    } else if (attribution.isMetric(word)) {
      if (metric !== undefined) return undefined;
      metric = word;
    } else if (quoted === undefined && !isPlain(word.toLowerCase(), attribution)) return undefined;
  }
  return of === undefined || metric === undefined ? undefined : { of, metric };
}

const isPlain = (word: string, attribution: Attribution): boolean => PLAIN_WORDS.has(word) || attribution.isKind(word);
