/** `runsight chat`, and `runsight` alone: in a terminal, down a pipe, or in JSON lines. */
import { createApp } from '../../../app/create-app.ts';
import { ConfigError, readConfig } from '../../../config/config.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import type { Process } from '../../shared/process.ts';
import type { CliFlags } from '../command-line.ts';
import { SHORT_HELP } from '../help.ts';
import { detectScreen } from '../screen.ts';
import { createChat } from './chat.ts';
import { chatInJson } from './json-chat.ts';
import { chatThroughPipe } from './piped-chat.ts';
import { chatInTerminal } from './terminal-chat.ts';

/** Undefined words: the program was called without a command. */
export async function runChat(words: readonly string[] | undefined, flags: CliFlags, cli: Process): Promise<ExitCode> {
  if (words !== undefined && words.length > 0)
    throw new ConfigError(`chat takes no words; for one question: runsight ask "${words.join(' ')}"`);
  const config = readConfig(cli.env, flags);
  const app = createApp(config, { isolated: true });
  // A terminal that cannot move its cursor is read line by line.
  const isTerminal = cli.stdin.isTTY === true && cli.stdout.isTTY === true && cli.env.TERM !== 'dumb';
  const chat = createChat({ app, config, isTerminal, screen: () => detectScreen(cli.stdout, cli.env, flags) });
  // Before anything is drawn: a width that cannot be is a mistake of the command line.
  chat.screen();
  try {
    if (flags.json === true) return await chatInJson(app, config, cli);
    if (isTerminal) return await chatInTerminal(chat, cli);
    if (words === undefined && cli.stdin.isTTY === true) return showHelp(cli);
    return (await chatThroughPipe(chat, cli)) ?? (words === undefined ? showHelp(cli) : EXIT_CODES.ok);
  } finally {
    await app.close();
  }
}

function showHelp(cli: Process): ExitCode {
  cli.stdout.write(SHORT_HELP);
  return EXIT_CODES.ok;
}
