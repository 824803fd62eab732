/** The command line: runs one command and turns whatever happens into an exit code. */
import { ConfigError, ownVersion } from '../../config.ts';
import { sanitizeForTerminal } from '../../present/sanitize.ts';
import { runAsk } from './ask.ts';
import { type Cli, type CliFlags, parseCommandLine } from './command-line.ts';
import { COMMANDS, type CommandName } from './commands.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfError } from './exit-codes.ts';
import { describeFault } from './faults.ts';

type Run = (words: readonly string[], flags: CliFlags, cli: Cli) => Promise<ExitCode>;

/** What is asked most is loaded at once; every other command when it is asked for. */
const RUN: Readonly<Record<CommandName, Run>> = {
  ask: runAsk,
  doctor: async (_, flags, cli) => (await import('./doctor.ts')).runDoctor(flags, cli),
  setup: async (_, flags, cli) => (await import('./setup/setup.ts')).runSetup(flags, cli),
  completions: async (words, _, cli) => (await import('./completions/completions.ts')).runCompletions(words, cli),
  config: async (_, flags, cli) => (await import('./config.ts')).runConfig(flags, cli),
};
const COMMAND_NAMES = `${Object.keys(COMMANDS).join(', ')} and help`;

export async function runCli(args: readonly string[], cli: Cli): Promise<ExitCode> {
  try {
    return await runCommand(args, cli);
  } catch (error) {
    if (cli.signal.aborted) return EXIT_CODES.interrupted;
    cli.stderr.write(`${describeError(error, cli)}\n`);
    return exitCodeOfError(error);
  }
}

async function runCommand(args: readonly string[], cli: Cli): Promise<ExitCode> {
  const { flags, words } = parseCommandLine(args);
  const [command, ...rest] = words;
  if (flags.help === true || command === 'help') return print(cli, (await import('./help.ts')).HELP);
  if (flags.version === true) return print(cli, `${ownVersion()}\n`);
  if (command === undefined) return print(cli, (await import('./help.ts')).SHORT_HELP);
  if (!isCommand(command)) throw new ConfigError(`unknown command "${command}"; the commands are ${COMMAND_NAMES}`);
  return RUN[command](rest, flags, cli);
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function print(cli: Cli, text: string): ExitCode {
  cli.stdout.write(text);
  return EXIT_CODES.ok;
}

function describeError(error: unknown, { env }: Cli): string {
  if (!(error instanceof Error)) return describeFault({ message: String(error) });
  if (env.RUNSIGHT_DEBUG === '1') return sanitizeForTerminal(error.stack ?? error.message);
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return describeFault({ message: error.message, hint });
}
