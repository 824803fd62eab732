/** The stores and cards that questions are worded for: many, the same each time, apart by part, and real to our tools. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { intentsOf } from '../corpus/generate.ts';
import { makeStore } from '../corpus/make-store.ts';
import { readSchemas } from '../corpus/schema.ts';
import { packsOf, partsOf } from '../corpus/split.ts';
import { createRunsight, type Query } from '../src/library.ts';
import { makeTemporaryFolder } from './support/demo.ts';

const schemas = readSchemas();

test('there are enough of them, and each has its own card', () => {
  const intents = schemas.flatMap((schema) => intentsOf(schema));
  expect(schemas.length).toBeGreaterThanOrEqual(40);
  expect(intents.length).toBeGreaterThanOrEqual(1_500);
  expect(new Set(intents.map(({ id }) => id)).size).toBe(intents.length);
  for (const { id, query, expects, after } of intents) {
    expect(query === undefined, id).toBe(expects !== 'answer');
    if (after !== undefined) expect(intents.some((one) => one.id === after)).toBe(true);
  }
  expect(schemas.flatMap((schema) => intentsOf(schema))).toEqual(intents);
});

test('no store is in two parts, and every store comes to several writers of its own', () => {
  const parts = partsOf(schemas);
  const packs = packsOf(schemas);
  expect(packs.length).toBeGreaterThanOrEqual(25);
  for (const { part, schemas: own } of packs) for (const { id } of own) expect(parts.get(id)).toBe(part);
  for (const { id } of schemas)
    expect(packs.filter((pack) => pack.schemas.some((own) => own.id === id)).length).toBeGreaterThanOrEqual(3);
});

test('what they ask for is there to be found', async () => {
  using folder = makeTemporaryFolder();
  const [schema] = schemas;
  const store = join(folder.path, 'store.db');
  makeStore(schema!, store);
  const env = { HOME: folder.path, RUNSIGHT_NOW: `${schema!.days[1]}T23:59:59Z` };
  await using runsight = createRunsight({ store, model: 'offline', env });
  const listed = intentsOf(schema!).filter(({ family }) => family === 'list' || family === 'detail');
  expect(listed.length).toBeGreaterThanOrEqual(3);
  for (const { query, card } of listed) {
    const [finding] = await runsight.query(query as Query);
    expect(finding?.coverage.complete, card).toBe(true);
  }
});
