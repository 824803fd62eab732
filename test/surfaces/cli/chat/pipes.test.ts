/** The chat where nobody sits before it: questions down a pipe, and JSON lines. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../support/demo.ts';
import { type Outcome, runProgram, startProgram } from '../run-program.ts';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = makeTemporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

const run = (args: readonly string[], stdin: string): Promise<Outcome> => runProgram(args, { cwd: folder.path, stdin });

describe('lines from a pipe', () => {
  it('are questions of one conversation, one answer each, without a prompt', async () => {
    const { stdout, stderr, code } = await run([], 'how many runs failed?\n\n#1\n/quit\nnever asked\n');
    expect(stdout).toMatch(/^9 FAILED runs in the whole store\.\n[\s\S]*#1 · offline[^\n]*\n\n9 FAILED runs/);
    expect(stdout).not.toMatch(/^>|never|\x1b/m);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('end in the code of the first that was not answered, and all are answered', async () => {
    const { stdout, stderr, code } = await run(['chat'], 'best run by perplexity\n/nope\nhow many runs failed?\n');
    expect(stdout).toMatch(/^No metric perplexity[\s\S]*9 FAILED runs/);
    expect(stderr).toBe('runsight: no command "/nope"; /help lists them\n');
    expect(code).toBe(5);
  });

  it('may be none: alone the program then says how it is called', async () => {
    expect((await run([], '')).stdout).toMatch(/^runsight answers questions/);
    expect(await run(['chat'], '')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('stop when nobody reads the answers any more', async () => {
    const child = startProgram([], { cwd: folder.path, stdin: 'how many runs failed?\n'.repeat(20_000) });
    child.stdin?.on('error', () => undefined);
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('are no way to give words to chat itself', async () => {
    const { code, stderr } = await run(['chat', 'best', 'run'], '');
    expect([code, stderr]).toEqual([2, 'runsight: chat takes no words; for one question: runsight ask "best run"\n']);
  });

  it('go on into a store that cannot be opened, with one line each', async () => {
    const { code, stdout, stderr } = await run(['chat', '--uri', 'none.db'], 'a\nb\n');
    expect(stderr).toMatch(/^(?:runsight: no database or mlruns folder at .*none\.db.*\n){2}$/);
    expect([code, stdout]).toEqual([3, '']);
  });
});

describe('chat --json', () => {
  const schema = z.fromJSONSchema(
    JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../../schema/answer.schema.json'), 'utf8')),
  );
  const talk = async (...lines: readonly (object | string)[]) => {
    const stdin = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
    const { stdout, stderr, code } = await run(['chat', '--json', '--model', 'offline'], stdin);
    expect([code, stderr]).toEqual([0, '']);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const record of records) expect(schema.safeParse(record).error).toBeUndefined();
    return records;
  };

  it('answers each line with one record, in one conversation until it is reset', async () => {
    const records = await talk(
      { question: 'how many runs failed?' },
      { question: 'best run by f1_score in churn-prediction' },
      { question: 'how many runs failed?', reset: true },
    );
    expect(records.map((record) => record.receipt.calls[0].handle)).toEqual(['#1', '#2', '#1']);
  });

  it('takes the number of a choice for its question', async () => {
    const [asked, chosen, again] = await talk(
      { question: 'which run is best?' },
      { question: '2' },
      { question: '2', reset: true },
    );
    expect(asked.status).toBe('clarify');
    expect([chosen.status, chosen.receipt.question]).toEqual(['answered', asked.choices[1].question]);
    expect(again.receipt.question).toBe('2');
  });

  it('gives a bad line an error record, and goes on', async () => {
    const records = await talk(
      'not JSON',
      '[]',
      { question: 7 },
      { question: 'x', reset: 'yes' },
      { ask: 'x' },
      { question: 'how many runs failed?' },
    );
    expect(records.map((record) => record.error?.code)).toEqual([
      ...Array.from({ length: 5 }, () => 'bad_request'),
      undefined,
    ]);
    expect(records.at(-1).status).toBe('answered');
  });
});
