/** `runsight chat`, and `runsight` alone: in a terminal, down a pipe, or in JSON lines. */
import { createApp } from '../../../app/create-app.ts';
import { type Config, ConfigError, conversationPlace, readConfig } from '../../../config/config.ts';
import { type ConversationStore, LOCAL_OWNER } from '../../../conversations/conversations.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import type { Process } from '../../shared/process.ts';
import type { CliFlags } from '../command-line.ts';
import { SHORT_HELP } from '../help.ts';
import { detectScreen } from '../screen.ts';
import { type Chat, createChat } from './chat.ts';
import { resumeAtOnce } from './commands/resume.ts';
import { chatInJson } from './json-chat.ts';
import { chatThroughPipe } from './piped-chat.ts';
import { secretTest } from './secret-test.ts';
import { chatInTerminal } from './terminal-chat.ts';

/** Undefined words: the program was called without a command. */
export async function runChat(words: readonly string[] | undefined, flags: CliFlags, cli: Process): Promise<ExitCode> {
  const [id, ...others] = words ?? [];
  if (id !== undefined && (flags.resume !== true || others.length > 0)) throw tooManyWords(words ?? [], flags);
  const config = readConfig(cli.env, flags);
  const app = createApp(config, { isolated: true });
  // A terminal that cannot move its cursor is read line by line.
  const isTerminal = cli.stdin.isTTY === true && cli.stdout.isTTY === true && cli.env.TERM !== 'dumb';
  const place = createPlace(config);
  const isOn = isTerminal && flags.json !== true;
  const keeping = { isOn, isSecret: secretTest(config), open: place.open };
  const chat = createChat({ app, config, isTerminal, keeping, screen: () => detectScreen(cli.stdout, cli.env, flags) });
  // Before anything is drawn: a width that cannot be is a mistake of the command line.
  chat.screen();
  try {
    const resume = () => resumeAtOnce(chat, id, isTerminal && flags.json !== true);
    const opening = flags.resume === true ? await resume() : [];
    if (flags.json === true) return await chatInJson(chat, cli);
    if (isTerminal) return await chatInTerminal(chat, cli, opening);
    if (words === undefined && cli.stdin.isTTY === true) return showHelp(cli);
    return (await chatThroughPipe(chat, cli)) ?? (words === undefined ? showHelp(cli) : EXIT_CODES.ok);
  } finally {
    await Promise.all([app.close(), place.close()]);
  }
}

function tooManyWords(words: readonly string[], { resume }: CliFlags): ConfigError {
  return new ConfigError(
    resume === true
      ? `--resume takes one id, not "${words.join(' ')}"; without one it lists what there is`
      : `chat takes no words; for one question: runsight ask "${words.join(' ')}"`,
  );
}

/** Loaded and opened when first needed; one that was down may be up at the next question. */
function createPlace(config: Config): Pick<Chat['keeping'], 'open'> & { close(): Promise<void> } {
  let opening: Promise<ConversationStore> | undefined;
  const load = async () =>
    (await import('../../../conversations/open.ts')).openConversations(conversationPlace(config));
  return {
    async open() {
      opening ??= load().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return (await opening).of(LOCAL_OWNER);
    },
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}

function showHelp(cli: Process): ExitCode {
  cli.stdout.write(SHORT_HELP);
  return EXIT_CODES.ok;
}
