/** The chat in a real pseudo-terminal, at three widths. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../support/demo.ts';
import { type MessagesApi, type Reply, startMessagesApi, text, thinking } from '../../../support/messages-api.ts';
import { hasTmux, openTerminal, type Terminal } from '../../../support/terminal.ts';
import { environment, program } from '../run-program.ts';

const WIDTHS = [60, 80, 160] as const;
const READY = /^Ask: .*\n\n> ?$/m;

if (!hasTmux) console.warn('SKIPPED: the chat in a terminal needs tmux, which is not installed here');

let folder: TemporaryFolder;
let terminal: Terminal | undefined;
let api: MessagesApi | undefined;
beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(async () => {
  terminal?.close();
  // Whatever a failed test has left of the script is not the failure to report.
  await api?.close().catch(() => undefined);
  terminal = undefined;
  api = undefined;
  folder[Symbol.dispose]();
});

interface Session {
  readonly columns?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function openChat({ columns = 80, args = [], env = {} }: Session = {}): Promise<Terminal> {
  terminal = openTerminal({
    columns,
    command: [...program, ...args],
    env: { ...environment(folder.path), NO_COLOR: '1', ...env },
    folder: folder.path,
  });
  await terminal.until(READY);
  return terminal;
}

async function openClaude(script: readonly Reply[], columns = 80): Promise<Terminal> {
  api = await startMessagesApi(script);
  return openChat({
    columns,
    args: ['chat', '--model', 'claude'],
    env: { ANTHROPIC_API_KEY: 'canary-key', ANTHROPIC_BASE_URL: api.url },
  });
}

/** Everything that was said by the time the answer is there. */
async function ask(chat: Terminal, line: string): Promise<string> {
  const asked = () => chat.unwrapped().split(`> ${line}\n`).length;
  const before = asked();
  chat.enter(line);
  await chat.wait(() => asked() > before, `the question "${line}"`);
  await chat.untilPrompt();
  return chat.everything();
}

/** No row was broken by the terminal: all that is longer than the screen was fitted by us. */
async function expectUnbroken(chat: Terminal): Promise<void> {
  // A clock may tick between the two looks.
  await vi.waitFor(() => expect(chat.everything()).toBe(chat.unwrapped()));
}

/** Times differ from run to run. */
const withoutTimes = (shown: string): string => shown.replace(/[\d.]+ m?s$/gm, 'T ms');

/** A draft that is longer than the screen, and stays one. */
const LONG = Array.from(
  { length: 40 },
  (_, index) => `DRAFT ${index}, of which nothing may be left on the screen.`,
).join('\n\n');
const STALLED: Reply = { content: [text(LONG)], break: { after: 120, by: 'stall' } };
const SHORT: Reply = { content: [text('Nothing here is about that.')] };

