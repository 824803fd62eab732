import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../../../src/agent/conversation/conversation.ts';
import type { Answer } from '../../../../src/agent/events.ts';
import type { App } from '../../../../src/app/create-app.ts';
import type { Chat, Turn } from '../../../../src/surfaces/cli/chat/chat.ts';
import { describeCost } from '../../../../src/surfaces/cli/chat/commands/cost.ts';
import { chatCommands, readCommand } from '../../../../src/surfaces/cli/chat/commands/index.ts';
import { readLine } from '../../../../src/surfaces/cli/chat/replies.ts';
import { makeTemporaryFolder } from '../../../support/demo.ts';
import { ask, inert, makeChat, tell } from './chats.ts';

let chat: Chat;
let app: App;
beforeEach(() => {
  ({ chat, app } = makeChat());
});
afterEach(() => app.close());

describe('reading a line', () => {
  it.each([
    ['/RUNS 5', '/runs', '5'],
    ['  /experiment   churn prediction ', '/experiment', 'churn prediction'],
    ['exit', '/quit', ''],
    ['?', '/help', ''],
  ])('takes %j for %s', (line, name, rest) => {
    expect(readCommand(line)).toMatchObject({ command: { name }, rest });
  });

  it.each(['which runs failed?', 'help me find the best run', '/data/mlruns has what?', '#3'])(
    'leaves %j alone',
    (line) => {
      expect(readCommand(line)).toBeUndefined();
    },
  );

  it.each([
    ['/exp', 'no command "/exp"; nearest: /experiment, /export'],
    ['/wyh', 'no command "/wyh"; nearest: /why'],
    ['/nothing', 'no command "/nothing"; /help lists them'],
  ])('names what is nearest to %s', (line, message) => {
    expect(() => readCommand(line)).toThrow(message);
  });

  it('has every command in /help', async () => {
    const help = await tell(chat, '/help');
    for (const { name, help: text } of chatCommands)
      expect(help).toMatch(new RegExp(`\`${name}[ \`].*${text.slice(0, 9)}`));
  });
});

describe('/experiment', () => {
  const pinned = () => chat.conversation.memory.pinned?.name;

  it('pins by name, id or other capitals, so that a question that names none is about it', async () => {
    await tell(chat, '/experiment "DIGITS-mlp"');
    expect(pinned()).toBe('digits-mlp');
    await ask(chat, 'how many runs failed?');
    expect(chat.turns.at(-1)?.answer?.text).toMatch(/^2 FAILED runs in `digits-mlp`/);
    const id = chat.conversation.memory.pinned?.id ?? '';
    await tell(chat, '/experiment all');
    expect(pinned()).toBeUndefined();
    await tell(chat, `/experiment ${id}`);
    expect(pinned()).toBe('digits-mlp');
    // A word that is in one name only names it.
    await tell(chat, '/experiment churn');
    expect(pinned()).toBe('churn-prediction');
  });

  it('names the nearest for one that there is not, and stays as it was', async () => {
    await expect(tell(chat, '/experiment fraud')).rejects.toThrow('"fraud-detection-v1"');
    await expect(tell(chat, '/experiment chrun')).rejects.toThrow('no experiment "chrun"; nearest: "churn-prediction"');
    expect(pinned()).toBeUndefined();
  });
});

describe('/model', () => {
  it('switches for the coming questions', async () => {
    expect(await tell(chat, '/model offline')).toMatch(/offline: no key/);
    expect(chat.model).toBe('offline');
  });

  it('does not switch to what cannot answer', async () => {
    await expect(tell(chat, '/model claude')).rejects.toThrow('needs a key');
    await expect(tell(chat, '/model gpt')).rejects.toThrow('it takes offline, claude, auto');
    expect(chat.model).toBe('auto');
    await expect(tell(makeChat({ ANTHROPIC_API_KEY: 'canary' }).chat, '/model claude')).resolves.toMatch(/claude/);
  });
});

