/** The command line: runs one command and turns whatever happens into an exit code. */
import { ConfigError, ownVersion } from '../../config/config.ts';
import type { Mounts } from '../http/serve.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfError } from '../shared/exit-codes.ts';
import { describeError } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import { type CliFlags, parseCommandLine } from './command-line.ts';
import { COMMANDS, type CommandName } from './commands.ts';

type Run = (words: readonly string[], flags: CliFlags, cli: Process) => Promise<ExitCode>;

/** Other surfaces that are served beside the HTTP API, by their paths; each in a thread that starts at its first request. */
const MOUNTS: Mounts = {
  '/mcp': async (data) => (await import('../mcp/threaded-mount.ts')).mountInThread(data),
};

/** Each is loaded when it is asked for. */
const RUN: Readonly<Record<CommandName, Run>> = {
  ask: async (words, flags, cli) => (await import('./ask.ts')).runAsk(words, flags, cli),
  chat: async (words, flags, cli) => (await import('./chat/run-chat.ts')).runChat(words, flags, cli),
  doctor: async (_, flags, cli) => (await import('./doctor.ts')).runDoctor(flags, cli),
  mcp: async (words, flags, cli) => (await import('../mcp/run-mcp.ts')).runMcp(words, flags, cli),
  serve: async (words, flags, cli) => (await import('../http/serve.ts')).runServe(words, flags, cli, MOUNTS),
  slack: async (words, flags, cli) => (await import('../slack/run-slack.ts')).runSlack(words, flags, cli),
  'create-experiment': async (words, flags, cli) =>
    (await import('./create-experiment.ts')).runCreateExperiment(words, flags, cli),
  setup: async (_, flags, cli) => (await import('./setup/setup.ts')).runSetup(flags, cli),
  completions: async (words, _, cli) => (await import('./completions/completions.ts')).runCompletions(words, cli),
  link: async (words, flags, cli) => (await import('./link.ts')).runLinkCommand(words, flags, cli),
  config: async (_, flags, cli) => (await import('./config.ts')).runConfig(flags, cli),
};
const COMMAND_NAMES = `${Object.keys(COMMANDS).join(', ')} and help`;

export async function runCli(args: readonly string[], cli: Process): Promise<ExitCode> {
  try {
    return await runCommand(args, cli);
  } catch (error) {
    if (cli.signal.aborted) return EXIT_CODES.interrupted;
    cli.stderr.write(`${describeError(error, cli.env)}\n`);
    return exitCodeOfError(error);
  }
}

async function runCommand(args: readonly string[], cli: Process): Promise<ExitCode> {
  const { flags, words } = parseCommandLine(args);
  const [command, ...rest] = words;
  if (flags.help === true || command === 'help') return print(cli, (await import('./help.ts')).HELP);
  if (flags.version === true) return print(cli, `${ownVersion()}\n`);
  if (command === undefined) return (await import('./chat/run-chat.ts')).runChat(undefined, flags, cli);
  if (!isCommand(command)) throw new ConfigError(`unknown command "${command}"; the commands are ${COMMAND_NAMES}`);
  return RUN[command](rest, flags, cli);
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function print(cli: Process, text: string): ExitCode {
  cli.stdout.write(text);
  return EXIT_CODES.ok;
}
