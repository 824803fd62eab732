/** Runs: one execution of training code, with metrics, params, tags and its own attributes. */
import type { FieldDescription, Kind } from './kind.ts';

const ATTRIBUTES = {
  run_id: { type: 'text' },
  run_name: { type: 'text', aliases: ['run name'] },
  user_id: { type: 'text' },
  status: { type: 'text', isUpper: true },
  artifact_uri: { type: 'text' },
  start_time: { type: 'time', aliases: ['created'] },
  end_time: { type: 'time' },
  /** Ours: end − start. */
  duration: { type: 'number', unit: 'ms' },
  /** Ours: the tag `mlflow.parentRunId`. */
  parent_run_id: { type: 'text' },
} as const satisfies Readonly<Record<string, FieldDescription>>;

const DATASET = { name: { type: 'text' }, digest: { type: 'text' }, context: { type: 'text' } } as const;

export type RunAttribute = keyof typeof ATTRIBUTES;
export const RUN_ATTRIBUTES = Object.keys(ATTRIBUTES) as RunAttribute[];

export type RunField =
  | { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'attribute'; readonly key: RunAttribute }
  | { readonly kind: 'dataset'; readonly key: keyof typeof DATASET };

export const STATUS: RunField = { kind: 'attribute', key: 'status' };

export const RUN = {
  name: 'run',
  words: ['trial', 'training run', 'job', 'attempt'],
  fields: [
    { kind: 'metric', prefixes: ['metrics', 'metric'], keys: 'number' },
    { kind: 'param', prefixes: ['params', 'param', 'parameters', 'parameter'], keys: 'param' },
    { kind: 'tag', prefixes: ['tags', 'tag'], keys: 'text' },
    { kind: 'attribute', prefixes: ['attributes', 'attribute', 'attr', 'run', ''], keys: ATTRIBUTES },
    { kind: 'dataset', prefixes: ['datasets', 'dataset'], keys: DATASET },
  ],
  verbs: [
    'list',
    'count',
    'share',
    'rank',
    'summarize',
    'compare',
    'detail',
    'history',
    'diagnose',
    'correlate',
    'impact',
  ],
} as const satisfies Kind;
