/** What a population logged. */
import { compareText } from '../compare-text.ts';
import type { RunRows } from '../table/run-table.ts';
import { takeTurns } from '../take-turns.ts';
import type { KeyStats, MetricKeyStats, RunColumns, TextKeyStats } from './tracking-store.ts';

const VALUES_SHOWN = 10;
type ShownValue = TextKeyStats['values'][number];

class MetricTally {
  #runs = 0;
  #nonFinite = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.#runs++;
    if (Number.isFinite(value)) {
      this.#min = Math.min(this.#min, value);
      this.#max = Math.max(this.#max, value);
    } else this.#nonFinite++;
  }

  toStats(key: string): MetricKeyStats {
    const [min, max] = [this.#min, this.#max];
    return { kind: 'metric', key, runs: this.#runs, nonFinite: this.#nonFinite, ...(min <= max && { min, max }) };
  }
}

/** @template V texts, or what stands for them. */
class TextTally<V> {
  readonly #counts = new Map<V, number>();
  #runs = 0;

  add(value: V): void {
    this.#runs++;
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  toStats(kind: 'param' | 'tag', key: string, textOf: (value: V) => string): TextKeyStats {
    return { kind, key, runs: this.#runs, distinct: this.#counts.size, values: this.#commonest(textOf) };
  }

  /** Values may be as many as the runs, so they are not all sorted. */
  #commonest(textOf: (value: V) => string): TextKeyStats['values'] {
    const compare = (a: ShownValue, b: ShownValue) => b.runs - a.runs || compareText(a.value, b.value);
    const shown: ShownValue[] = [];
    for (const [key, runs] of this.#counts) {
      const last = shown[VALUES_SHOWN - 1];
      if (last !== undefined && runs < last.runs) continue;
      const value = { value: textOf(key), runs };
      if (last !== undefined && compare(value, last) > 0) continue;
      shown.push(value);
      shown.sort(compare);
      shown.length = Math.min(shown.length, VALUES_SHOWN);
    }
    return shown;
  }
}

/** By kind, then key. */
function sortStats(stats: KeyStats[]): KeyStats[] {
  const kinds = ['metric', 'param', 'tag'];
  return stats.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compareText(a.key, b.key));
}

/** Statistics of every column. */
export function summarizeKeys({ metrics, params, tags }: RunColumns): KeyStats[] {
  const stats: KeyStats[] = [...metrics].map(([key, column]) => {
    const tally = new MetricTally();
    for (const value of column) if (value !== undefined) tally.add(value);
    return tally.toStats(key);
  });
  for (const [kind, columns] of [['param', params] as const, ['tag', tags] as const])
    for (const [key, column] of columns) {
      const tally = new TextTally<string>();
      for (const value of column) if (value !== undefined) tally.add(value);
      stats.push(tally.toStats(kind, key, (text) => text));
    }
  return sortStats(stats);
}

/** What is there already, or is made now. */
function at<T>(tallies: Map<number, T>, key: number, create: () => T): T {
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const tally = create();
  tallies.set(key, tally);
  return tally;
}

/** Statistics of every key of some runs, without a column of any. */
export async function summarizeRows({ table, rows }: RunRows, signal: AbortSignal): Promise<KeyStats[]> {
  const { metrics, params, tags, texts } = table;
  const tallies = new Map<number, MetricTally>();
  const textLists = [
    { kind: 'param' as const, list: params, tallies: new Map<number, TextTally<number>>() },
    { kind: 'tag' as const, list: tags, tallies: new Map<number, TextTally<number>>() },
  ];
  const add = (row: number): void => {
    for (let place = metrics.from(row); place < metrics.to(row); place++)
      at(tallies, metrics.keyAt(place), () => new MetricTally()).add(metrics.valueAt(place));
    for (const { list, tallies } of textLists)
      for (let place = list.from(row); place < list.to(row); place++)
        at(tallies, list.keyAt(place), () => new TextTally<number>()).add(list.valueAt(place));
  };
  await takeTurns(rows, add, signal);
  const textOf = (code: number): string => texts.at(code);
  const stats: KeyStats[] = [...tallies].map(([key, tally]) => tally.toStats(textOf(key)));
  for (const { kind, tallies } of textLists) {
    const finish = ([key, tally]: [number, TextTally<number>]) => stats.push(tally.toStats(kind, textOf(key), textOf));
    await takeTurns(tallies, finish, signal, 1);
  }
  return sortStats(stats);
}
