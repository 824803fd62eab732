/** Whose number it is: a plain statement that gives one run another run's value of a metric. */
import type { Cell, Finding, RunRef, Table } from '../../finding/finding.ts';
import { isRunRef } from '../../finding/format.ts';
import { foldName } from './fold.ts';
import { findNumerals, NumberSet, type Numeral, WORD } from './numerals.ts';

/** What the findings say of one run. */
interface RunNumbers {
  /** All of it, whatever it is called. */
  readonly all: NumberSet;
  /** Values by folded key of their metric. */
  readonly metrics: Map<string, NumberSet>;
}

export class Attribution {
  readonly #runs = new Map<string, RunNumbers>();
  /** Ids by folded name: several runs may share one. */
  readonly #named = new Map<string, Set<string>>();

  add({ data, subject }: Finding): void {
    for (const table of data.tables) {
      const at = table.columns.findIndex((column) => column.kind === 'run');
      if (at >= 0) this.#addRows(table, at);
      // Of runs side by side each number may be any one's.
      else for (const id of subject.runIds) for (const cell of table.rows.flat()) addCell(this.#of(id), cell);
    }
    for (const { run, points } of data.series ?? []) {
      const numbers = this.#know(run);
      for (const { value } of points) addCell(numbers, value);
    }
  }

  #addRows({ columns, rows }: Table, at: number): void {
    for (const row of rows) {
      const run = row[at];
      if (run === undefined || !isRunRef(run)) continue;
      const numbers = this.#know(run);
      for (const [index, cell] of row.entries()) {
        addCell(numbers, cell);
        const metric = /^metrics\.(.+)$/.exec(columns[index]?.key ?? '')?.[1];
        if (metric === undefined || typeof cell !== 'number') continue;
        const values = numbers.metrics.get(foldName(metric)) ?? new NumberSet();
        values.add(cell);
        numbers.metrics.set(foldName(metric), values);
      }
    }
  }

  #know({ id, name }: RunRef): RunNumbers {
    if (name !== '') this.#named.set(foldName(name), (this.#named.get(foldName(name)) ?? new Set()).add(id));
    return this.#of(id);
  }

  #of(id: string): RunNumbers {
    const known = this.#runs.get(id) ?? { all: new NumberSet(), metrics: new Map() };
    this.#runs.set(id, known);
    return known;
  }

  /** Ids of the runs that a word names. */
  runsCalled(word: string): readonly string[] {
    const named = this.#named.get(foldName(word));
    if (named !== undefined) return [...named];
    return /^[0-9a-f]{6,}$/.test(word) ? [...this.#runs.keys()].filter((id) => id.startsWith(word)) : [];
  }

  isMetric(word: string): boolean {
    return [...this.#runs.values()].some(({ metrics }) => metrics.has(foldName(word)));
  }

  /** Whether the value is known for this metric, and only of other runs. */
  belongsToOthers(numeral: Numeral, ids: readonly string[], word: string): boolean {
    const metric = foldName(word);
    const own = ids.map((id) => this.#of(id));
    if (own.length === 0 || own.some(({ all, metrics }) => !metrics.has(metric) || all.supports(numeral))) return false;
    return [...this.#runs.values()].some(({ metrics }) => metrics.get(metric)?.supports(numeral));
  }
}

function addCell({ all }: RunNumbers, cell: Cell): void {
  if (typeof cell === 'number' || typeof cell === 'bigint') all.add(cell);
}

/** A number that claims digits enough to be a value. */
const A_VALUE = /^\d*\.\d{2,}$/;
const SENTENCE_START = /.*(?:[.!?;](?=\s)|[\n|])/s;
const SENTENCE_END = /^[\s)*]*(?:$|[.,;(|]|(?:in|and|which|while|over|across)\b)/;
const TOKEN = new RegExp(`\`([^\`]+)\`|([${WORD}]+(?:[-.][${WORD}]+)*)`, 'g');
/** All that may stand in a statement beside its run, its metric and names in backticks. */
const PLAIN_WORDS = new Set(
  `a an the its of in at with by for on is was are has had have gets got reached reaches scored scores achieved achieves
  best worst highest lowest last final value run metric it and so`.split(/\s+/),
);

/** Values in statements about exactly one run and one metric that are only other runs' values. */
export function findSwapped(text: string, attribution: Attribution): Numeral[] {
  return findNumerals(text).filter((numeral) => {
    if (!A_VALUE.test(numeral.text) || !SENTENCE_END.test(text.slice(numeral.end, numeral.end + 20))) return false;
    const before = text.slice(0, numeral.start).replace(SENTENCE_START, '');
    const said = readStatement(before, attribution);
    return said !== undefined && attribution.belongsToOthers(numeral, said.runs, said.metric);
  });
}

/** Undefined where anything is said besides a run and its metric. */
function readStatement(
  words: string,
  attribution: Attribution,
): { readonly runs: readonly string[]; readonly metric: string } | undefined {
  let runs: readonly string[] | undefined;
  let metric: string | undefined;
  for (const [, quoted, plain] of words.matchAll(TOKEN)) {
    const word = quoted ?? plain ?? '';
    const called = attribution.runsCalled(word);
    if (called.length > 0) {
      // An id behind a name says which of them.
      runs = runs === undefined ? called : called.filter((id) => runs?.includes(id));
      if (runs.length === 0) return undefined;
    } else if (attribution.isMetric(word)) {
      if (metric !== undefined) return undefined;
      metric = word;
    } else if (quoted === undefined && !PLAIN_WORDS.has(word.toLowerCase())) return undefined;
  }
  return runs === undefined || metric === undefined ? undefined : { runs, metric };
}
