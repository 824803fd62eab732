/** Experiments: what runs are gathered under. */
import type { Kind } from './kind.ts';

export const EXPERIMENT = {
  name: 'experiment',
  words: ['project'],
  fields: [
    {
      kind: 'attribute',
      prefixes: ['attributes', ''],
      keys: {
        experiment_id: { type: 'text' },
        name: { type: 'text' },
        creation_time: { type: 'time' },
        last_update_time: { type: 'time' },
        /** Ours: words of the name, the description or a tag value. */
        text: { type: 'text' },
        /** Ours: how many runs it has. */
        runs: { type: 'number' },
      },
    },
    { kind: 'tag', prefixes: ['tags', 'tag'], keys: 'text' },
  ],
  verbs: ['list', 'describe'],
} as const satisfies Kind;
