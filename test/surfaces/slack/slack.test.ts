/** The Slack bot with real Bolt: what is asked where, and what is shown. */
import { expect, test } from 'vitest';
import { createMemoryConversationStore } from '../../../src/conversations/memory.ts';
import { createChannels } from '../../../src/surfaces/slack/channels.ts';
import { startBot, until } from './running-bot.ts';
import { eventBody, press, type SlackMessage } from './slack-double.ts';

const QUESTION = 'Which run had the highest F1 score?';

interface Button {
  readonly action_id: string;
  readonly value: string;
}

function buttonsOf({ blocks }: SlackMessage): Button[] {
  return blocks.flatMap(({ type, elements }) => (type === 'actions' ? (elements as Button[]) : []));
}

test('a mention is answered in one message of its thread', async () => {
  await using bot = await startBot();
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  const [message] = await bot.settled(1);
  expect(message).toMatchObject({ channel: 'C1', thread_ts: '10.1', writes: 2 });
  expect(message?.text).toContain('highest f1_score');
  const kinds = message?.blocks.map(({ type }) => type);
  expect(kinds).toEqual(expect.arrayContaining(['rich_text', 'table', 'context', 'actions', 'context_actions']));
  const posts = bot.slack.calls.filter(({ method }) => method === 'chat.postMessage');
  expect(posts).toHaveLength(1);
  expect(posts[0]?.body).toMatchObject({ text: 'Reading…', unfurl_links: 'false', unfurl_media: 'false' });
  expect(bot.faults).toEqual([]);
});

