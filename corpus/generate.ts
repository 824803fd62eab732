/**
 * Makes the intents of every schema, and the packs of cards that writers word. The same schemas give the same intents.
 *
 * usage: node corpus/generate.ts intents > intents.jsonl
 *        node corpus/generate.ts packs FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from './families/index.ts';
import { NEXT } from './families/next.ts';
import type { Intent } from './intent.ts';
import { createRandom, type Random } from './random.ts';
import { readSchemas, type Schema } from './schema.ts';
import { packsOf } from './split.ts';

/** A follow-up for so many of those that can have one. */
const FOLLOWED = 0.2;

export function intentsOf(schema: Schema): Intent[] {
  const random = createRandom(schema.id);
  const seen = new Set<string>();
  const intents: Intent[] = [];
  for (const [family, make, weight] of FAMILIES) {
    const count = Math.floor(weight) + (random.chance(weight % 1) ? 1 : 0);
    for (let made = 0; made < count; made++) {
      const draft = make(schema, random);
      if (draft === undefined || seen.has(draft.card)) continue;
      seen.add(draft.card);
      const intent: Intent = { id: `${schema.id}/${intents.length + 1}`, schema: schema.id, family, ...draft };
      intents.push(intent);
      const next = random.chance(FOLLOWED) ? followUp(intent, schema, random) : undefined;
      if (next !== undefined) intents.push({ id: `${schema.id}/${intents.length + 1}`, ...next });
    }
  }
  return intents;
}

function followUp({ id, query, card }: Intent, schema: Schema, random: Random): Omit<Intent, 'id'> | undefined {
  if (query === undefined) return undefined;
  for (const next of random.some(NEXT, NEXT.length)) {
    const draft = next(schema, random, query);
    if (draft !== undefined)
      return {
        schema: schema.id,
        family: 'follow-up',
        ...draft,
        after: id,
        card: `AFTER [${card}] was just answered: ${draft.card}`,
      };
  }
  return undefined;
}

function schemaCard({ experiments, runNames, metrics, params, tags, users, days, about, id }: Schema): string {
  const keys = (list: Schema['params']) => list.map(({ key, values }) => `${key} (${values.join(', ')})`).join('; ');
  return [
    `## Store ${id}: ${about}`,
    `experiments: ${experiments.map((name) => `"${name}"`).join(', ')}`,
    `some runs: ${runNames.join(', ')}`,
    `metrics: ${metrics.map(({ key, low, high, better }) => `${key} (${low} to ${high}${better === 'unknown' ? '' : `, ${better} is better`})`).join('; ')}`,
    `params: ${keys(params)}`,
    `tags: ${keys(tags)}`,
    `users: ${users.join(', ')} · runs from ${days.join(' to ')}`,
  ].join('\n');
}

function writePacks(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { writer, schemas } of packsOf(readSchemas())) {
    const parts = schemas.map(
      (schema) =>
        `${schemaCard(schema)}\n\n${intentsOf(schema)
          .map(({ id, card }) => `- ${id}: ${card}`)
          .join('\n')}\n`,
    );
    writeFileSync(join(folder, `${writer}.md`), parts.join('\n'));
  }
}

const [what, folder] = import.meta.main ? process.argv.slice(2) : [];
if (what === 'intents')
  for (const schema of readSchemas()) for (const intent of intentsOf(schema)) console.log(JSON.stringify(intent));
if (what === 'packs' && folder !== undefined) writePacks(folder);
