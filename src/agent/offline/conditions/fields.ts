/** What a key, a value or an attribute of a question is a field of. */
import { RUN_ATTRIBUTES, type RunField } from '../../../query/kinds/run.ts';
import type { KeyKind } from '../../../tools/resolve/keys.ts';
import type { KnownValue } from '../../../tools/resolve/vocabulary.ts';
import { isKind, type Segment } from '../meanings.ts';

export const RUN_DURATION: RunField = { kind: 'attribute', key: 'duration' };

export function isTag(key: Segment): boolean {
  return isKind(key, 'key') && key.meaning.kinds.every((kind) => kind === 'tag');
}

export function isTextKey(key: Segment): boolean {
  return (
    isKind(key, 'key') && key.meaning.exact && key.meaning.kinds.every((kind) => kind === 'param' || kind === 'tag')
  );
}

/** A value as stored, when the key has it. A run's user is a tag of MLflow's own. */
export function storedValue(segment: Segment | undefined, key: Segment): KnownValue | undefined {
  if (!isKind(segment, 'value') || !isKind(key, 'key')) return undefined;
  const { name, kinds } = key.meaning;
  const stored = kinds.includes('attribute') ? `mlflow.${name}` : name;
  return segment.meaning.options.find(
    ({ kind, key: own }) => own === stored && (kinds.includes(kind) || kinds.includes('attribute')),
  );
}

export function optionField({ kind, key }: KnownValue): RunField {
  return { kind, key };
}

export function fieldOf(key: Segment, prefer: 'metric' | 'param'): RunField {
  if (!isKind(key, 'key')) throw new Error('a field without a key');
  const { name, kinds } = key.meaning;
  if (kinds.includes('attribute')) return attributeField(name);
  return { kind: kinds.includes(prefer) ? prefer : (kinds[0] as KeyKind), key: name };
}

/** What runs keep under another name than the word for it. */
const STORED_AS: Readonly<Record<string, RunField>> = {
  user: { kind: 'tag', key: 'mlflow.user' },
  source: { kind: 'tag', key: 'mlflow.source.name' },
  parent: { kind: 'attribute', key: 'parent_run_id' },
  id: { kind: 'attribute', key: 'run_id' },
  name: { kind: 'attribute', key: 'run_name' },
};

function attributeField(name: string): RunField {
  const listed = RUN_ATTRIBUTES.find((key) => key === name);
  return listed === undefined
    ? (STORED_AS[name] ?? { kind: 'tag', key: `mlflow.${name}` })
    : { kind: 'attribute', key: listed };
}
