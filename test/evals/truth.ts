/** What the demo's own script logged, as plain data: nothing here comes from our stores or tools. */
import { readFileSync } from 'node:fs';

export interface TruthRun {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly status: string;
  readonly lifecycle: 'active' | 'deleted';
  readonly parent: string | null;
  readonly start: string;
  readonly end: string | null;
  readonly user: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number | string>>;
}

interface TruthFile {
  readonly now: string;
  readonly answers: Readonly<Record<string, never>>;
  readonly experiments: readonly {
    readonly id: string;
    readonly name: string;
    readonly lifecycle: 'active' | 'deleted';
    readonly runs: readonly Omit<TruthRun, 'experiment'>[];
  }[];
}

const file = JSON.parse(readFileSync(new URL('../../examples/demo/truth.json', import.meta.url), 'utf8')) as TruthFile;

export const experiments = file.experiments;

/** All runs, whatever their stage. */
export const allRuns: readonly TruthRun[] = file.experiments.flatMap(({ name, runs }) =>
  runs.map((run) => ({ ...run, experiment: name })),
);

/** Active runs of active experiments: what is listed, filtered and counted. */
export const runs: readonly TruthRun[] = allRuns.filter(
  (run) =>
    run.lifecycle === 'active' && experiments.some((one) => one.name === run.experiment && one.lifecycle === 'active'),
);

const parents = new Set(runs.map((run) => run.parent).filter((parent) => parent !== null));

/** Finished leaves: what is ranked and averaged. */
export const finished: readonly TruthRun[] = runs.filter((run) => run.status === 'FINISHED' && !parents.has(run.id));

export const churn = finished.filter((run) => run.experiment === 'churn-prediction');
export const digits = finished.filter((run) => run.experiment === 'digits-mlp');
export const chat = finished.filter((run) => run.experiment === 'chat-inference');

/** The run of that name; names used here are unique. */
export function run(name: string): TruthRun {
  const found = allRuns.filter((one) => one.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} runs are called ${name}`);
  return found[0];
}

/** A finite latest value, or undefined. */
export function value(one: TruthRun, metric: string): number | undefined {
  const found = one.metrics[metric];
  return typeof found === 'number' ? found : undefined;
}

export function values(population: readonly TruthRun[], metric: string): number[] {
  return population.map((one) => value(one, metric)).filter((found) => found !== undefined);
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** Linear between the two nearest, as NumPy has it. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return below + (above - below) * (at - Math.floor(at));
}

export function deviation(numbers: readonly number[]): number {
  const centre = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, number) => sum + (number - centre) ** 2, 0) / (numbers.length - 1));
}

/** Best first; equal values keep one rank, by id. */
export function ranked(population: readonly TruthRun[], metric: string, better: 'higher' | 'lower'): TruthRun[] {
  const sign = better === 'higher' ? -1 : 1;
  return population
    .filter((one) => value(one, metric) !== undefined)
    .sort((a, b) => sign * ((value(a, metric) ?? 0) - (value(b, metric) ?? 0)) || (a.id < b.id ? -1 : 1));
}

/** Newest start first. */
export function newest(population: readonly TruthRun[]): TruthRun[] {
  return [...population].sort((a, b) => (a.start > b.start ? -1 : 1));
}

export function seconds(one: TruthRun): number {
  return (Date.parse(one.end ?? '') - Date.parse(one.start)) / 1000;
}

export function startedIn(population: readonly TruthRun[], from: string, to: string): TruthRun[] {
  return population.filter((one) => one.start >= from && one.start < to);
}
