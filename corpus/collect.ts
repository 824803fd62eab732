/**
 * Puts together what writers wrote: FOLDER has a file of each, `train-1.jsonl`, with lines { "card", "w": [texts] }.
 *
 * usage: node corpus/collect.ts FOLDER
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { intentsOf } from './generate.ts';
import { readSchemas } from './schema.ts';
import { packsOf } from './split.ts';
import type { Wording } from './wordings.ts';

const MOST_CHARACTERS = 1_000;
const [folder = ''] = process.argv.slice(2);
const schemas = readSchemas();
const intents = new Map(schemas.flatMap((schema) => intentsOf(schema).map((intent) => [intent.id, intent] as const)));

interface Line {
  readonly card: string;
  readonly w: readonly string[];
}

function readWriter(writer: string): Line[] {
  const text = readFileSync(join(folder, `${writer}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line);
}

const wordings = packsOf(schemas).flatMap(({ writer, part, schemas: own }): Wording[] => {
  const texts = new Map<string, readonly string[]>();
  for (const { card, w } of readWriter(writer)) {
    if (!own.some(({ id }) => card.startsWith(`${id}/`)) || !intents.has(card))
      throw new Error(`${writer}: no card ${card}`);
    texts.set(card, w);
  }
  const asked = own.flatMap((schema) => intentsOf(schema));
  const missing = asked.filter(({ id }) => !texts.has(id));
  console.log(`${writer}: ${texts.size} cards worded, ${missing.length} left`);
  return [...texts].flatMap(([intent, all]) =>
    [...new Set(all.map((text) => text.trim()))]
      .filter((text) => text !== '' && text.length <= MOST_CHARACTERS)
      .map((text) => ({ intent, writer, part, text })),
  );
});

function write(name: string, records: Iterable<unknown>): void {
  const text = Array.from(records, (record) => `${JSON.stringify(record)}\n`).join('');
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(join(import.meta.dirname, name), brotliCompressSync(text, { params }));
}

write('intents.jsonl.br', intents.values());
write('wordings.jsonl.br', wordings);
console.log(`${wordings.length} wordings of ${intents.size} intents`);
