/** `createRunsight` as a program uses it: answers, events, tools, conversations, faults, ends. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import * as z3 from 'zod/v3';
import * as entry from '../../../src/index.ts';
import * as library from '../../../src/library.ts';
import {
  ClosedError,
  ConfigError,
  createRunsight,
  defineTool,
  type Model,
  RunsightError,
  type RunsightOptions,
  StoreError,
  ToolError,
} from '../../../src/library.ts';
import { openStore } from '../../../src/mlflow/open-store.ts';
import { createBody } from '../../agent/doubles.ts';
import { demoPath, makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';

const env = { HOME: '/nonexistent', TZ: 'UTC', RUNSIGHT_NOW: '2026-11-20T18:00:00Z' };
const open = (options: RunsightOptions = {}) => createRunsight({ store: demoPath, model: 'offline', env, ...options });
const QUESTION = 'best run by auc_roc in churn-prediction';

let folder: TemporaryFolder;
const written: unknown[] = [];
beforeEach(() => {
  folder = makeTemporaryFolder();
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(text) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
  expect(written.splice(0)).toEqual([]);
});

test('the entry exports what the library does', () => {
  expect(Object.keys(entry).sort()).toEqual(Object.keys(library).sort());
});

test('answers, and tells what goes on', async () => {
  await using runsight = open();
  const answer = await runsight.ask(QUESTION);
  expect(answer).toMatchObject({ status: 'answered', findings: [{ tool: 'rank_runs' }] });
  const types = await Array.fromAsync(runsight.stream(QUESTION), ({ type }) => type);
  expect(types[0]).toBe('tool-start');
  expect(types.at(-1)).toBe('answer');
});

test('calls a tool and answers a query, without words', async () => {
  await using runsight = open();
  const finding = await runsight.call('rank_runs', { experiment: 'churn-prediction', metric: 'f1_score', top: 2 });
  expect(finding).toMatchObject({ tool: 'rank_runs', coverage: { unit: 'run' } });
  const query = { verb: 'count', from: { kind: 'run', scope: {} }, measure: [], by: [] } as const;
  expect(await runsight.query(query)).toMatchObject([{ tool: 'find_runs' }]);
});

test('says by typed errors what cannot be', async () => {
  await using runsight = open();
  const none = await runsight.call('rank_runs', { metric: 'no_such' }).catch((error) => error);
  expect(none).toBeInstanceOf(ToolError);
  expect(none).toMatchObject({ code: 'unknown_metric' });
  await expect(runsight.call('rank_ruins')).rejects.toMatchObject({ code: 'unknown_tool' });
  await expect(runsight.call('rank_runs', { top: -1 })).rejects.toMatchObject({ code: 'invalid_input' });
  const odd = { verb: 'promote', from: { kind: 'model', scope: {} }, measure: [], by: [] };
  await expect(runsight.query(odd as never)).rejects.toBeInstanceOf(ToolError);
  expect(() => open({ model: 'gpt' as 'auto' })).toThrow(ConfigError);
  expect(new ClosedError()).toBeInstanceOf(RunsightError);

  await using lost = open({ store: join(folder.path, 'nowhere.db') });
  await expect(lost.call('list_experiments')).rejects.toBeInstanceOf(StoreError);
  expect(await lost.ask(QUESTION)).toMatchObject({ status: 'error', error: { source: 'store' } });
});

test('ends what is aborted with the reason, and leaves no turn behind', async () => {
  await using runsight = open();
  const gone = AbortSignal.abort(new Error('enough'));
  await expect(runsight.ask(QUESTION, { signal: gone })).rejects.toThrow('enough');
  await expect(runsight.call('list_experiments', {}, { signal: gone })).rejects.toThrow('enough');
  await expect(runsight.conversations.list({ signal: gone })).rejects.toThrow('enough');
  for await (const _ of runsight.stream(QUESTION)) break;
  expect(await runsight.conversations.list()).toEqual({ entries: [], total: 0 });
});

test('closes once, whatever still runs', async () => {
  const runsight = open({ conversations: join(folder.path, 'c.db') });
  const left = runsight.stream(QUESTION)[Symbol.asyncIterator]();
  await left.next();
  const running = runsight.ask(QUESTION).catch((error) => error);
  await Promise.all([runsight.close(), runsight.close()]);
  expect(await running).toBeInstanceOf(ClosedError);
  await expect(left.next()).rejects.toBeInstanceOf(ClosedError);
  await expect(runsight.ask(QUESTION)).rejects.toBeInstanceOf(ClosedError);
  await expect(runsight.call('list_experiments')).rejects.toBeInstanceOf(ClosedError);
});

test('keeps conversations in a file: continued, renamed, branched, deleted', async () => {
  const conversations = join(folder.path, 'kept.db');
  const { conversation: id } = await (async () => {
    await using first = open({ conversations });
    return await first.ask('top 3 runs by auc_roc');
  })();
  await using second = open({ conversations });
  expect(await second.ask('and by f1_score?', { conversation: id })).toMatchObject({
    status: 'answered',
    conversation: id,
  });
  expect(await second.conversations.rename(id, 'Ship it')).toMatchObject({ title: 'Ship it', turns: 2 });
  const branch = await second.conversations.branch(id, { turns: 1 });
  expect(branch).toMatchObject({ turns: 1 });
  expect(await second.conversations.read(id)).toMatchObject({ entry: { id }, conversation: { id } });
  await using other = open({ conversations, owner: 'ann' });
  expect(await other.conversations.read(id)).toBeUndefined();
  expect(await second.conversations.delete(id)).toBe(true);
  expect(await second.conversations.delete(id)).toBe(false);
  expect((await second.conversations.list()).entries.map((one) => one.id)).toEqual([branch?.id]);
});

test('a tenant sees its own alone', async () => {
  await using runsight = open({ tenant: 'nobody' });
  expect(await runsight.call('list_experiments').catch(({ code }) => code)).not.toMatchObject({
    coverage: { matched: 3 },
  });
});

test("a store of one's own is left open", async () => {
  const store = await openStore(demoPath, {});
  const runsight = open({ store });
  expect(await runsight.ask(QUESTION)).toMatchObject({ status: 'answered', receipt: { store: demoPath } });
  await runsight.close();
  expect(await store.searchExperiments({}, new AbortController().signal)).not.toHaveLength(0);
  await store.close();
});

test("a model of one's own calls tools", async () => {
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, requests: 1 };
  const model: Model = {
    name: 'mine',
    canRepair: false,
    async *respond({ messages }) {
      const isFirst = messages.at(-1)?.role === 'user';
      const call = { id: '1', name: 'list_experiments', input: {} };
      yield {
        type: 'turn',
        turn: { model: 'mine', text: 'Look.', calls: isFirst ? [call] : [], stop: isFirst ? 'tools' : 'end', usage },
      };
    },
  };
  await using runsight = open({ model });
  expect(await runsight.ask('what is there?')).toMatchObject({
    findings: [{ tool: 'list_experiments' }],
    usage: { model: 'mine', requests: 2 },
  });
});

const about = { title: 'Sky', description: 'The sky.', kind: 'sky', readOnly: true } as const;

test('tools are written with zod 4 or with zod 3', async () => {
  const body = (city: string) => createBody([['sky', 'text']], [[`grey in ${city}`]]);
  const four = defineTool({
    ...about,
    name: 'sky_four',
    input: z.strictObject({ city: z.string().describe('Where.') }),
    run: async ({ city }) => body(city),
  });
  const three = defineTool({
    ...about,
    name: 'sky_three',
    input: z3.object({ city: z3.string().describe('Where.') }).strict(),
    run: async ({ city }) => body(city),
  });
  const shape = {
    type: 'object',
    properties: { city: { type: 'string', description: 'Where.' } },
    required: ['city'],
    additionalProperties: false,
  };
  expect([four.inputSchema(), three.inputSchema()]).toEqual([shape, shape]);
  await using runsight = open({ tools: [four, three] });
  for (const tool of ['sky_four', 'sky_three']) {
    expect(await runsight.call(tool, { city: 'Bonn' })).toMatchObject({ tool, input: { city: 'Bonn' } });
    await expect(runsight.call(tool, { city: 1 })).rejects.toMatchObject({ code: 'invalid_input' });
  }
  const input = { type: 'object' } as never;
  expect(() => defineTool({ ...about, name: 'sky', input, run: async () => body('') })).toThrow(/no object schema/);
});
