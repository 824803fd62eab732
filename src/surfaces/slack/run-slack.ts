/** `runsight slack`: answers in Slack, until it is told to end. */
import process from 'node:process';
import { type Config, ConfigError, type ConfigFlags, conversationPlace, readConfig } from '../../config/config.ts';
import { openConversations, openInbox } from '../../conversations/open.ts';
import { createMask } from '../../mask.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import { describeError } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import { startSlackBot } from './bot.ts';
import { createChannels } from './channels.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = '4782';

export interface SlackFlags extends ConfigFlags {
  /** Take requests that Slack signs, instead of a socket that we open. */
  readonly http?: boolean | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

export async function runSlack(words: readonly string[], flags: SlackFlags, cli: Process): Promise<ExitCode> {
  if (words.length > 0) throw new ConfigError(`slack takes no "${words[0]}"; see runsight --help`);
  const config = readConfig(cli.env, flags);
  const entry = entryOf(config, flags);
  const botToken = demand(config.slack.botToken?.reveal(), 'SLACK_BOT_TOKEN', 'the bot token (xoxb-…)');
  const channels = createChannels(config.slack.channels?.reveal(), cli.env, flags);
  const place = conversationPlace(config);
  const [conversations, inbox] = await Promise.all([openConversations(place), openInbox(place)]);
  // Slack's own words may quote a token.
  const mask = createMask(Object.values(config.slack).map((secret) => secret?.reveal()));
  const onFault = (error: unknown) => void cli.stderr.write(`${mask(describeError(error, cli.env))}\n`);
  try {
    const bot = await startSlackBot({ appOf: channels.appOf, conversations, inbox, botToken, entry, onFault });
    cli.stdout.write(
      bot.port === undefined
        ? 'runsight answers in Slack\n'
        : `runsight answers Slack at port ${bot.port}, path /slack/events\n`,
    );
    await untilToldToEnd(cli.signal);
    await bot.stop();
    return cli.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.ok;
  } finally {
    await Promise.all([channels.close(), inbox.close(), conversations.close()]);
  }
}

function entryOf({ slack }: Config, { http, host, port }: SlackFlags) {
  if (http === true)
    return {
      signingSecret: demand(slack.signingSecret?.reveal(), 'SLACK_SIGNING_SECRET', 'the signing secret'),
      host: host ?? DEFAULT_HOST,
      port: readPort(port ?? DEFAULT_PORT),
    };
  const useless = host !== undefined ? '--host' : port !== undefined ? '--port' : undefined;
  if (useless !== undefined) throw new ConfigError(`slack has no use for ${useless} without --http`);
  return { appToken: demand(slack.appToken?.reveal(), 'SLACK_APP_TOKEN', 'the app token (xapp-…)') };
}

function demand(value: string | undefined, variable: string, what: string): string {
  if (value !== undefined) return value;
  throw new ConfigError(`${variable} is not set: ${what} of your Slack app; docs/slack.md says where it stands`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`--port is "${text}"; it takes a number up to 65535`);
}

/** By Ctrl-C, or by who runs services. */
async function untilToldToEnd(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  process.once('SIGTERM', resolve);
  await promise;
}
