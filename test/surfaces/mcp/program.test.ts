/** The built program as clients start it: standard output is the protocol's alone, and nothing else loads the server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { environment, program, runProgram, startProgram } from '../cli/run-program.ts';
import { createClient, REVISIONS, textOf } from './connect.ts';

let home: TemporaryFolder;
beforeAll(() => {
  home = makeTemporaryFolder();
});
afterAll(() => home[Symbol.dispose]());

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const lines = (...messages: readonly unknown[]) =>
  messages.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');

describe.each(REVISIONS)('a client of revision %s', (revision) => {
  it('starts it, asks, and ends it', async () => {
    const [command = '', ...args] = program;
    const transport = new StdioClientTransport({
      command,
      args: [...args, 'mcp', '--model', 'offline'],
      cwd: home.path,
      env: environment(home.path),
      stderr: 'pipe',
    });
    let talk = '';
    transport.stderr?.on('data', (chunk) => (talk += chunk));
    const client = createClient(revision);
    await client.connect(transport);
    expect((await client.listTools()).tools).toHaveLength(12);
    const asked = await client.callTool({ name: 'ask', arguments: { question: 'best run by f1?' } });
    expect(textOf(asked)).toContain('run-145');
    await client.close();
    expect(talk).toBe('');
  });
});

it('ends with its input, and writes nothing but answers', async () => {
  const stdin = lines(INITIALIZE);
  const { code, stdout } = await runProgram(['mcp'], { cwd: home.path, stdin });
  expect(code).toBe(0);
  for (const line of stdout.trim().split('\n').filter(Boolean))
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});

it('goes on after lines that are none of the protocol, and ends at one that is too long', async () => {
  const [command = '', ...args] = program;
  const child = spawn(command, [...args, 'mcp'], { cwd: home.path, env: environment(home.path) });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
  child.stdin.write(lines('what?', '{"jsonrpc":"2.0"}', INITIALIZE));
  const [answer] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  expect(JSON.parse(answer)).toMatchObject({ id: 1, result: { serverInfo: { name: 'runsight' } } });
  child.stdin.on('error', () => {});
  child.stdin.write('x'.repeat(11 << 20));
  expect(await once(child, 'exit')).toEqual([0, null]);
  for (const line of errors.trim().split('\n')) expect(line).toMatch(/^runsight: /);
});

it('serves over HTTP until it is told to stop', async () => {
  const child = startProgram(['mcp', '--http', '--port', '0'], { cwd: home.path });
  let said = '';
  for await (const chunk of child.stderr?.setEncoding('utf8') ?? []) {
    said += chunk;
    if (said.includes('\n')) break;
  }
  const url = /http:\S+/.exec(said)?.[0] ?? '';
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it.each([
  [['mcp', 'start'], /mcp takes no "start"/],
  [['mcp', '--tools', 'rank'], /--tools: nothing is called "rank"/],
  [['mcp', '--remove'], /mcp has no use for --remove/],
  [['mcp', 'setup', 'cursor', '--http'], /mcp setup has no use for --http/],
  [['mcp', '--http', '--port', 'x'], /--port x is no port/],
  [['mcp', '--http', '--host', '0.0.0.0'], /RUNSIGHT_MCP_TOKEN/],
])('refuses %j in one line', async (args, words) => {
  const { code, stdout, stderr } = await runProgram(args, { cwd: home.path, stdin: '' });
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(words)]);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

it('is loaded by no other command', async () => {
  const hook = path.join(import.meta.dirname, '../cli/list-loads.mjs');
  const env = { NODE_OPTIONS: `--import=${hook}` };
  const { stderr } = await runProgram(['ask', 'best run by f1', '--model', 'offline'], { cwd: home.path, env });
  expect(stderr).toContain('shared.js');
  expect(stderr).not.toMatch(/(?:mcp|stdio|http|setup)\.js|hono|modelcontextprotocol/);
});

it('loads what answers, and what reads a store, only when something is asked', async () => {
  const hook = path.join(import.meta.dirname, '../cli/list-loads.mjs');
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} };
  const ask = { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'ask', arguments: { question: 'hi' } } };
  const loaded = async (answers: number, ...messages: readonly unknown[]) => {
    const [command = '', ...args] = program;
    const env = { ...environment(home.path), NODE_OPTIONS: `--import=${hook}` };
    const child = spawn(command, [...args, 'mcp', '--model', 'offline'], { cwd: home.path, env });
    let names = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => (names += chunk));
    child.stdin.write(lines(INITIALIZE, { jsonrpc: '2.0', method: 'notifications/initialized' }, ...messages));
    let said = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      said += chunk;
      if (said.split('\n').length > answers) child.stdin.end();
    }
    return names;
  };
  const answering = /shared\.js|sql\.js|node:sqlite/;
  expect(await loaded(2, list)).not.toMatch(answering);
  expect(await loaded(2, ask)).toMatch(answering);
});