describe('/runs', () => {
  it('asks the ordinary way', async () => {
    expect(await readLine('/runs 3', chat, inert)).toEqual({
      kind: 'ask',
      question: 'show the last 3 runs',
      model: 'offline',
    });
    await ask(chat, 'show the last 3 runs');
    expect(chat.turns[0]?.answer?.findings[0]?.data.tables[0]?.rows).toHaveLength(3);
    await expect(readLine('/runs many', chat, inert)).rejects.toThrow('not "many"');
  });
});

describe('what was found', () => {
  beforeEach(async () => {
    await ask(chat, 'plot the training loss of run 17');
    await ask(chat, 'show run 17');
  });

  it('#1 shows a finding again', async () => {
    expect(await tell(chat, '#1')).toContain('training_loss');
    await expect(tell(chat, '#7')).rejects.toThrow('the findings of this conversation go from #1 to #2');
  });

  it('/plot draws the last that can be drawn, or the one named', async () => {
    expect(await tell(chat, '/plot')).toContain('training_loss of run-017');
    expect(await tell(chat, '/plot #1')).toBe(await tell(chat, '/plot'));
    await expect(tell(chat, '/plot #1 curve.gif')).rejects.toThrow('must end in .svg or .png');
    await expect(tell(chat, '/plot #1 a.svg b.svg')).rejects.toThrow('one file');
  });

  it('/export gives the last or the named one, here or into a file, its format by name or by the file', async () => {
    using folder = makeTemporaryFolder();
    const file = path.join(folder.path, 'failed runs.json');
    expect(await tell(chat, `/export #2 "${file}"`)).toMatch(/^Wrote #2 /);
    expect(readFileSync(file, 'utf8').trim()).toBe((await tell(chat, '/export json')).trim());
    await expect(tell(chat, '/export #2')).rejects.toThrow('needs a format: csv, json, md');
    await expect(tell(chat, `/export csv ${path.join(folder.path, 'no', 'such.csv')}`)).rejects.toThrow('such.csv');
  });

  it('/why explains the last answer, or the one that gave a finding', async () => {
    expect(await tell(chat, '/why')).toBe(await tell(chat, '/why #2'));
    expect(await tell(chat, '/why #1')).not.toBe(await tell(chat, '/why #2'));
    await expect(tell(chat, '/why not')).rejects.toThrow('not "not"');
  });

  it('/clear forgets it, but neither the pin nor the model', async () => {
    await tell(chat, '/experiment digits-mlp');
    await tell(chat, '/model offline');
    expect(await tell(chat, '/clear')).toBe('Forgotten, with 2 findings.');
    expect([chat.conversation.findings.length, chat.conversation.memory.pinned?.name, chat.model]).toEqual([
      0,
      'digits-mlp',
      'offline',
    ]);
    await expect(tell(chat, '#1')).rejects.toThrow('ask a question first');
  });
});

describe('/cost', () => {
  const spent = (requests: number, costUsd: number | undefined): Turn => ({
    question: 'a | b',
    answer: { usage: { model: 'claude' } } as Answer,
    usage: { ...NO_USAGE, inputTokens: 1000 * requests, outputTokens: 7 * requests, requests },
    costUsd,
  });

  it('says that offline costs nothing', async () => {
    await ask(chat, 'how many runs failed?');
    expect(await tell(chat, '/cost')).toBe('1 question, all read offline: nothing sent, nothing spent.');
  });

  it('adds up, with the day of the prices, and marks what has no known price', () => {
    const text = describeCost([spent(1, 0.25), spent(2, 0.5)]);
    expect(text).toMatch(/\| in all \| {2}\| 3 \| 3,000 \| 21 \| \$0\.7500 \|/);
    expect(text).toMatch(/\nPrices of \d{4}-\d\d-\d\d\.$/);
    expect(describeCost([spent(1, 0.25), spent(0, undefined)])).toMatch(
      /in all .* ≥ \$0\.2500 \|[\s\S]*left out of the sum/,
    );
  });

  it('counts what a question cost that was cancelled while Claude wrote, and that it was more', () => {
    const usage = { inputTokens: 1000, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, requests: 1 };
    expect(describeCost([{ question: 'why?', usage, costUsd: 0.002 }])).toContain(
      '| cancelled | 1 | 1,000 | 1 | ≥ $0.0020 |',
    );
  });
});
