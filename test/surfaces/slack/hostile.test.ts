/** Names, params and tags that would ping, link and format: nobody is pinged, nothing leads anywhere. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toRichText } from '../../../src/surfaces/slack/rich-text.ts';
import { readSlackText } from '../../../src/surfaces/slack/slack-text.ts';
import { createDatabase, insertLatest, insertRun } from '../../support/databases.ts';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { startBot } from './running-bot.ts';
import { press } from './slack-double.ts';

const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<@U123>',
  '<!subteam^S1>',
  '<https://evil.example|log in>',
  'https://evil.example/x?<@U1>',
  'www.evil.example',
  '@channel & @everyone',
  '``` <!everyone> ```',
  '*bold* _it_ ~no~ `code`',
  '[x](https://evil.example)',
  '\u202e<!channel>\u0000',
  '&lt;!channel&gt;',
];

/** Each text that Slack would read as markup, and each address that leads somewhere, wherever in a payload. */
function dangersIn(value: unknown, found: string[] = []): string[] {
  if (Array.isArray(value)) for (const one of value) dangersIn(one, found);
  else if (typeof value === 'object' && value !== null) {
    const { type, text } = value as { readonly type?: unknown; readonly text?: unknown };
    if (['mrkdwn', 'markdown', 'user', 'usergroup', 'broadcast', 'channel', 'link', 'emoji'].includes(String(type)))
      found.push(JSON.stringify(value));
    if ('url' in value || 'image_url' in value) found.push(JSON.stringify(value));
    if (type === undefined && typeof text === 'string' && isMarkup(text)) found.push(text);
    for (const one of Object.values(value)) dangersIn(one, found);
  }
  return found;
}

const isMarkup = (text: string): boolean => /[<>]|:\/\/|www\.\w|\.example|@(?:channel|everyone|here)/.test(text);

test('nothing of a store is markup to Slack', async () => {
  using folder = makeTemporaryFolder();
  const file = join(folder.path, 'mlflow.db');
  const database = createDatabase(file, '3');
  database.prepare('UPDATE experiments SET name = ?').run('<!channel> <@U1>');
  for (const [n, name] of HOSTILE.entries()) {
    const id = String(n).padStart(32, 'a');
    insertRun(database, { id, name, start: n, end: n + 1, params: { [name]: name }, tags: { [name]: name } });
    insertLatest(database, id, 'accuracy', n / 100);
  }
  database.close();
  await using bot = await startBot({ uri: `sqlite:///${file}` });
  const questions = ['list the last 13 runs', 'best run by accuracy', 'list the experiments', 'details of <!channel>'];
  for (const [n, text] of [...questions, ...HOSTILE].entries())
    bot.event({ type: 'app_mention', channel: 'C1', user: `U${n}0`, ts: `${10 + n}.1`, text: `<@UBOT> ${text}` });
  const messages = await bot.settled(questions.length + HOSTILE.length);
  for (const message of messages.slice(0, 4)) {
    const id = JSON.stringify(['T1', 'C1', message.thread_ts]);
    bot.send('interactive', press(message, 'how', id));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const written = bot.slack.calls.filter(({ method }) => method.startsWith('chat.'));
  expect(written.length).toBeGreaterThan(2 * messages.length);
  for (const { body } of written) {
    expect(dangersIn(body)).toEqual([]);
    expect(isMarkup(String(body.text))).toBe(false);
    expect(body).toMatchObject({ parse: 'none', link_names: 'false' });
  }
  // What is said of them is there all the same.
  expect(JSON.stringify(messages)).toContain('evil');
});

test('what people typed is read as they typed it', () => {
  expect(readSlackText('<@UBOT> runs with lr &gt; 0.1 &amp; &lt; 1', 'UBOT')).toBe('runs with lr > 0.1 & < 1');
  expect(readSlackText('see <http://a.example|a.example> in <#C1|general>', 'UBOT')).toBe('see a.example in general');
});

test('what is too long for a message is cut, and that is said', () => {
  const long = toRichText(`first\n${'a line of an answer\n'.repeat(3_000)}`);
  const text = JSON.stringify(long.blocks);
  expect(text.length).toBeLessThan(12_000);
  expect(text).toContain('which are not shown here');
  const rows = Array.from({ length: 90 }, (_, n) => `| ${n} | x |`).join('\n');
  const [table, more] = toRichText(`| a | b |\n|--:|---|\n${rows}`).blocks as { type: string; rows?: unknown[] }[];
  expect(table).toMatchObject({ type: 'table', column_settings: [{ align: 'right' }, { align: 'left' }] });
  expect(table?.rows).toHaveLength(61);
  expect(JSON.stringify(more)).toContain('+30 more rows');
});
