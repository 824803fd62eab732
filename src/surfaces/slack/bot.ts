/** The bot: Bolt listens, the inbox keeps, workers answer. */
import { App as BoltApp, type Receiver, type ReceiverEvent, SocketModeReceiver, webApi } from '@slack/bolt';
import type { ConversationStore } from '../../conversations/conversations.ts';
import type { Inbox } from '../../conversations/inbox.ts';
import type { Channels } from './channels.ts';
import { HELP_LINES } from './help.ts';
import { createHttpReceiver, type HttpEntry } from './http-receiver.ts';
import { asksToLink, linkPerson, personOwner } from './link.ts';
import { createSlackLogger } from './logger.ts';
import { QUESTION_KIND, readRequest, type SlackIdentity } from './request.ts';
import { settleSlackPress } from './settle-press.ts';
import { type SlackLimits, settleSlackQuestion } from './settle-question.ts';
import { createSlackCalls, SlackRefusal } from './slack-calls.ts';
import { asksSomething, escapeSlackText } from './slack-text.ts';
import { startWorkers } from './workers.ts';

export interface SlackParts {
  readonly appOf: Channels['appOf'];
  readonly conversations: ConversationStore;
  readonly inbox: Inbox;
  readonly botToken: string;
  /** By a socket that we open, or by requests that Slack signs. */
  readonly entry: { readonly appToken: string } | HttpEntry;
  readonly onFault: (error: unknown) => void;
  readonly limits?: SlackLimits | undefined;
  /** Default: Slack's own. */
  readonly slackApiUrl?: string | undefined;
}

export interface SlackBot {
  /** Where it listens for requests, if it does. */
  readonly port: number | undefined;
  stop(): Promise<void>;
}

const DEFAULT_SLACK_LIMITS: SlackLimits = { questions: 30, withinMs: 10 * 60_000 };
const KEPT_MS = 30 * 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;
const RETRIES = 3;

/** @throws Error where Slack does not take the tokens. */
export async function startSlackBot(parts: SlackParts): Promise<SlackBot> {
  const { appOf, conversations, inbox, botToken, entry, onFault, limits = DEFAULT_SLACK_LIMITS } = parts;
  const logger = createSlackLogger(onFault);
  const clientOptions = { logger, ...(parts.slackApiUrl !== undefined && { slackApiUrl: parts.slackApiUrl }) };
  const client = new webApi.WebClient(botToken, { ...clientOptions, retryConfig: { retries: RETRIES } });
  const once = new webApi.WebClient(botToken, {
    ...clientOptions,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  const { team_id: team = '', user_id: botUser = '', bot_id: botId = '' } = await client.auth.test();
  const identity: SlackIdentity = { team, botUser };

  const calls = createSlackCalls(client, once, webApi);
  const workers = startWorkers(
    inbox,
    (work, signal) =>
      work.item.kind === QUESTION_KIND
        ? settleSlackQuestion(work, { appOf, conversations, inbox, calls, limits, onFault }, signal)
        : settleSlackPress(work, { inbox, calls, onFault }),
    onFault,
    (error) => error instanceof SlackRefusal && error.isFinal,
  );

  const receiver =
    'appToken' in entry
      ? new SocketModeReceiver({ appToken: entry.appToken, logger, installerOptions: { clientOptions } })
      : createHttpReceiver(entry, logger);
  const storing = storeFirst(receiver, async (body) => {
    const request = readRequest(body, identity);
    if (request === undefined) return;
    if (request.isReply && !(await inbox.hasThread(request.item.thread))) return;
    if (await inbox.add(request.item)) workers.wake();
  });
  const listener = new BoltApp({
    receiver: storing,
    logger,
    clientOptions,
    authorize: async () => ({ botToken, botId, botUserId: botUser, teamId: team }),
  });
  listener.command(/.*/, async ({ ack, command }) => {
    if (command.team_id !== team) return ack();
    await ack({ response_type: 'ephemeral', text: escapeSlackText(await replyTo(command.text, command.user_id)) });
  });
  const replyTo = async (text: string, user: string): Promise<string> => {
    if (asksToLink(text)) return linkPerson(conversations.links, personOwner(team, user), text);
    return asksSomething(text) ? 'Reading… The answer comes in our direct messages.' : HELP_LINES;
  };
  listener.action(/.*/, ({ ack }) => ack());
  listener.error(async (error) => onFault(error));

  const server = await ('appToken' in entry
    ? listener.start()
    : listener.start({ port: entry.port, host: entry.host }));
  const forget = () =>
    Promise.all([QUESTION_KIND, 'how', 'csv'].map((kind) => inbox.forget(kind, Date.now() - KEPT_MS))).catch(onFault);
  const forgetting = setInterval(forget, FORGET_EVERY_MS).unref();
  return {
    port: portOf(server),
    async stop() {
      clearInterval(forgetting);
      await Promise.all([listener.stop(), workers.stop()]);
    },
  };
}

/** Bolt acknowledges an event before it hands it on: what is to be done is kept before Bolt hears of it. */
function storeFirst(receiver: Receiver, store: (body: unknown) => Promise<void>): Receiver {
  return {
    init(listener) {
      const processEvent = async (event: ReceiverEvent) => {
        await store(event.body);
        await listener.processEvent(event);
      };
      // Of all that an app is, receivers call this.
      receiver.init({ processEvent } as typeof listener);
    },
    start: (...options) => receiver.start(...options),
    stop: (...options) => receiver.stop(...options),
  };
}

function portOf(server: unknown): number | undefined {
  const address = (server as { address?: () => unknown } | undefined)?.address?.();
  return (address as { port?: number } | undefined)?.port;
}
