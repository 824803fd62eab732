/** A server that is faster than its reader: between the events that it brings, everything else has its turn. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAnthropicModel } from '../../../src/agent/models/anthropic.ts';
import { watchLoop } from '../../support/loop-watch.ts';
import { askOnce, createDeps } from '../doubles.ts';

it('leaves the loop free', async () => {
  const server = spawn(process.execPath, [join(import.meta.dirname, '../../support/flood-server.mjs')]);
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const baseUrl = `http://127.0.0.1:${Number(port)}`;
    const model = createAnthropicModel({ apiKey: 'k', baseUrl, portable: false, sleep: async () => {} });
    // The first time it is compiled.
    await askOnce(createDeps(model, []));
    const watch = watchLoop();
    const { answer } = await askOnce(createDeps(model, []));
    const { longestMs } = watch.stop();
    expect(answer.error?.message).toMatch(/more than 4 MB/);
    // Without its pauses the reading of one full socket takes twice as long, and is followed by the next.
    expect(longestMs).toBeLessThan(100);
  } finally {
    server.kill();
  }
});
