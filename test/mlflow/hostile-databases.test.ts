/** Databases that a careless or hostile hand has changed: each is its typed fault or the right answer, and stays as it is. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { examine, listFiles } from '../support/examine-database.ts';
import { HOSTILE, writeSmallDatabase } from '../support/hostile-databases.ts';

let folder: TemporaryFolder;
let small: string;
beforeAll(() => {
  folder = makeTemporaryFolder();
  small = join(folder.path, 'small.db');
  writeSmallDatabase(small);
});
afterAll(() => folder[Symbol.dispose]());

test.each(HOSTILE.filter(({ isSlow }) => !isSlow))('$name', async ({ name, make, due }) => {
  const own = join(folder.path, name.replaceAll(/\W+/g, '-'));
  mkdirSync(own);
  const path = join(own, 'mlflow.db');
  copyFileSync(small, path);
  make(path);
  const before = listFiles(own);
  const found = await examine(path);
  if (!('code' in found)) expect(found, JSON.stringify(found)).toHaveLength(due as number);
  else {
    expect(found.code, found.message).toBe(due);
    expect(found.message).toContain(path);
    expect(found.hint).toMatch(/^[A-Z].*\.$/);
  }
  expect(listFiles(own)).toEqual(before);
});
