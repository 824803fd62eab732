/** Questions as Slack delivers them in its worst hour: from a seed doubled, late, again and in any order. */
import { startBot } from './running-bot.ts';
import { eventBody, press } from './slack-double.ts';

export interface Load {
  readonly asked: number;
  readonly delivered: number;
  readonly settled: number;
  readonly messages: number;
  readonly acknowledged: number;
}

function* randoms(seed: number): Generator<number, never, undefined> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const QUESTIONS = ['Which run had the highest F1 score?', 'how many runs are there?', 'list the experiments'];

/** `count` questions of many people in channels, threads, direct messages, commands and buttons. */
export async function deliver(count: number, seed: number): Promise<Load> {
  await using bot = await startBot({ limits: { questions: 10_000, withinMs: 60_000 } });
  const random = randoms(seed);
  const below = (most: number) => Math.floor(random.next().value * most);
  const deliveries: { readonly at: number; readonly type: string; readonly payload: unknown }[] = [];
  for (let n = 0; n < count; n++) {
    const [user, channel, ts] = [`U${below(40) + 10}`, `C${below(8)}`, `${1_000 + n}.1`];
    const text = QUESTIONS[below(QUESTIONS.length)] ?? '';
    const kind = below(4);
    const [type, payload] =
      kind === 0
        ? ([
            'slash_commands',
            { command: '/runsight', text, user_id: user, team_id: 'T1', trigger_id: `t${n}` },
          ] as const)
        : kind === 1
          ? ([
              'events_api',
              eventBody({ type: 'message', channel_type: 'im', channel: `D${user}`, user, ts, text }),
            ] as const)
          : kind === 2
            ? ([
                'interactive',
                press({ channel, ts, text: '', blocks: [], writes: 1 }, `ask:${n}`, text, user),
              ] as const)
            : (['events_api', eventBody({ type: 'app_mention', channel, user, ts, text: `<@UBOT> ${text}` })] as const);
    deliveries.push({ at: n, type, payload });
    // Again at once, later, or both; a mention also as the message that it is.
    for (let again = below(3); again > 0; again--) deliveries.push({ at: n + below(50), type, payload });
    if (kind === 3)
      deliveries.push({
        at: n + below(5),
        type: 'events_api',
        payload: eventBody({ type: 'message', channel_type: 'channel', channel, user, ts, text: `<@UBOT> ${text}` }),
      });
  }
  deliveries.sort((a, b) => a.at - b.at);
  for (const { type, payload } of deliveries) bot.send(type, payload);
  const settled = await bot.settled(count);
  await new Promise((resolve) => setTimeout(resolve, 500));
  if (bot.faults.length > 0) throw bot.faults[0];
  return {
    asked: count,
    delivered: deliveries.length,
    settled: settled.length,
    messages: bot.slack.messages.size,
    acknowledged: bot.slack.acks.length,
  };
}
