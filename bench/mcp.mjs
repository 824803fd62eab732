/**
 * Times the built server from its start until its tools are listed, interleaved in the same run with a bare server of ten
 * tools that is bundled by the same bundler and has a compile cache too.
 *
 * usage: node bench/mcp.mjs [--smoke] [--n 15]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';
import { print, summarize } from './figures.mjs';

const root = path.join(import.meta.dirname, '..');
const node = path.join(root, 'node_modules/.bin/node');
const TARGET_RATIO = 1.3;

/** Tools with inputs as large as ours: a text, a number, a choice and a list each. */
const BARE = `
import module from 'node:module';
module.enableCompileCache(process.env.BARE_CACHE);
await import('./bare-server.mjs');
`;
const BARE_SERVER = `
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const text = (description) => z.string().optional().describe(description);
serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  for (let tool = 1; tool <= 10; tool++) {
    const inputSchema = z.strictObject({
      experiment: text('name or id; default: the whole store'),
      filter: text('e.g. metrics.f1 > 0.9 AND params.lr <= 0.01'),
      metric: text('key of the metric'),
      limit: z.int().min(1).max(1000).optional().describe('rows to show'),
      order: z.enum(['best', 'worst', 'highest', 'lowest']).optional(),
      columns: z.array(z.string()).max(20).optional().describe('keys to show'),
    });
    const description = 'Lists or counts runs of any status by a filter. Not for the best run or averages.';
    const outputSchema = z.object({ rows: z.array(z.object({ name: z.string(), value: z.number() })) });
    const annotations = { readOnlyHint: true };
    server.registerTool('tool_' + tool, { description, inputSchema, outputSchema, annotations }, () => ({
      content: [{ type: 'text', text: 'done' }],
      structuredContent: { rows: [] },
    }));
  }
  return server;
});
`;

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, n: { type: 'string' } } });
const turns = Number(values.n ?? (values.smoke ? 5 : 15));
const home = mkdtempSync(path.join(tmpdir(), 'runsight-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** Bundled below the package's own folder, where its imports are found. */
async function makeBareServer() {
  const folder = path.join(root, 'node_modules/.cache', `bench-mcp-${process.pid}`);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'bare.mjs'), BARE);
  writeFileSync(path.join(folder, 'source.mjs'), BARE_SERVER);
  await build({
    cwd: folder,
    input: 'source.mjs',
    platform: 'node',
    output: { file: path.join(folder, 'bare-server.mjs'), format: 'esm' },
    logLevel: 'silent',
  });
  return path.join(folder, 'bare.mjs');
}

const message = (fields) => `${JSON.stringify({ jsonrpc: '2.0', ...fields })}\n`;

/** Milliseconds from the start of the process until the tools are listed, and how many there are. */
async function time(args) {
  const started = performance.now();
  const child = spawn(node, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC', BARE_CACHE: path.join(home, 'bare') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const clientInfo = { name: 'bench', version: '1' };
  child.stdin.write(
    message({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } }),
  );
  let rest = '';
  let elapsed;
  let tools = 0;
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const reply of lines.map((line) => JSON.parse(line))) {
      if (reply.id === 1) {
        child.stdin.write(message({ method: 'notifications/initialized' }));
        child.stdin.write(message({ id: 2, method: 'tools/list', params: {} }));
      } else if (reply.id === 2) {
        elapsed = performance.now() - started;
        tools = reply.result.tools.length;
        child.stdin.end();
      }
    }
  }
  if (child.exitCode === null) await once(child, 'exit');
  if (elapsed === undefined || child.exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
  return { elapsed, tools };
}

const bareServer = await makeBareServer();
const ours = () => time([path.join(root, 'dist/bin.js'), 'mcp']);
const bare = () => time([bareServer]);

// The first start of each fills its compile cache.
const { tools } = await ours();
await bare();
const own = [];
const bares = [];
for (let turn = 0; turn < turns; turn++) {
  bares.push((await bare()).elapsed);
  own.push((await ours()).elapsed);
}
const [total, floor] = [summarize(own), summarize(bares)];
// Pair by pair: a machine that others use too drifts.
const ratio = summarize(own.map((elapsed, turn) => elapsed / bares[turn])).median;
const leastRatio = total.least / floor.least;

console.log(`start until the tools are listed, n = ${turns}, Node ${process.version}`);
print(`runsight mcp (${tools} tools)`, total);
print('bare server (10 tools)', floor);
console.log(`ratio ${ratio.toFixed(2)} (of the least ${leastRatio.toFixed(2)}); target at most ${TARGET_RATIO}`);
