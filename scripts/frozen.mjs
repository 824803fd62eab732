/**
 * Freezes what the program answers today, so that a restructuring can be held against it.
 *
 *   frozen.mjs stores COPIES [--stores a,b]      makes copies of the demo for later: mlruns, PostgreSQL, MariaDB, a server's
 *   frozen.mjs write DIR [--stores a,b] [--copies COPIES] [--program CHECKOUT]
 *                                                asks every question of every store; COPIES is DIR/../stores unless told;
 *                                                `failing` stands for all of its stores; CHECKOUT answers instead of this one
 *   frozen.mjs compare DIR1 DIR2 [--stores a,b] [--ignore PATH]… [--summary]
 *                                                lists what differs, exit 1 when anything does. --summary: only counts by path.
 *                                                PATH is as the counts show it, such as findings[].data.facts; it covers
 *                                                all below it, and * stands for any text.
 *
 * DIR gets one file a store, one question a line. Copies are made by MLflow, which goes into the cache once.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareFolders } from './frozen/compare.mjs';
import { makeCopies } from './frozen/copies.mjs';
import { findStores } from './frozen/stores.mjs';
import { answersOf } from './frozen/write.mjs';

const checkout = path.join(import.meta.dirname, '..');

/** @param wanted names, or the part of them before a slash; all without it. */
const isWanted = (wanted) => (name) =>
  wanted === undefined || wanted.split(',').some((one) => one === name || name.startsWith(`${one}/`));

async function write(folder, wanted, copies, program) {
  const stores = await findStores(checkout, copies, isWanted(wanted));
  mkdirSync(folder, { recursive: true });
  for (const store of stores) {
    const began = Date.now();
    const answers = await answersOf(store, program);
    const lines = Object.entries(answers).map(
      ([asked, answer]) => `${JSON.stringify(asked)}:${JSON.stringify(answer)}`,
    );
    const file = path.join(folder, `${store.name}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
    console.log(`${store.name}: ${lines.length} answers, ${((Date.now() - began) / 1000).toFixed(1)} s`);
    // A slow server on a busy machine runs into the time limit of a call: ask such a store again.
    for (const [asked, { error }] of Object.entries(answers)) if (error) console.log(`  ${error.code}: ${asked}`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stores: { type: 'string' },
    copies: { type: 'string' },
    program: { type: 'string', default: checkout },
    ignore: { type: 'string', multiple: true, default: [] },
    summary: { type: 'boolean', default: false },
  },
});
const [command, ...folders] = positionals.map((one, place) => (place === 0 ? one : path.resolve(one)));

if (command === 'stores' && folders.length === 1) {
  await makeCopies(folders[0], isWanted(values.stores));
} else if (command === 'write' && folders.length === 1) {
  const copies = path.resolve(values.copies ?? path.join(folders[0], '../stores'));
  await write(folders[0], values.stores, copies, path.resolve(values.program));
} else if (command === 'compare' && folders.length === 2) {
  process.exitCode = compareFolders(...folders, isWanted(values.stores), values) === 0 ? 0 : 1;
} else {
  console.error('usage: frozen.mjs stores COPIES | write DIR | compare DIR1 DIR2; its first lines say more');
  process.exitCode = 2;
}
