import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDatabase, insertLatest, insertRun } from '../../support/databases.ts';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { send } from './running-server.ts';
import { startServe } from './serve-process.ts';

test('a health check does not wait for a question over 100,000 runs', { timeout: 240_000 }, async () => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'many.db');
  const database = createDatabase(path, '3');
  database.exec('BEGIN');
  for (let run = 0; run < 100_000; run++) {
    const id = run.toString(16).padStart(32, '0');
    insertRun(database, {
      id,
      start: run,
      params: { lr: String((run % 7) / 100), depth: String(run % 5), seed: String(run) },
    });
    insertLatest(database, id, 'f1', (run % 997) / 997);
  }
  database.exec('COMMIT');
  database.close();
  const { url } = await startServe(folder.path, ['--uri', path]);
  await send(`${url}/healthz`);
  let isOver = false;
  const asking = send(`${url}/api/v1/ask`, { body: { question: 'which parameters matter most for f1?' } }).finally(
    () => (isOver = true),
  );
  const waits: number[] = [];
  while (!isOver) {
    const began = performance.now();
    expect((await send(`${url}/healthz`)).status).toBe(200);
    waits.push(performance.now() - began);
    await setTimeout(10);
  }
  expect((await asking).body.status).toBe('answered');
  process.stderr.write(`health checks during the read: ${waits.length}, slowest ${Math.max(...waits).toFixed(0)} ms\n`);
  expect(waits.length).toBeGreaterThan(5);
  expect(Math.max(...waits)).toBeLessThan(250);
});