test('replies in its thread need no mention and go on with the conversation; others are not for it', async () => {
  await using bot = await startBot();
  bot.event({ type: 'message', channel_type: 'channel', channel: 'C1', ts: '9.1', thread_ts: '8.1', text: QUESTION });
  // The mention is also a message of its own: one question.
  const mention = { channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` };
  bot.event({ ...mention, type: 'message', channel_type: 'channel' });
  bot.event({ ...mention, type: 'app_mention' });
  await bot.settled(1);
  bot.event({ ...mention, type: 'message', channel_type: 'channel' });
  const reply = { type: 'message', channel_type: 'channel', channel: 'C1', thread_ts: '10.1' };
  bot.event({ ...reply, ts: '10.2', text: '<@U2> what do you think?' });
  bot.event({ ...reply, ts: '10.3', text: 'is that good?', bot_id: 'B2' });
  bot.event({ ...reply, ts: '10.4', text: 'changed', subtype: 'message_changed' });
  bot.event({ ...reply, ts: '10.5', text: 'and the lowest?', user: 'U2' });
  const messages = await bot.settled(2);
  expect(messages[1]?.text).toContain('lowest f1_score');
  expect(messages).toHaveLength(2);
  expect(bot.slack.acks).toHaveLength(8);
});

test('a direct message is answered there, and its person alone goes on', async () => {
  await using bot = await startBot();
  bot.event({ type: 'message', channel_type: 'im', channel: 'D1', ts: '10.1', text: 'top 12 runs by accuracy' });
  const [message] = await bot.settled(1);
  expect(message).toMatchObject({ channel: 'D1', thread_ts: '10.1' });
  bot.event({
    type: 'message',
    channel_type: 'im',
    channel: 'D1',
    ts: '10.2',
    thread_ts: '10.1',
    text: 'only the top 2',
  });
  const [, next] = await bot.settled(2);
  expect(next?.text).toContain('accuracy');
});

test('the slash command helps, or answers in direct messages', async () => {
  await using bot = await startBot();
  const command = { command: '/runsight', user_id: 'U1', team_id: 'T1', channel_id: 'C1', response_url: 'http://x' };
  bot.send('slash_commands', { ...command, text: 'help', trigger_id: '1' });
  bot.send('slash_commands', { ...command, text: QUESTION, trigger_id: '2' });
  bot.send('slash_commands', { ...command, text: QUESTION, trigger_id: '2' });
  const [message] = await bot.settled(1);
  expect(message).toMatchObject({ channel: 'D1' });
  expect(JSON.stringify(message?.blocks)).toContain(`Asked: ${QUESTION}`);
  await until(() => bot.slack.acks, 3);
  expect(JSON.stringify(bot.slack.acks[0]?.payload)).toContain('I answer questions about your MLflow');
  expect(bot.slack.messages.size).toBe(1);
});

test('buttons ask, explain, give the numbers and keep votes', async () => {
  await using bot = await startBot();
  bot.event({
    type: 'app_mention',
    channel: 'C1',
    ts: '10.1',
    text: '<@UBOT> top 12 runs by f1_score in churn-prediction',
  });
  const [message] = await bot.settled(1);
  if (message === undefined) throw new Error('nothing was answered');
  const buttons = buttonsOf(message);
  const [ask, how, csv] = ['ask:0', 'how', 'csv'].map((name) => buttons.find(({ action_id }) => action_id === name));
  bot.send('interactive', press(message, 'how', how?.value ?? ''));
  bot.send('interactive', press(message, 'csv', csv?.value ?? ''));
  bot.send('interactive', press(message, 'feedback', `up ${how?.value}`, 'U2'));
  const whispers = () => bot.slack.calls.filter(({ method }) => method === 'chat.postEphemeral');
  await until(whispers, 2, bot.faults);
  expect(
    whispers()
      .map(({ body }) => body.user)
      .sort(),
  ).toEqual(['U1', 'U2']);
  expect(JSON.stringify(whispers())).toContain('mlflow.search_runs');
  const [done] = await until(
    () => bot.slack.calls.filter(({ method }) => method === 'files.completeUploadExternal'),
    1,
  );
  expect(done?.body).toMatchObject({ channel_id: 'C1', thread_ts: '10.1' });
  const [upload] = bot.slack.calls.filter(({ method }) => method === 'upload');
  expect(
    String(upload?.body.raw)
      .split('\r\n')
      .filter((line) => /run-\d/.test(line)),
  ).toHaveLength(12);
  // A press that comes twice asks once.
  const asked = press(message, 'ask:0', ask?.value ?? '');
  bot.send('interactive', asked);
  bot.send('interactive', asked);
  const [, next] = await bot.settled(2);
  expect(next).toMatchObject({ channel: 'C1', thread_ts: '10.1' });
  expect(JSON.stringify(next?.blocks)).toContain('Asked: ');
  expect(bot.slack.messages.size).toBe(2);
});

test('a question that fits several things is asked back by buttons', async () => {
  await using bot = await startBot();
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: '<@UBOT> best run by accuracy' });
  const [message] = await bot.settled(1);
  const choice = message && buttonsOf(message)[0];
  if (message === undefined || choice === undefined) throw new Error('nothing was asked back');
  bot.send('interactive', press(message, choice.action_id, choice.value));
  const [, answer] = await bot.settled(2);
  expect(answer?.text).toContain('accuracy');
});

test('a curve is uploaded as a picture of the message', async () => {
  await using bot = await startBot();
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: '<@UBOT> training_loss curve of run-017' });
  const [message] = await bot.settled(1);
  expect(message?.blocks.find(({ type }) => type === 'image')).toMatchObject({ slack_file: { id: 'F1' } });
  const upload = bot.slack.calls.find(({ method }) => method === 'upload');
  expect(String(upload?.body.raw)).toContain('\x89PNG');
  const done = bot.slack.calls.find(({ method }) => method === 'files.completeUploadExternal');
  expect(done?.body.channel_id).toBeUndefined();
});

test('without its picture an answer is an answer, and without its blocks too', async () => {
  const refuse = (error: string) => () => ({ json: { ok: false, error } });
  await using bot = await startBot({
    replies: {
      'files.getUploadURLExternal': refuse('missing_scope'),
      'chat.update': (body) =>
        'blocks' in body && JSON.stringify(body.blocks) !== '[]' ? refuse('invalid_blocks')() : undefined,
    },
  });
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: '<@UBOT> training_loss curve of run-017' });
  const [message] = await bot.settled(1);
  expect(message?.text).toContain('training_loss');
});

test('a picture that Slack does not show keeps nothing else from being shown', async () => {
  const isPictured = (blocks: unknown) => JSON.stringify(blocks ?? []).includes('slack_file');
  await using bot = await startBot({
    replies: {
      'chat.update': ({ blocks }) =>
        isPictured(blocks) ? { json: { ok: false, error: 'invalid_blocks' } } : undefined,
    },
  });
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: '<@UBOT> training_loss curve of run-017' });
  const [message] = await bot.settled(1);
  expect(isPictured(message?.blocks)).toBe(false);
  expect(message && buttonsOf(message).map(({ action_id }) => action_id)).toContain('how');
});

test('what Slack limits is waited for, and posted once', async () => {
  await using bot = await startBot({
    replies: {
      'chat.postMessage': (_, nth) =>
        nth === 1
          ? { status: 429, headers: { 'retry-after': '1' }, json: { ok: false, error: 'ratelimited' } }
          : undefined,
    },
  });
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  const [message] = await bot.settled(1);
  expect(message?.text).not.toContain('repeat');
  expect(bot.slack.messages.size).toBe(1);
});

test('a fault is a line, ours is told without its stack', async () => {
  await using unreachable = await startBot({ uri: 'http://127.0.0.1:9' });
  unreachable.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  const [message] = await unreachable.settled(1);
  expect(message?.text.split('\n').filter((line) => line !== '')).toHaveLength(1);
  await using broken = await startBot({
    app: (app) => ({
      ...app,
      // biome-ignore lint/correctness/useYield: it fails before it has anything to say.
      async *ask() {
        throw new Error('secret inside');
      },
    }),
  });
  broken.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  const [failed] = await broken.settled(1);
  expect(failed?.text).toContain('on our side');
  expect(JSON.stringify(failed)).not.toContain('secret');
  expect(String(broken.faults[0])).toContain('secret inside');
});

test('outsiders of shared channels get nothing; what is asked there is answered to its asker', async () => {
  await using bot = await startBot();
  const mention = { type: 'app_mention', channel: 'C1', text: `<@UBOT> ${QUESTION}` };
  bot.event({ ...mention, ts: '10.1', team: 'T2', user: 'U9' }, { is_ext_shared_channel: true });
  bot.event({ ...mention, ts: '10.2', user_team: 'T2' });
  bot.event({ ...mention, ts: '10.3', team: undefined }, { is_ext_shared_channel: true });
  bot.send('slash_commands', { command: '/runsight', text: QUESTION, user_id: 'U9', team_id: 'T2', trigger_id: '1' });
  bot.event({ ...mention, ts: '10.4' }, { is_ext_shared_channel: true });
  const [message] = await bot.settled(1);
  expect(message).toMatchObject({ channel: 'D1', thread_ts: undefined });
  if (message === undefined) return;
  bot.send('interactive', press(message, 'how', buttonsOf(message)[0]?.value ?? '', 'U9', 'T2'));
  await until(() => bot.slack.acks, 6);
  expect(bot.slack.messages.size).toBe(1);
  expect(bot.slack.calls.filter(({ method }) => method === 'chat.postEphemeral')).toEqual([]);
});

test.each([
  ['became shared', { ok: true, channel: { id: 'C1', is_ext_shared: true } }],
  ['cannot be known', { ok: false, error: 'missing_scope' }],
])(
  'buttons in a channel of which sharing %s: nothing for outsiders, in direct messages for others',
  async (_, json) => {
    let isShared = false;
    await using bot = await startBot({ replies: { 'conversations.info': () => (isShared ? { json } : undefined) } });
    const text = '<@UBOT> top 12 runs by f1_score in churn-prediction';
    bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text });
    const [message] = await bot.settled(1);
    if (message === undefined) throw new Error('nothing was answered');
    isShared = true;
    const before = bot.slack.calls.length;
    for (const { action_id, value } of buttonsOf(message))
      bot.send('interactive', press(message, action_id, value, 'U9', 'T2'));
    await until(() => bot.slack.acks, 1 + buttonsOf(message).length);
    const [ask, csv] = ['ask:0', 'csv'].map((name) => buttonsOf(message).find(({ action_id }) => action_id === name));
    bot.send('interactive', press(message, 'ask:0', ask?.value ?? ''));
    bot.send('interactive', press(message, 'csv', csv?.value ?? ''));
    const [, next] = await bot.settled(2);
    expect(next).toMatchObject({ channel: 'D1', thread_ts: undefined });
    expect(JSON.stringify(next?.blocks)).toContain('Asked: ');
    const files = () => bot.slack.calls.filter(({ method }) => method === 'files.completeUploadExternal');
    const [file] = await until(files, 1, bot.faults);
    expect(file?.body).toMatchObject({ channel_id: 'D1' });
    expect(file?.body.thread_ts).toBeUndefined();
    // Of all calls since, none but the question about it is about the channel, and none for the outsider.
    const since = bot.slack.calls.slice(before).filter(({ method }) => method !== 'conversations.info');
    expect(JSON.stringify(since)).not.toMatch(/"C1"|U9/);
    expect(bot.slack.messages.size).toBe(2);
    // Its own buttons go on where it stands.
    const goOn = next && buttonsOf(next)[0];
    if (next === undefined || goOn === undefined) throw new Error('nothing goes on');
    bot.send('interactive', press(next, 'ask:9', 'only the top 2'));
    const [, , last] = await bot.settled(3);
    expect(last).toMatchObject({ channel: 'D1', thread_ts: next.ts });
  },
);

test('one person may ask so much at a time, and is told once', async () => {
  await using bot = await startBot({ limits: { questions: 2, withinMs: 60_000 } });
  for (const n of [1, 2, 3, 4, 5])
    bot.event({ type: 'app_mention', channel: 'C1', ts: `1${n}.1`, text: `<@UBOT> ${QUESTION}` });
  bot.event({ type: 'app_mention', channel: 'C1', ts: '20.1', text: `<@UBOT> ${QUESTION}`, user: 'U2' });
  const messages = await bot.settled(4);
  expect(messages.filter(({ text }) => text.includes('which is the limit'))).toHaveLength(1);
  expect(messages.filter(({ text }) => text.includes('f1_score'))).toHaveLength(3);
});

test('what cannot be kept is not acknowledged', async () => {
  await using bot = await startBot();
  const { add } = bot.inbox;
  let isDown = true;
  bot.inbox.add = async (item) => {
    if (isDown) throw new Error('the disk is full');
    return add.call(bot.inbox, item);
  };
  const body = eventBody({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  bot.slack.push('a', 'events_api', body);
  await until(() => bot.faults, 1);
  expect(bot.slack.acks).toEqual([]);
  isDown = false;
  bot.slack.push('b', 'events_api', body, { retry_attempt: 1, retry_reason: 'timeout' });
  await bot.settled(1);
  expect(bot.slack.acks).toMatchObject([{ envelope_id: 'b' }]);
});

test('what goes on is shown in the message until its answer stands there, and never after', async () => {
  await using bot = await startBot({
    app: (app) => ({
      ...app,
      async *ask(...args) {
        yield { type: 'tool-start', callId: '1', tool: 'find_runs', title: 'Looking for <!channel>' };
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        yield* app.ask(...args);
      },
    }),
  });
  bot.event({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${QUESTION}` });
  await bot.settled(1);
  const updates = bot.slack.calls.flatMap(({ method, body }) => (method === 'chat.update' ? String(body.text) : []));
  expect(updates).toHaveLength(2);
  expect(updates[0]).toBe('Reading… Looking for &lt;!channel&gt;');
  expect(updates[1]).toContain('highest f1_score');
});

