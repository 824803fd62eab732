/** Conversations that outlive their chat: kept, listed, gone on with, in a terminal and down a pipe. */
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteConversations } from '../../../../src/conversations/sqlite.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../support/demo.ts';
import { hasTmux, openTerminal, type Terminal } from '../../../support/terminal.ts';
import { environment, program, runProgram } from '../run-program.ts';

let folder: TemporaryFolder;
let terminal: Terminal | undefined;
beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(() => {
  terminal?.close();
  terminal = undefined;
  folder[Symbol.dispose]();
});

const { signal } = new AbortController();
const file = () => path.join(folder.path, '.local', 'state', 'runsight', 'conversations.db');

/** A chat of its own process, until it is left. */
async function talk(args: readonly string[], lines: readonly string[], columns = 80): Promise<string> {
  const chat = openTerminal({
    columns,
    command: [...program, ...args],
    env: { ...environment(folder.path), NO_COLOR: '1' },
    folder: folder.path,
  });
  terminal = chat;
  await chat.until(/^> ?$/m);
  for (const line of lines) {
    const before = chat.everything();
    // A digit enters itself.
    if (/^\d$/.test(line)) chat.press(line);
    else chat.enter(line);
    await chat.wait(() => chat.everything() !== before && !chat.everything().endsWith(`> ${line}`), line);
    await chat.untilPrompt();
  }
  const said = chat.everything();
  chat.press('C-d');
  expect((await chat.end()).code).toBe(0);
  terminal = undefined;
  return said;
}

const kept = async () => {
  const store = await openSqliteConversations(file());
  try {
    return (await store.of('local').list(10)).entries;
  } finally {
    await store.close();
  }
};

const pipe = (args: readonly string[], stdin: string) => runProgram(args, { cwd: folder.path, stdin });

describe.skipIf(!hasTmux)('in a terminal', () => {
  it.each([60, 120])(
    'goes on, at %i columns, with the one whose number is pressed, from the last turn on',
    async (columns) => {
      await talk(['chat'], ['which runs failed in churn-prediction?'], columns);
      expect(statSync(file()).mode & 0o777).toBe(0o600);
      const said = await talk(['chat', '--resume'], ['1', 'and in digits-mlp?'], columns);
      expect(said).toMatch(/^1 {2}which runs failed.* · .*1 question$/m);
      expect(said).toMatch(/^Going on with "which runs failed/m);
      expect(said).toMatch(/^> which runs failed in churn-prediction\?\n.*churn-prediction/m);
      expect(said).toMatch(/digits-mlp[\s\S]*#2 · offline/);
      const [entry, ...others] = await kept();
      expect([entry?.turns, others]).toEqual([2, []]);
    },
  );

  it('keeps what /new leaves, forgets what /clear does, and /resume goes back by words of the title', async () => {
    const said = await talk(
      [],
      [
        'how many runs failed?',
        '/new',
        'which experiments are there?',
        '/clear',
        '/resume FAILED',
        '#1',
        '/resume nothing of that kind',
      ],
    );
    expect(said).toMatch(/Going on with "how many runs failed\?"/);
    expect(said).toMatch(/there is no conversation "nothing of that kind"/);
    expect((await kept()).map(({ title }) => title)).toEqual(['how many runs failed?']);
  });

  it('names a question that came to nothing, and asks it again', async () => {
    const store = await openSqliteConversations(file(), 1);
    // Its process is gone: nobody ends the turn.
    await store.of('local').begin('left', 'how many runs failed?', signal);
    await store.close();
    const said = await talk(['chat', '--resume', 'left'], ['1']);
    expect(said).toMatch(/Interrupted, without an answer: how many runs failed\?\nPress 1 to ask it again\./);
    expect(said).toMatch(/^9 FAILED runs/m);
    const [entry] = await kept();
    expect(entry).toMatchObject({ id: 'left', turns: 1 });
    expect(entry).not.toHaveProperty('interrupted');
  });

  it('talks on in memory, warned once, where nothing can be kept', async () => {
    mkdirSync(path.dirname(file()), { recursive: true });
    writeFileSync(file(), 'no database, but long enough to be read as one');
    const said = await talk(['chat', '--width', '200'], ['how many runs failed?', 'and in digits-mlp?'], 200);
    expect(said).toMatch(/#2 · offline/);
    expect(said.match(/from here on this chat ends with its window: conversations cannot be kept/g)).toHaveLength(1);
  });
});

describe('down a pipe', () => {
  it('keeps nothing, until it goes on with one by its id', async () => {
    await pipe(['chat'], 'how many runs failed?\n');
    const none = await pipe(['chat', '--resume'], '');
    expect([none.code, none.stderr]).toEqual([2, 'runsight: there is no conversation to resume yet\n']);
    const store = await openSqliteConversations(file());
    const turn = await store.of('local').begin('abc', 'first', signal);
    turn.conversation.messages = [{ role: 'user', text: 'first' }];
    await turn.end();
    await store.close();
    const asked = await pipe(['chat', '--resume'], 'how many runs failed?\n');
    expect([asked.code, asked.stdout, asked.stderr]).toEqual([
      2,
      '',
      'runsight: --resume needs an id where nobody can choose: abc (first)\n',
    ]);
    expect((await pipe(['chat', '--resume', 'abc'], 'how many runs failed?\n')).stdout).toMatch(/^9 FAILED runs/);
    const record = (await pipe(['chat', '--json', '--resume', 'abc'], '{"question":"and in digits-mlp?"}\n')).stdout;
    expect(JSON.parse(record)).toMatchObject({ status: 'answered', conversation: 'abc' });
    expect((await kept())[0]).toMatchObject({ id: 'abc', turns: 3 });
  });

  it('says in one line which one is not there, and what cannot be read', async () => {
    const { code, stdout, stderr } = await pipe(['chat', '--resume', 'gone'], 'how many runs failed?\n');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('runsight: there is no conversation "gone": it was deleted, or is not yours\n');
    expect((await pipe(['chat', '--resume', 'a', 'b'], '')).stderr).toMatch(
      /^runsight: --resume takes one id, not "a b"/,
    );
    chmodSync(file(), 0o600);
    writeFileSync(file(), 'no database, but long enough to be read as one');
    const damaged = await pipe(['chat', '--resume'], '');
    expect([damaged.code, damaged.stderr.split('\n').length]).toEqual([3, 2]);
  });
});