describe.skipIf(!hasTmux).each(WIDTHS)('at %i columns', (columns) => {
  it('begins with three lines, then answers, draws, lists and leaves without a row too long', async () => {
    const chat = await openChat({ columns });
    const first = chat.screen().split('\n');
    expect(first).toHaveLength(5);
    expect(first[0]).toMatch(/^Runsight · bundled demo/);
    expect(first[1]).toMatch(/^\d+ experiments, \d+ runs$/);
    const question = /^Ask: (.*)\?/.exec(first[2] ?? '')?.[1] ?? '';
    expect(await ask(chat, question)).toMatch(/#1 · offline · [\d.]+ m?s\n\n>$/);
    expect(await ask(chat, 'show the last 40 runs')).toMatch(/#2 · offline/);
    const rows = chat.everything().match(/^(?:\S.*)?\([0-9a-f]{8}\)/gm) ?? [];
    expect(rows.length).toBeGreaterThanOrEqual(40);
    await ask(chat, 'plot the training loss of run 17');
    await ask(chat, '/plot #3');
    expect(chat.everything().match(/┤/g)?.length).toBeGreaterThanOrEqual(columns < 60 ? 0 : 8);
    await expectUnbroken(chat);
    chat.press('C-d');
    expect((await chat.end()).code).toBe(0);
  });

  it('shows what it can be told', async () => {
    const chat = await openChat({ columns });
    await ask(chat, '/help');
    await ask(chat, '/experiment');
    await ask(chat, '/experiment digist');
    await ask(chat, '/experiment digits-mlp');
    await ask(chat, '/model');
    await ask(chat, '/model claude');
    await ask(chat, '/plto');
    await ask(chat, '/why');
    await ask(chat, '#7');
    await ask(chat, '/cost');
    await ask(chat, '/experiment all');
    await ask(chat, '/clear');
    await expectUnbroken(chat);
    await expect(`${withoutTimes(chat.everything())}\n`).toMatchFileSnapshot(`golden/commands-${columns}.txt`);
  });

  it('takes away a draft, however long, when the question is cancelled', async () => {
    const chat = await openClaude([STALLED, SHORT], columns);
    chat.enter('tell me a story');
    await chat.until(/DRAFT[\s\S]*Ctrl-C cancels$/);
    await chat.settle();
    expect(chat.screen().split('\n').length).toBeLessThanOrEqual(24);
    await expectUnbroken(chat);
    chat.press('C-c');
    expect(await chat.untilPrompt()).toMatch(/> tell me a story\nCancelled\.\n\n>$/);
    expect(chat.everything()).not.toContain('DRAFT');
    expect(await ask(chat, 'and now?')).toMatch(/Nothing here is about that\.[\s\S]*claude-sonnet/);
    expect(chat.everything()).not.toContain('DRAFT');
  });
});

describe.skipIf(!hasTmux)('keys', () => {
  it('Tab completes commands, their arguments and names, and lists what is left open', async () => {
    const chat = await openChat();
    chat.type('/exper');
    chat.press('Tab');
    await chat.until(/^> \/experiment$/m);
    chat.type('dig');
    chat.press('Tab');
    await chat.until(/^> \/experiment digits-mlp$/m);
    chat.press('Enter');
    await chat.until(/^digits-mlp >$/m);
    chat.type('best run by val_l');
    chat.press('Tab');
    await chat.until(/^digits-mlp > best run by val_loss$/m);
    chat.press('C-c');
    chat.type('compare run-01');
    chat.press('Tab');
    await chat.until(/^run-010\b.*run-01\d[\s\S]*digits-mlp > compare run-01$/m);
    await expectUnbroken(chat);
  });

  it('Ctrl-C clears a half-typed line, and twice at an empty prompt leaves', async () => {
    const chat = await openChat();
    chat.type('half a quest');
    await chat.until(/half a quest$/);
    chat.press('C-c');
    await chat.untilPrompt();
    expect(chat.screen()).not.toContain('half');
    chat.press('C-c');
    await chat.until(/Press Ctrl-C again to leave\.\n>$/);
    chat.press('C-c');
    expect((await chat.end()).code).toBe(130);
  });

  it('typed during an answer wait for the prompt, and are asked then', async () => {
    const chat = await openClaude([STALLED, SHORT]);
    chat.enter('tell me a story');
    await chat.until(/DRAFT/);
    chat.enter('something else');
    await chat.until(/> something else/);
    chat.press('C-c');
    await chat.until(/about that\./);
    expect(await chat.untilPrompt()).toMatch(
      /Cancelled\.\n\n> something else\nThe model.s own words.*\n\nNothing here is about that\./,
    );
  });

  it('a digit asks its choice at once, and a number that there is not gets the choices again', async () => {
    const chat = await openChat();
    const asked = await ask(chat, 'which run is best?');
    expect(asked).toMatch(/Press a number to ask:\n1\. .*\n2\. /);
    const second = /^2\. .*"(.*)"/m.exec(asked)?.[1] ?? 'nothing';
    expect(await ask(chat, '9')).toMatch(/no choice 9: the numbers go from 1 to \d/);
    chat.press('2', 'Enter');
    await chat.until(/#1/);
    await chat.untilPrompt();
    // The Enter that came with the digit is part of it.
    expect(chat.everything()).toMatch(new RegExp(`> 2\\n[\\s\\S]* ${second} [\\s\\S]*#1 · offline[^\\n]*\\n\\n>$`));
    await expectUnbroken(chat);
  });

  it('a digit that was typed before there was anything to choose begins a question', async () => {
    const chat = await openChat();
    // At once, so that the answer cannot come in between.
    chat.type('which run is best?\r2 runs');
    await chat.until(/Press a number to ask:[\s\S]*> 2 runs$/);
    chat.press('C-c');
    await chat.untilPrompt();
    expect(chat.everything()).not.toContain('#1');
  });

  it('what is longer than a question may be is left out aloud, and keys that come at once are all there', async () => {
    const chat = await openChat();
    chat.paste('x'.repeat(12_000));
    await chat.until(/^A question has up to 10,000 characters: the last 12,000 were left out\.\n> ?$/m);
    chat.paste('word '.repeat(100));
    await chat.until(/(?:word ){5,}/);
    chat.press('C-c');
    chat.enter('how many runs failed?');
    await chat.until(/^9 FAILED runs/m);
  });

  it('a paste of several lines is one question, asked when Enter says so', async () => {
    const chat = await openChat();
    chat.paste('which run had\nthe best f1_score\n\tin churn-prediction?\n');
    await chat.until(/^> which run had↵the best f1_score↵ in churn-prediction\?$/m);
    chat.press('Enter');
    await chat.until(/#1/);
    await chat.untilPrompt();
    expect(chat.everything()).toMatch(/f1_score in churn-prediction: 0\.733968/);
    expect(chat.everything().match(/^#\d/gm)).toHaveLength(1);
  });

  it('Up brings a question of the session before, kept in a private file', async () => {
    const before = await openChat();
    await ask(before, 'how many runs failed?');
    before.press('C-d');
    await before.end();
    before.close();
    const file = path.join(folder.path, '.local/state/runsight/history');
    expect(readFileSync(file, 'utf8')).toBe('how many runs failed?\n');
    expect([file, path.dirname(file)].map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o700]);
    const after = await openChat();
    after.press('Up');
    await after.until(/^> how many runs failed\?$/m);
  });
});

describe.skipIf(!hasTmux)('a terminal that changes', () => {
  it('in size, keeps one prompt line, and nothing of a draft', async () => {
    const chat = await openClaude([STALLED]);
    chat.type('a question that is long enough to need a second row once the screen has become narrow');
    await chat.until(/narrow$/);
    for (const columns of [60, 160, 50, 80]) {
      chat.resize(columns);
      await chat.settle();
      expect(chat.unwrapped()).toMatch(/become narrow$/);
      expect(chat.unwrapped().match(/a question that is/g), `at ${columns} columns`).toHaveLength(1);
    }
    chat.press('Enter');
    await chat.until(/DRAFT/);
    for (const columns of [60, 160, 50]) {
      chat.resize(columns);
      await chat.settle();
      expect(chat.screen()).toMatch(/DRAFT[\s\S]*Ctrl-C cancels$/);
    }
    chat.press('C-c');
    await chat.untilPrompt();
    expect(chat.everything()).not.toMatch(/DRAFT|cancels/);
    expect(chat.unwrapped().match(/a question that is/g)).toHaveLength(1);
  });

  it('in size after an answer, gets the next one at its width', async () => {
    const chat = await openChat({ columns: 160 });
    await ask(chat, 'best run by f1_score in churn-prediction?');
    chat.resize(60);
    await chat.settle();
    await ask(chat, '/clear');
    await ask(chat, 'best run by f1_score in churn-prediction?');
    const rows = chat.screen().split('\n');
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(60);
    const since = (shown: string) => shown.slice(shown.indexOf('> /clear'));
    expect(since(chat.everything())).toBe(since(chat.unwrapped()));
  });

  it.each([
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)('by %s, ends quietly and is left as it was', async (name, signal) => {
    const chat = await openClaude([STALLED]);
    chat.enter('tell me a story');
    await chat.until(/DRAFT/);
    process.kill(chat.pid, name);
    expect((await chat.end()).signal).toBe(signal);
    expect(chat.everything()).not.toMatch(/DRAFT|cancels|Error/);
    expect(chat.written().lastIndexOf('\x1b[?2004l')).toBeGreaterThan(chat.written().lastIndexOf('\x1b[?2004h'));
  });

  it('shows nothing that text from a model or a person could steer it with', async () => {
    const chat = await openClaude([{ content: [thinking('hm \x1b[2J'), text('a \x1b]52;c\x07 b')] }]);
    expect(await ask(chat, 'what is there?')).toMatch(/^a \\x1b\]52.*;c\\x07 b$/m);
    chat.paste('pasted \x1b[2J\x03 text');
    await chat.until(/^> pasted \[2J text$/m);
    expect(chat.written()).not.toMatch(/\x1b\]52;|\x1b\[2J/);
  });
});
