import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, insertLatest, insertRun } from '../../support/databases.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { createClient, dataOf, REVISIONS } from '../mcp/connect.ts';
import { send } from './running-server.ts';
import { startServe } from './serve-process.ts';

let folder: TemporaryFolder;
let url: string;
beforeAll(async () => {
  folder = makeTemporaryFolder();
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
}, 120_000);
beforeEach(async () => {
  ({ url } = await startServe(folder.path, ['--uri', join(folder.path, 'many.db')]));
  await send(`${url}/healthz`);
});
afterAll(() => folder[Symbol.dispose]());

const question = 'which parameters matter most for f1?';

/** What was answered at the end, and that no health check waited meanwhile. */
async function whileChecked<T>(asking: Promise<T>): Promise<T> {
  let isOver = false;
  const over = asking.finally(() => (isOver = true));
  const waits: number[] = [];
  while (!isOver) {
    const began = performance.now();
    expect((await send(`${url}/healthz`)).status).toBe(200);
    waits.push(performance.now() - began);
    await setTimeout(10);
  }
  const answer = await over;
  process.stderr.write(`health checks during the read: ${waits.length}, slowest ${Math.max(...waits).toFixed(0)} ms\n`);
  expect(waits.length).toBeGreaterThan(5);
  expect(Math.max(...waits)).toBeLessThan(250);
  return answer;
}

describe('a health check does not wait for a question over 100,000 runs', { timeout: 240_000 }, () => {
  test('that is asked over HTTP', async () => {
    const { body } = await whileChecked(send(`${url}/api/v1/ask`, { body: { question } }));
    expect(body.status).toBe('answered');
  });

  test.each(REVISIONS)('that is asked over MCP of revision %s', async (revision) => {
    const client = createClient(revision);
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
    const answer = await whileChecked(client.callTool({ name: 'ask', arguments: { question } }, { timeout: 200_000 }));
    const { pending, status } = dataOf<{ pending?: unknown; status?: string }>(answer);
    expect(pending !== undefined || status === 'answered').toBe(true);
    await client.close();
  });
});
