import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { displayWidth } from '../../../src/present/width.ts';
import { FORBIDDEN } from '../../present/screens.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { startMessagesApi, text } from '../../support/messages-api.ts';
import { type Outcome, runProgram, startProgram } from './run-program.ts';

const BEST_F1 = 'Which run had the highest F1 score?';
const SCHEMA = path.join(import.meta.dirname, '../../../schema/answer.schema.json');

let folder: TemporaryFolder;
beforeAll(() => {
  folder = makeTemporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

const ask = (question: string, flags: readonly string[] = [], env: Record<string, string> = {}): Promise<Outcome> =>
  runProgram(['ask', question, ...flags], { cwd: folder.path, env });

describe('runsight ask', () => {
  it('answers over the bundled demo without settings, and says that it is the demo and its day', async () => {
    const { code, stdout, stderr } = await ask(BEST_F1);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^run-145 \(ec647f4f\) has the highest f1_score/);
    expect(stdout).toMatch(/bundled demo, where today is 2026-11-20/);
    expect(code).toBe(0);
  });

  it('draws a loss curve', async () => {
    const { stdout } = await ask('Plot the training loss curve for run 17');
    expect(stdout).toMatch(/[⠁-⣿]{4}/);
    expect(stdout).toContain('training_loss of run-017');
  });

  it.each([40, 60, 80, 160])('fits %i columns', async (width) => {
    const { stdout } = await ask('runs in experiment "fraud-detection-v2"', ['--width', String(width)]);
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  it('sends nothing but text down a pipe, and styles where they are asked for', async () => {
    expect((await ask(BEST_F1)).stdout).not.toMatch(FORBIDDEN);
    expect((await ask(BEST_F1, ['--color'])).stdout).toContain('\x1b[36mrun-145\x1b[39m');
    expect((await ask(BEST_F1, [], { FORCE_COLOR: '1' })).stdout).toContain('\x1b[');
    expect((await ask(BEST_F1, [], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\x1b[');
    expect((await ask('Plot the training loss of run 17', ['--ascii'])).stdout).not.toMatch(/[⠁-⣿│─]/);
  });

  it('shows a hostile run name and sends none of it', async () => {
    const { stdout } = await ask('list the runs of experiment 6');
    expect(stdout).toContain('\\x1b[31mred');
    expect(stdout).not.toMatch(FORBIDDEN);
  });

  it('ends quietly when its reader leaves', async () => {
    const child = startProgram(['ask', BEST_F1, '--json'], { cwd: folder.path });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });

  it('leaves the database and its folder byte for byte as they were', async () => {
    using own = makeTemporaryFolder();
    const database = copyDemo(own.path);
    const digest = () => createHash('sha256').update(readFileSync(database)).digest('hex');
    const before = digest();
    for (const question of [BEST_F1, 'Compare the last 3 runs', 'list experiments'])
      await ask(question, ['--uri', database]);
    expect(digest()).toBe(before);
    expect(readdirSync(own.path)).toEqual(['mlflow.db']);
  });

  it('prefers a database in the current folder to the demo', async () => {
    using own = makeTemporaryFolder();
    copyDemo(own.path);
    const { stdout } = await runProgram(['ask', BEST_F1], { cwd: own.path });
    expect(stdout).toContain('./mlflow.db');
    expect(stdout).not.toContain('bundled demo');
  });

  it('loads neither undici, nor the SDK, nor what stands behind fetch, nor what draws pictures or exports', async () => {
    const probe = new URL('list-loads.mjs', import.meta.url);
    const { stderr } = await ask(BEST_F1, ['--model', 'offline'], { NODE_OPTIONS: `--import=${probe}` });
    const loaded = stderr.split('\n');
    expect(loaded).toContain('node:sqlite');
    expect(
      loaded.filter((name) =>
        /undici|anthropic|rest-store|vega|resvg|readline|run-chat|take-away|@slack|run-slack/.test(name),
      ),
    ).toEqual([]);
  });

  it('loads what speaks to servers, but not what goes through proxies, where none is named', async () => {
    const probe = new URL('list-loads.mjs', import.meta.url);
    const load = async (env: Record<string, string>) => {
      const options = { NODE_OPTIONS: `--import=${probe}`, ...env };
      const { stderr } = await ask(BEST_F1, ['--model', 'offline', '--uri', 'http://127.0.0.1:1'], options);
      return /rest-store|undici$|proxy-route/gm[Symbol.match](stderr);
    };
    expect(new Set(await load({}))).toEqual(new Set(['rest-store', 'undici']));
    expect(await load({ HTTP_PROXY: 'http://127.0.0.1:1' })).toContain('proxy-route');
  });

  it('sets the clock by RUNSIGHT_NOW', async () => {
    const failed = async (now: string) =>
      (await ask('how many runs failed this month?', ['--json'], { RUNSIGHT_NOW: now })).stdout;
    const [october, november] = await Promise.all([failed('2026-10-31T12:00:00Z'), failed('2026-11-20T12:00:00Z')]);
    expect(JSON.parse(october).text).not.toBe(JSON.parse(november).text);
    expect(JSON.parse(october).receipt.now).toBe('2026-10-31T12:00:00.000Z');
  });
});

describe('runsight ask --json', () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')));

  it.each([
    [BEST_F1, 'answered', 0],
    ['Plot the training loss curve for run 17', 'answered', 0],
    ['which parameters matter most for f1?', 'answered', 0],
    ['list the runs of experiment 6', 'answered', 0],
    ['what is the weather today?', 'cannot', 5],
    ['which experiment is called fraud-detection-v9?', 'cannot', 5],
  ])('%s: a record that the schema describes', async (question, status, exit) => {
    const { code, stdout, stderr } = await ask(question, ['--json']);
    const record = JSON.parse(stdout);
    expect(schema.safeParse(record).error).toBeUndefined();
    expect([record.status, code, stderr]).toEqual([status, exit, '']);
  });

  it('holds faults as records too', async () => {
    const { code, stdout } = await ask(BEST_F1, ['--json', '--uri', 'none.db']);
    const record = JSON.parse(stdout);
    expect(schema.safeParse(record).error).toBeUndefined();
    expect([record.status, record.error.code, code]).toEqual(['error', 'not_found', 3]);
  });

  it('refuses what the schema does not know', () => {
    expect(schema.safeParse({ status: 'answered', text: '' }).success).toBe(false);
  });
});

describe('with a key', () => {
  it('answers through Claude what offline cannot, and keeps the key to itself', async () => {
    const api = await startMessagesApi([{ content: [text('Nothing here is about the weather.')] }]);
    const env = { ANTHROPIC_API_KEY: 'canary-key', ANTHROPIC_BASE_URL: api.url };
    const { code, stdout, stderr } = await ask('what is the weather like today?', ['--model', 'claude'], env);
    expect(stdout).toMatch(/^The model.s own words, .*\n\nNothing here is about the weather\./);
    expect(stdout + stderr).not.toContain('canary-key');
    expect(code).toBe(8);
    await api.close();
  });
});
