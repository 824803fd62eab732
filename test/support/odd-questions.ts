/** Questions about an odd store with their truth, which is counted from its plain data alone. */
import { quoteInQuestion } from '../../src/finding/quote.ts';
import type { OddRun, OddStore } from './odd-names.ts';

export type Truth =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'runs'; readonly ids: readonly string[] }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'groups'; readonly groups: readonly (readonly [label: string | undefined, value: number])[] }
  /** There is nothing of the sort. */
  | { readonly kind: 'none' }
  /** What is named is several things; each choice, asked as it stands, has one of these answers. */
  | { readonly kind: 'choices'; readonly choices: readonly Truth[] };

export interface OddQuestion {
  readonly text: string;
  readonly truth: Truth;
}

type Pick = <T>(from: readonly T[]) => T;
type Kind = 'params' | 'tags';
type Template = (store: OddStore, pick: Pick) => OddQuestion | undefined;

/** A name that no quotes can hold makes no question. */
function ask(parts: TemplateStringsArray, ...names: readonly string[]): string | undefined {
  const quoted = names.map(quoteInQuestion);
  if (quoted.some((one, at) => names[at]?.includes(one.at(-1) ?? '') || names[at]?.includes(one[0] ?? '')))
    return undefined;
  return parts.reduce((text, part, at) => `${text}${quoted[at - 1]}${part}`);
}

const question = (text: string | undefined, truth: Truth): OddQuestion | undefined =>
  text === undefined ? undefined : { text, truth };

const counted = (runs: readonly OddRun[]): Truth => ({ kind: 'count', count: runs.length });
const listed = (runs: readonly OddRun[]): Truth => ({ kind: 'runs', ids: runs.map(({ id }) => id).sort() });
const keysOf = ({ runs }: OddStore, kind: Kind | 'metrics'): string[] => [
  ...new Set(runs.flatMap((run) => [...run[kind].keys()])),
];

const squash = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

interface Pair {
  readonly kind: Kind;
  readonly key: string;
  readonly value: string;
  has(run: OddRun): boolean;
}

/** A key with one of its values. */
function anyPair(store: OddStore, pick: Pick): Pair {
  const kind = pick(['params', 'tags'] as const);
  const [key, value] = pick(store.runs.flatMap((run) => [...run[kind]]));
  return { kind, key, value, has: (run) => run[kind].get(key) === value };
}

function anyMetric(store: OddStore, pick: Pick) {
  const key = pick(keysOf(store, 'metrics'));
  const holding = store.runs.filter(({ metrics }) => metrics.has(key));
  const leader = (runs: readonly OddRun[], sign: 1 | -1): Truth => ({
    kind: 'run',
    id: runs.toSorted((a, b) => sign * ((b.metrics.get(key) ?? 0) - (a.metrics.get(key) ?? 0)))[0]?.id ?? '',
  });
  return { key, holding, leader };
}

const oneOrChoices = (truths: readonly Truth[]): Truth =>
  truths.length === 1 && truths[0] !== undefined ? truths[0] : { kind: 'choices', choices: truths };

