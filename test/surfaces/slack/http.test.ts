/** Requests that Slack signs: forged, stale, of the future and replayed. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { type RunningBot, startBot } from './running-bot.ts';
import { eventBody } from './slack-double.ts';

const SECRET = 'signing';
const entry = { signingSecret: SECRET, host: '127.0.0.1', port: 0 };
const now = () => Math.floor(Date.now() / 1000);

function signed(body: string, stamp = now(), secret = SECRET): Record<string, string> {
  const hash = createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(stamp), 'x-slack-signature': `v0=${hash}` };
}

async function post(bot: RunningBot, body: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

const mention = (ts: string) =>
  JSON.stringify(
    eventBody({ type: 'app_mention', channel: 'C1', ts, text: '<@UBOT> Which run had the highest F1 score?' }),
  );

test('a signed request is answered once, however often it is replayed', async () => {
  await using bot = await startBot({ entry });
  const body = mention('10.1');
  const headers = signed(body);
  expect(await post(bot, body, headers)).toBe(200);
  await bot.settled(1);
  expect(await post(bot, body, headers)).toBe(200);
  expect(await post(bot, body, { ...signed(body), 'x-slack-retry-num': '1' })).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(bot.slack.messages.size).toBe(1);
});

test('what is forged, stale or of the future is refused', async () => {
  await using bot = await startBot({ entry });
  const body = mention('10.1');
  const { 'x-slack-signature': signature = '', 'x-slack-request-timestamp': stamp = '' } = signed(body);
  const attempts: Record<string, Record<string, string>> = {
    'another secret': signed(body, now(), 'other'),
    'another body': signed(`${body} `),
    'another stamp': { 'x-slack-signature': signature, 'x-slack-request-timestamp': String(Number(stamp) - 1) },
    'no stamp': { 'x-slack-signature': signature },
    'no signature': { 'x-slack-request-timestamp': stamp },
    'nothing at all': {},
    'an older version': { 'x-slack-signature': signature.replace('v0', 'v1'), 'x-slack-request-timestamp': stamp },
    stale: signed(body, now() - 301),
    'of the future': signed(body, now() + 302),
  };
  for (const [what, headers] of Object.entries(attempts)) expect(await post(bot, body, headers), what).toBe(401);
  expect(await post(bot, 'x'.repeat(300_000), {})).toBeGreaterThanOrEqual(400);
  expect(bot.slack.messages.size).toBe(0);
});

test('Slack’s challenge is answered, other paths are not there', async () => {
  await using bot = await startBot({ entry });
  const body = JSON.stringify({ type: 'url_verification', challenge: 'c' });
  expect(await post(bot, body, signed(body))).toBe(200);
  expect((await fetch(`http://127.0.0.1:${bot.port}/`)).status).toBe(404);
});
