/** The corpus as it is kept: what was asked for, and how each writer worded it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Intent } from './intent.ts';
import type { Part } from './split.ts';

export interface Wording {
  /** Id of what it asks for. */
  readonly intent: string;
  readonly writer: string;
  readonly part: Part;
  readonly text: string;
}

function readLines<T>(name: string): T[] {
  const text = brotliDecompressSync(readFileSync(join(import.meta.dirname, name))).toString('utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

export function readCorpus(): { readonly intents: ReadonlyMap<string, Intent>; readonly wordings: readonly Wording[] } {
  const intents = readLines<Intent>('intents.jsonl.br');
  return {
    intents: new Map(intents.map((intent) => [intent.id, intent])),
    wordings: readLines<Wording>('wordings.jsonl.br'),
  };
}