const TEMPLATES: Readonly<Record<string, Template>> = {
  'count by value': (store, pick) => {
    const { key, value, has } = anyPair(store, pick);
    return question(ask`how many runs have ${key} = ${value}?`, counted(store.runs.filter(has)));
  },
  'list by value': (store, pick) => {
    const { key, value, has } = anyPair(store, pick);
    return question(ask`runs with ${key} = ${value}`, listed(store.runs.filter(has)));
  },
  'value of another key': (store, pick) => {
    const { key, kind } = anyPair(store, pick);
    const { value } = anyPair(store, pick);
    const found = store.runs.filter((run) => run[kind].get(key) === value);
    // One that differs in case or joints alone is taken for it, and said.
    const isAlike = store.runs.some((run) => squash(run[kind].get(key) ?? '') === squash(value));
    if (found.length === 0 && isAlike) return undefined;
    return question(ask`how many runs have ${key} = ${value}?`, found.length > 0 ? counted(found) : { kind: 'none' });
  },
  'other than a value': (store, pick) => {
    const { key, kind, value } = anyPair(store, pick);
    const others = store.runs.filter((run) => run[kind].has(key) && run[kind].get(key) !== value);
    return question(
      ask`how many runs with ${key} != ${value}?`,
      others.length > 0 ? counted(others) : { kind: 'none' },
    );
  },
  'two values': (store, pick) => {
    const [a, b] = [anyPair(store, pick), anyPair(store, pick)];
    if (a.key === b.key) return undefined;
    const both = store.runs.filter((run) => a.has(run) && b.has(run));
    const text = ask`how many runs with ${a.key} = ${a.value} and ${b.key} = ${b.value}?`;
    return question(text, both.length > 0 ? counted(both) : { kind: 'none' });
  },
  'a value alone': (store, pick) => {
    const { value } = anyPair(store, pick);
    const isKey = (['params', 'tags', 'metrics'] as const).some((kind) => keysOf(store, kind).includes(value));
    if (isKey) return undefined;
    const holders = (['params', 'tags'] as const).flatMap((kind) =>
      keysOf(store, kind).map((key) => store.runs.filter((run) => run[kind].get(key) === value)),
    );
    const found = holders.filter((runs) => runs.length > 0);
    return question(ask`how many runs with ${value}?`, oneOrChoices(found.map(counted)));
  },
  'in an experiment': (store, pick) => {
    const [id, name] = pick([...store.experiments]);
    const inside = store.runs.filter(({ experiment }) => experiment === id);
    return question(ask`how many runs in ${name}?`, inside.length > 0 ? counted(inside) : { kind: 'none' });
  },
  'by value in an experiment': (store, pick) => {
    const { key, value, has } = anyPair(store, pick);
    const { experiment } = pick(store.runs.filter(has));
    const found = store.runs.filter((run) => run.experiment === experiment && has(run));
    return question(ask`runs in ${store.experiments.get(experiment) ?? ''} with ${key} = ${value}`, listed(found));
  },
  'having a key': (store, pick) => {
    const kind = pick(['params', 'tags', 'metrics'] as const);
    const key = pick(keysOf(store, kind));
    // What is both is meant as the metric.
    const isMetric = kind === 'params' && keysOf(store, 'metrics').includes(key);
    const having = store.runs.filter((run) => run[isMetric ? 'metrics' : kind].has(key));
    return question(ask`how many runs have ${key}?`, counted(having));
  },
  'lacking a key': (store, pick) => {
    const kind = pick(['params', 'tags', 'metrics'] as const);
    const key = pick(keysOf(store, kind));
    const isMetric = kind === 'params' && keysOf(store, 'metrics').includes(key);
    const lacking = store.runs.filter((run) => !run[isMetric ? 'metrics' : kind].has(key));
    return question(ask`how many runs without ${key}?`, lacking.length > 0 ? counted(lacking) : { kind: 'none' });
  },
  'count per key': (store, pick) => {
    const { key, kind } = anyPair(store, pick);
    const groups = Map.groupBy(store.runs, (run) => run[kind].get(key));
    return question(ask`how many runs per ${key}?`, {
      kind: 'groups',
      groups: Array.from(groups, ([label, runs]) => [label, runs.length] as const),
    });
  },
  'above a number': (store, pick) => {
    const { key, holding } = anyMetric(store, pick);
    const above = holding.filter(({ metrics }) => (metrics.get(key) ?? 0) > 0.5);
    return question(ask`runs with ${key} above 0.5`, above.length > 0 ? listed(above) : { kind: 'none' });
  },
  'at most a number': (store, pick) => {
    const { key, holding } = anyMetric(store, pick);
    const below = holding.filter(({ metrics }) => (metrics.get(key) ?? 0) <= 0.25);
    return question(ask`how many runs have ${key} <= 0.25?`, below.length > 0 ? counted(below) : { kind: 'none' });
  },
  'highest of all': (store, pick) => {
    const { key, holding, leader } = anyMetric(store, pick);
    const groups = [...Map.groupBy(holding, ({ experiment }) => experiment).values()];
    return question(ask`highest ${key}`, oneOrChoices(groups.map((runs) => leader(runs, 1))));
  },
  'lowest in an experiment': (store, pick) => {
    const { key, holding, leader } = anyMetric(store, pick);
    const { experiment } = pick(holding);
    const inside = holding.filter((run) => run.experiment === experiment);
    return question(ask`lowest ${key} in ${store.experiments.get(experiment) ?? ''}`, leader(inside, -1));
  },
  'best, which its name does not tell': (store, pick) => {
    const { key, holding, leader } = anyMetric(store, pick);
    if (/time|duration|minutes|loss|score/i.test(key)) return undefined;
    const { experiment } = pick(holding);
    const inside = holding.filter((run) => run.experiment === experiment);
    const text = ask`best ${key} in ${store.experiments.get(experiment) ?? ''}`;
    return question(text, oneOrChoices([leader(inside, 1), leader(inside, -1)]));
  },
  'average by a key': (store, pick) => {
    const metric = anyMetric(store, pick);
    const { key, kind } = anyPair(store, pick);
    const both = metric.holding.filter((run) => run[kind].has(key));
    if (both.length === 0 || key === metric.key) return undefined;
    const { experiment } = pick(both);
    const inside = metric.holding.filter((run) => run.experiment === experiment);
    const mean = (runs: readonly OddRun[]) =>
      runs.reduce((sum, { metrics }) => sum + (metrics.get(metric.key) ?? 0), 0) / runs.length;
    const groups = Map.groupBy(inside, (run) => run[kind].get(key));
    const name = store.experiments.get(experiment) ?? '';
    return question(ask`average ${metric.key} by ${key} in ${name}`, {
      kind: 'groups',
      groups: Array.from(groups, ([label, runs]) => [label, mean(runs)] as const),
    });
  },
  'a run': ({ runs }, pick) => {
    const { name } = pick(runs);
    const called = runs.filter((run) => run.name === name);
    return question(ask`show run ${name}`, oneOrChoices(called.map(({ id }) => ({ kind: 'run', id }))));
  },
  'a value of a run': (store, pick) => {
    const run = pick(store.runs);
    const kind = pick(['params', 'tags', 'metrics'] as const);
    const [key, value] = pick([...run[kind], ['', ''] as const]);
    const isOne = store.runs.filter(({ name }) => name === run.name).length === 1;
    const isBoth = kind === 'params' && run.metrics.has(key);
    if (key === '' || !isOne || isBoth) return undefined;
    return question(ask`what is ${key} of run ${run.name}?`, { kind: 'value', value });
  },
  'two runs': ({ runs }, pick) => {
    const [a, b] = [pick(runs), pick(runs)];
    const isOne = (one: OddRun) => runs.filter(({ name }) => name === one.name).length === 1;
    if (a === b || !isOne(a) || !isOne(b)) return undefined;
    return question(ask`compare runs ${a.name} and ${b.name}`, listed([a, b]));
  },
};

export const TEMPLATE_NAMES = Object.keys(TEMPLATES);

/** `choices` settle every choice that making the question leaves open. */
export function makeQuestion(store: OddStore, template: string, choices: Iterator<number>): OddQuestion | undefined {
  const pick: Pick = (from) => {
    if (from.length === 0) throw new Error('nothing to pick from');
    return from[choices.next().value % from.length] as (typeof from)[number];
  };
  return TEMPLATES[template]?.(store, pick);
}
