/** The bot over the demo, offline, against a double of Slack. */
import { type App, createApp } from '../../../src/app/create-app.ts';
import { readConfig } from '../../../src/config/config.ts';
import type { ConversationStore } from '../../../src/conversations/conversations.ts';
import type { Inbox } from '../../../src/conversations/inbox.ts';
import { createMemoryConversationStore } from '../../../src/conversations/memory.ts';
import { createMemoryInbox } from '../../../src/conversations/memory-inbox.ts';
import { type SlackParts, startSlackBot } from '../../../src/surfaces/slack/bot.ts';
import { eventBody, type Replies, type SlackDouble, type SlackMessage, startSlackDouble } from './slack-double.ts';

export interface RunningBot extends AsyncDisposable {
  readonly slack: SlackDouble;
  readonly port: number | undefined;
  readonly faults: unknown[];
  readonly inbox: Inbox;
  /** An event over the socket. */
  event(event: Record<string, unknown>, extra?: Record<string, unknown>): void;
  send(type: string, payload: unknown): void;
  /** When so many messages stand settled. */
  settled(count: number): Promise<SlackMessage[]>;
}

export async function startBot({
  replies,
  uri,
  app: change = (app) => app,
  ...parts
}: Partial<SlackParts> & {
  readonly replies?: Replies;
  readonly uri?: string;
  readonly app?: (app: App) => App;
} = {}): Promise<RunningBot> {
  const slack = await startSlackDouble(replies);
  const config = readConfig({ HOME: '/nowhere', RUNSIGHT_MODEL: 'offline' }, { uri }, '/');
  const app = createApp(config, { surface: 'slack' });
  const faults: unknown[] = [];
  const conversations: ConversationStore = parts.conversations ?? createMemoryConversationStore();
  const inbox = parts.inbox ?? createMemoryInbox();
  const entry = parts.entry ?? { appToken: 'xapp-1' };
  const bot = await startSlackBot({
    botToken: 'xoxb-1',
    onFault: (error) => void faults.push(error),
    slackApiUrl: slack.url,
    appOf: () => change(app),
    ...parts,
    conversations,
    inbox,
    entry,
  });
  if ('appToken' in entry) await slack.connected();
  let envelopes = 0;
  const send = (type: string, payload: unknown) => slack.push(`e${++envelopes}`, type, payload);
  return {
    slack,
    faults,
    inbox,
    port: bot.port,
    send,
    event: (event, extra) => send('events_api', eventBody(event, extra)),
    settled: (count) => until(() => settledMessages(slack), count, faults),
    async [Symbol.asyncDispose]() {
      await bot.stop();
      await app.close();
      // Bolt goes on connecting for a moment.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await slack[Symbol.asyncDispose]();
    },
  };
}

/** Those that show more than that somebody reads. */
export const settledMessages = ({ messages }: SlackDouble): SlackMessage[] =>
  [...messages.values()].filter(({ text, writes }) => writes > 1 && !/Reading…/.test(text));

export async function until<T>(read: () => readonly T[], count: number, faults: readonly unknown[] = []): Promise<T[]> {
  const deadline = performance.now() + 20_000 + 200 * count;
  for (;;) {
    const found = read();
    if (found.length >= count) return [...found];
    if (performance.now() > deadline) throw new Error(`${found.length} of ${count} came; faults: ${faults.join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