test('a channel asks its own store and experiment, one without any asks nothing', async () => {
  const sources = JSON.stringify({ C1: { experiment: 'fraud-detection-v1' }, C2: { experiment: 'churn-prediction' } });
  const channels = createChannels(sources, { HOME: '/nowhere', RUNSIGHT_MODEL: 'offline' }, {});
  await using bot = await startBot({ appOf: channels.appOf });
  for (const n of [1, 2, 3])
    bot.event({ type: 'app_mention', channel: `C${n}`, ts: `1${n}.1`, text: '<@UBOT> how many runs are there?' });
  const messages = await bot.settled(3);
  const textIn = (channel: string) => messages.find((message) => message.channel === channel)?.text;
  expect(textIn('C1')).toContain('fraud-detection-v1');
  expect(textIn('C2')).toContain('churn-prediction');
  expect(textIn('C3')).toContain('Nothing can be asked here');
  await channels.close();
});

test('the slash command joins a person with another name of theirs, and keeps no code', async () => {
  const conversations = createMemoryConversationStore();
  await using bot = await startBot({ conversations });
  const command = { command: '/runsight', user_id: 'U1', team_id: 'T1', channel_id: 'C1', response_url: 'http://x' };
  const code = await conversations.links.offer({ owner: 'local' });
  bot.send('slash_commands', { ...command, text: `link ${code}`, trigger_id: '1' });
  await until(() => bot.slack.acks, 1, bot.faults);
  expect(JSON.stringify(bot.slack.acks[0]?.payload)).toContain('Joined with local');
  bot.send('slash_commands', { ...command, text: `link ${code}`, trigger_id: '2' });
  await until(() => bot.slack.acks, 2, bot.faults);
  bot.send('slash_commands', { ...command, text: 'link', trigger_id: '3' });
  await until(() => bot.slack.acks, 3, bot.faults);
  const [, again, made] = bot.slack.acks.map(({ payload }) => JSON.stringify(payload));
  expect(again).toContain('Not joined: no such code');
  const [, other = ''] = /runsight link (\w{5}-\w{5}) in a terminal/.exec(made ?? '') ?? [];
  expect(await conversations.links.accept({ owner: 'ann' }, other)).toEqual({ kind: 'joined', other: 'slack/T1/U1' });
  expect([await bot.inbox.take(), bot.slack.messages.size]).toEqual([undefined, 0]);
  // What is asked in direct messages is found in the terminal.
  bot.event({ type: 'message', channel: 'D1', ts: '10.1', user: 'U1', text: QUESTION });
  await bot.settled(1);
  expect((await conversations.of('local').list(10)).entries).toMatchObject([{ id: 'slack-T1-D1-10.1', turns: 1 }]);
});
