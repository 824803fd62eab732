/** What becomes of a creation whose answer is lost, and what is refused before anything is sent. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NewExperiment, openExperimentWriter } from '../../src/mlflow/experiment-writer.ts';

const { signal } = new AbortController();
const WANTED: NewExperiment = { name: 'new', tags: {} };

/** Of a server that breaks off after it did, or did not do, what it was asked. */
let does: 'keeps' | 'loses' | 'is somebody else';
let kept: { name: string; tags: unknown } | undefined;
let sent = 0;
const server = createServer(async (request, response) => {
  const body = await text(request);
  const answer = (status: number, json: object) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
  };
  if (request.url?.includes('/experiments/create')) {
    sent += 1;
    if (does !== 'loses') kept = JSON.parse(body);
    if (does === 'is somebody else' && kept) kept.tags = [];
    request.socket.destroy();
  } else if (request.url?.includes('/experiments/search')) answer(200, {});
  else if (kept === undefined) answer(404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' });
  else answer(200, { experiment: { experiment_id: '7', lifecycle_stage: 'active', ...kept } });
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

async function create(wanted: NewExperiment, key?: string) {
  kept = undefined;
  sent = 0;
  const writer = await openExperimentWriter(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {});
  try {
    return await writer.create(wanted, key, signal);
  } finally {
    await writer.close();
  }
}

test.each([undefined, 'a key'])('is sent once, and found where it came through (%s)', async (key) => {
  does = 'keeps';
  expect(await create(WANTED, key)).toEqual({ id: '7', name: 'new' });
  expect(sent).toBe(1);
});

test('fails where it did not come through, and where the one that is there is somebody else’s', async () => {
  does = 'loses';
  await expect(create(WANTED)).rejects.toMatchObject({ code: 'source_unreachable' });
  expect(sent).toBe(1);
  does = 'is somebody else';
  await expect(create(WANTED)).rejects.toMatchObject({ code: 'already_exists', hint: 'Its id is 7.' });
});

test.each<[NewExperiment, RegExp]>([
  [{ name: '', tags: {} }, /name/],
  [{ name: ' padded', tags: {} }, /name/],
  [{ name: 'two\nlines', tags: {} }, /name/],
  [{ name: 'x'.repeat(501), tags: {} }, /name/],
  [{ name: 'x', description: 'y'.repeat(5_001), tags: {} }, /5001 characters/],
  [{ name: 'x', tags: { 'mlflow.user': 'me' } }, /not for people/],
  [{ name: 'x', tags: { 'a`b': 'c' } }, /no key of a tag/],
  [{ name: 'x', tags: { a: 'b'.repeat(5_001) } }, /5001 characters/],
])('%j is refused before anything is sent', async (wanted, message) => {
  await expect(create(wanted)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(message),
  });
  expect(sent).toBe(0);
});

test.each(['sqlite:///mlflow.db', './mlruns', 'postgresql://host/db'])('%s is no server', async (uri) => {
  await expect(openExperimentWriter(uri, {})).rejects.toMatchObject({ code: 'unsupported_source' });
});
