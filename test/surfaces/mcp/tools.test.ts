/** Every tool through a real client of both revisions: what it says of itself, and what it gives. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ConfigError } from '../../../src/config/error.ts';
import { chooseTools } from '../../../src/surfaces/mcp/offered.ts';
import { tools } from '../../../src/tools/index.ts';
import { CALLS } from './calls.ts';
import { blocksOf, dataOf, isError, openSession, REVISIONS, type Session, textOf } from './connect.ts';

const RECORD = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schema/answer.schema.json'), 'utf8'));
const { finding: FINDING, ...DEFS } = RECORD.$defs;
const Finding = z.fromJSONSchema({ ...FINDING, $defs: DEFS });
const Answer = z.fromJSONSchema(RECORD);

describe.each(REVISIONS)('a client of revision %s', (revision) => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(revision);
  });
  afterAll(() => session[Symbol.asyncDispose]());

  it('speaks that revision', () => expect(session.client.getNegotiatedProtocolVersion()).toBe(revision));

  it('is offered every capability, ask, get_answer and query, each whole and read-only', async () => {
    const listed = (await session.client.listTools()).tools;
    expect(listed.map(({ name }) => name)).toEqual(['ask', 'get_answer', ...tools.map(({ name }) => name), 'query']);
    for (const { title, description, annotations, inputSchema, outputSchema } of listed) {
      expect([title, description].every((words) => words !== undefined && words.length >= 5)).toBe(true);
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false, openWorldHint: false });
      expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object']);
    }
  });

  it.each(tools.map(({ name }) => name))('%s gives text, the finding and where to read it again', async (name) => {
    const result = await session.client.callTool({ name, arguments: CALLS[name] ?? {} });
    expect(isError(result), textOf(result)).toBe(false);
    expect(Finding.safeParse(dataOf(result)).error).toBeUndefined();
    expect(dataOf(result)).toMatchObject({ tool: name, handle: '#1' });
    expect(encode(textOf(result)).length).toBeLessThan(1000);
    const [link] = blocksOf(result).filter(({ type }) => type === 'resource_link');
    const { contents } = await session.client.readResource({ uri: link?.uri ?? '' });
    expect(JSON.parse((contents[0] as { text: string }).text)).toEqual(dataOf(result));
  });

  it('asks, and goes on in the conversation', async () => {
    const first = await session.client.callTool({ name: 'ask', arguments: { question: 'best run by f1?' } });
    expect(Answer.safeParse(dataOf(first)).error).toBeUndefined();
    expect(textOf(first)).toContain('run-145');
    const { conversation } = dataOf<{ conversation: string }>(first);
    const second = await session.client.callTool({
      name: 'ask',
      arguments: { question: 'and the second?', conversation },
    });
    expect(textOf(second)).toContain('run-009');
    expect(dataOf(second)).toMatchObject({ conversation, status: 'answered' });
  });

  it('gets a curve as picture, words and data', async () => {
    const question = 'Plot the training loss curve for run 17';
    const result = await session.client.callTool({ name: 'ask', arguments: { question } });
    const [image] = blocksOf(result).filter(({ type }) => type === 'image');
    expect(
      Buffer.from(image?.data ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(dataOf<{ charts: { series: { points: unknown[] }[] }[] }>(result).charts[0]?.series[0]?.points).toHaveLength(
      60,
    );
    expect(textOf(result)).toContain('Chart: ');
    const link = blocksOf(result).find(({ uri }) => uri?.startsWith('runsight://charts/'));
    const { contents } = await session.client.readResource({ uri: link?.uri ?? '' });
    expect(contents[0]).toMatchObject({ mimeType: 'image/png', blob: image?.data });
  });

  it('is told which page shows what a tool gives, and reads it: one that reaches nobody', async () => {
    const listed = (await session.client.listTools()).tools;
    const uris = new Set(listed.map(({ _meta }) => (_meta as { ui: { resourceUri: string } }).ui.resourceUri));
    expect([...uris]).toEqual(['ui://runsight/view.html']);
    const [uri = ''] = uris;
    const { resources } = await session.client.listResources();
    const ui = { csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] } };
    const page = { uri, mimeType: 'text/html;profile=mcp-app', _meta: { ui } };
    expect(resources.find((one) => one.uri === uri)).toMatchObject(page);
    const [content] = (await session.client.readResource({ uri })).contents;
    expect(content).toMatchObject(page);
    expect((content as { text: string }).text).toMatch(/^<!doctype html>.*<script type="module">.+<\/script>/s);
    expect((content as { text: string }).text).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)=/);
  });

  it('is refused in one line that names the tool, what is wrong and what would work', async () => {
    const wrong = await session.client.callTool({ name: 'rank_runs', arguments: { metrics: 'f1_score', top: 0 } });
    expect([isError(wrong), textOf(wrong)]).toEqual([true, expect.stringMatching(/^rank_runs: .*metrics.*top$/)]);
    const unknown = await session.client.callTool({ name: 'rank_runs', arguments: { metric: 'perplexity' } });
    expect([isError(unknown), textOf(unknown)]).toEqual([
      true,
      expect.stringMatching(/^No metric `perplexity`[^\n]*$/),
    ]);
    const near = await session.client.callTool({ name: 'describe_experiment', arguments: { experiment: 'churn' } });
    expect(textOf(near)).not.toContain('\n');
    const empty = await session.client.callTool({ name: 'ask', arguments: {} });
    expect([isError(empty), textOf(empty)]).toEqual([true, expect.stringMatching(/^question: [^\n]*$/)]);
    await expect(session.client.callTool({ name: 'delete_run', arguments: {} })).rejects.toThrow(/delete_run/);
  });
});

it('the list costs a model no more than the design allows', async () => {
  await using session = await openSession();
  const listed = (await session.client.listTools()).tools;
  const sent = listed.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  expect(encode(JSON.stringify(sent)).length).toBeLessThan(3000);
});

describe('--tools', () => {
  const offered = (chosen: string | undefined) => {
    const isOffered = chooseTools(chosen, tools);
    return ['ask', 'get_answer', 'query', ...tools.map(({ name }) => name)].filter(isOffered);
  };

  it.each([
    ['query', ['query']],
    ['ask', ['ask', 'get_answer']],
    ['rank_runs, get_run', ['rank_runs', 'get_run']],
    ['experiment', ['list_experiments', 'describe_experiment']],
  ])('%s', (chosen, expected) => expect(offered(chosen)).toEqual(expected));

  it('names all of a kind', () =>
    expect(offered('run')).toEqual(tools.flatMap(({ kind, name }) => (kind === 'run' ? name : []))));

  it('says what there is where a name is wrong', () =>
    expect(() => offered('rank_run')).toThrow(
      new ConfigError('--tools: nothing is called "rank_run"; nearest: rank_runs, get_run, run'),
    ));

  it('is all that a client sees', async () => {
    await using session = await openSession('2025-11-25', { tools: 'experiment,ask' });
    const names = (await session.client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(['ask', 'get_answer', 'list_experiments', 'describe_experiment']);
  });
});
