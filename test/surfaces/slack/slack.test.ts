/** The Slack bot with real Bolt: what is asked where, and what is shown. */
import { expect, test } from 'vitest';
import { startBot } from './running-bot.ts';

const QUESTION = 'Which run had the highest F1 score?';

test('a mention is answered in one message of its thread', async () => {
  await using bot = await startBot();
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  const [message] = await bot.settled(1);
  expect(message).toMatchObject({ channel: 'C1', thread_ts: '10.1', writes: 2 });
  expect(message?.text).toContain('highest f1_score');
  expect(message?.blocks.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['rich_text', 'context', 'actions', 'context_actions']),
  );
  expect(bot.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  expect(bot.slack.calls.find(({ method }) => method === 'chat.postMessage')?.body).toMatchObject({
    text: 'Reading…',
    unfurl_links: 'false',
    unfurl_media: 'false',
  });
  expect(bot.faults).toEqual([]);
});
