/** What the linter cannot say of the house: one meaning per exported name, and what each capability's folder holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const EXPORTED = /^export (?:abstract |async )*(?:function\*?|const|class|interface|type) (\w+)/gm;

test('an exported name has one meaning', () => {
  const places = new Map<string, string[]>();
  for (const file of files) {
    const names = new Set(
      Array.from(readFileSync(join(source, file), 'utf8').matchAll(EXPORTED), ([, name = '']) => name),
    );
    for (const name of names) places.set(name, [...(places.get(name) ?? []), file]);
  }
  // Every capability says in the same words what it answers.
  const isShared = ([name, all]: [string, string[]]) =>
    name === 'answers' && all.every((file) => /^tools\/[\w-]+\/answers\.ts$/.test(file));
  expect([...places].filter((entry) => entry[1].length > 1 && !isShared(entry))).toEqual([]);
});

test('a folder of tools is a capability or a shared room', () => {
  const rooms = ['define', 'population', 'python', 'resolve'];
  const folders = readdirSync(join(source, 'tools'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders.filter((entry) => !rooms.includes(entry.name))) {
    const own = readdirSync(join(source, 'tools', name));
    if (own.length > 0) expect(own, name).toEqual(expect.arrayContaining(['tool.ts', 'answers.ts']));
  }
});
