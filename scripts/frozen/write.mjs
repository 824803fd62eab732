/** Asks one store everything through the program's command line, and the contract's questions of its store class. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The demo's own present. */
const NOW = '2026-11-20T18:00:00Z';

/** Every answer by its question; later turns of a conversation by its name and their place. */
export async function answersOf({ name, open, talks, isDemo = false }, program) {
  const home = mkdtempSync(path.join(tmpdir(), 'runsight-frozen-'));
  const { uri, close } = await open();
  const clean = cleaner([
    [uri, '<store>'],
    [program, '<checkout>'],
    [home, '<home>'],
  ]);
  try {
    const answers = await askAll(talks, program, uri, home);
    if (isDemo) Object.assign(answers, await askContract(program, uri));
    return JSON.parse(JSON.stringify(answers), clean);
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  } finally {
    await close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** A reviver that takes out what differs between two runs of one commit. */
function cleaner(places) {
  return function clean(key, value) {
    // Of the answer record: how long it took, and the state of the store's file at a call.
    if (key === 'timing_ms' || (key === 'revision' && 'tool' in this)) return undefined;
    if (typeof value !== 'string') return value;
    return places.reduce((text, [place, word]) => (place === undefined ? text : text.replaceAll(place, word)), value);
  };
}

/** Nothing of whoever runs this: no store, key or proxy of theirs. */
function environment(home) {
  const xdg = ['CONFIG', 'CACHE', 'STATE', 'DATA'].map((kind) => [`XDG_${kind}_HOME`, home]);
  return {
    PATH: process.env.PATH,
    HOME: home,
    TZ: 'UTC',
    NO_COLOR: '1',
    RUNSIGHT_NOW: NOW,
    ...Object.fromEntries(xdg),
  };
}

async function askAll(talks, program, uri, home) {
  const args = [path.join(program, 'src/main.ts'), 'chat', '--json', '--model', 'offline'];
  const child = spawn(process.execPath, uri === undefined ? args : [...args, '--uri', uri], {
    cwd: home,
    env: environment(home),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answers = {};
  for (const { name, turns } of talks) {
    for (const [place, question] of turns.entries()) {
      child.stdin.write(`${JSON.stringify({ question, reset: place === 0 })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`the program ended at “${question}”`);
      answers[name === '' ? question : `${name} ${place + 1}: ${question}`] = JSON.parse(value);
    }
  }
  child.stdin.end();
  return answers;
}

/** The one part that reads `src`: these questions are put to a store, in no words. */
async function askContract(program, uri) {
  const { openStore } = await import(path.join(program, 'src/mlflow/open-store.ts'));
  const { ASKED } = await import(path.join(program, 'test/contract/questions.ts'));
  const store = await openStore(uri ?? path.join(program, 'examples/demo/mlflow.db'));
  try {
    const { signal } = new AbortController();
    const answers = [];
    for (const [name, ask] of ASKED) answers.push([`contract: ${name}`, plain(await ask(store, signal))]);
    return Object.fromEntries(answers);
  } finally {
    await store.close();
  }
}

/** What JSON has no word for, as text that keeps it apart. */
function plain(value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${Object.is(value, -0) ? '-0' : value}`;
  if (value === undefined) return 'undefined';
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map) return { map: [...value].map(plain) };
  if (value instanceof Set) return { set: [...value].map(plain) };
  if (ArrayBuffer.isView(value)) return Array.from(value, plain);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
