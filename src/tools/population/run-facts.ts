/** What can be asked of one run by a plain word: its keys, and the facts that MLflow keeps under reserved tags. */

import type { Cell, Column, ColumnKind } from '../../finding/table.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import { parseKey } from '../resolve/keys.ts';
import { type NamedKey, nearMisses } from '../resolve/names.ts';
import { durationOf } from './run-columns.ts';

export interface Fact {
  /** With `kind`, how the value is shown. */
  readonly column: Column;
  readonly value: Cell;
}

const tag = (key: string) => (run: Run) => run.tags.get(key);
const datasetsOf = (run: Run): Cell =>
  run.datasets.map(({ name, digest, context }) => `${name} ${digest}${context ? ` (${context})` : ''}`).join(', ') ||
  undefined;

type BuiltIn = readonly [label: string, kind: ColumnKind, cell: (run: Run) => Cell];

/** Facts about a run that are no key of the user's. */
const BUILT_IN: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ['status', ['status', 'status', (run) => run.status]],
  ['start_time', ['started', 'time', (run) => run.startTime]],
  ['end_time', ['ended', 'time', (run) => run.endTime]],
  ['duration', ['duration', 'duration', durationOf]],
  ['user', ['user', 'text', (run) => run.user ?? run.tags.get('mlflow.user')]],
  ['user_id', ['user', 'text', (run) => run.user ?? run.tags.get('mlflow.user')]],
  ['name', ['name', 'text', (run) => run.name]],
  ['run_name', ['name', 'text', (run) => run.name]],
  ['id', ['id', 'text', (run) => run.id]],
  ['run_id', ['id', 'text', (run) => run.id]],
  ['parent', ['parent', 'text', (run) => run.parentId]],
  ['parent_run_id', ['parent', 'text', (run) => run.parentId]],
  ['experiment_id', ['experiment id', 'text', (run) => run.experimentId]],
  ['artifact_uri', ['artifacts', 'text', (run) => run.artifactUri]],
  ['lifecycle', ['stage', 'text', (run) => run.lifecycle]],
  ['source', ['source', 'text', tag('mlflow.source.name')]],
  ['commit', ['git commit', 'text', tag('mlflow.source.git.commit')]],
  ['branch', ['git branch', 'text', tag('mlflow.source.git.branch')]],
  ['description', ['description', 'text', tag('mlflow.note.content')]],
  ['dataset', ['dataset', 'text', datasetsOf]],
]);

const KINDS = ['metric', 'param', 'tag'] as const;
type Kind = (typeof KINDS)[number];

function keyValue(run: Run, kind: Kind, key: string): Cell {
  return kind === 'metric' ? run.metrics.get(key)?.value : (kind === 'param' ? run.params : run.tags).get(key);
}

const keyFact = (run: Run, kind: Kind, key: string): Fact => ({
  column: { key: `${kind}s.${key}`, label: key, kind },
  value: keyValue(run, kind, key),
});

/** Keys of one kind that a run has; reserved tags and system metrics left out. */
export function ownKeys(run: Run, kind: Kind): string[] {
  const keys = [...(kind === 'metric' ? run.metrics : kind === 'param' ? run.params : run.tags).keys()];
  return keys.filter((key) => !(kind === 'tag' && key.startsWith('mlflow.')) && !key.startsWith('system/')).sort();
}

export function factsOfKind(run: Run, kind: Kind): Fact[] {
  return ownKeys(run, kind).map((key) => keyFact(run, kind, key));
}

/** `metrics`, `params`, `parameters`, `tags`: all keys of a kind. */
export function kindOfWord(word: string): Kind | undefined {
  const match = /^(metric|param|tag)(?:eter)?s$/i.exec(word.trim());
  return KINDS.find((kind) => kind === match?.[1]?.toLowerCase());
}

/**
 * What a key means for this run: exactly that metric, param or tag, else a built-in fact, else the one key that it is
 * nearly. Undefined where the run has nothing of the sort.
 */
export function findFact(run: Run, asked: string): Fact | undefined {
  const { kind, key } = parseKey(asked);
  const kinds = KINDS.filter((one) => kind === undefined || kind === one);
  const exact = kinds.find((one) => keyValue(run, one, key) !== undefined);
  if (exact !== undefined) return keyFact(run, exact, key);
  const builtIn = kind === undefined || kind === 'attribute' ? builtInFact(run, key) : undefined;
  if (builtIn !== undefined || kind === 'attribute') return builtIn;
  for (const one of kinds) {
    const keys: NamedKey[] = ownKeys(run, one).map((name) => ({ key: name, runs: 1 }));
    const near = nearMisses(key, keys);
    if (near.length === 1 && near[0] !== undefined) return keyFact(run, one, near[0].key);
  }
  return undefined;
}

function builtInFact(run: Run, word: string): Fact | undefined {
  const name = word.trim().toLowerCase().replaceAll(' ', '_');
  const found = BUILT_IN.get(name);
  if (found === undefined) return undefined;
  const [label, kind, cell] = found;
  return { column: { key: name, label, kind }, value: cell(run) };
}
