/** The command line: runs one command and turns whatever happens into an exit code. */
import { ConfigError, ownVersion } from '../../config.ts';
import { sanitizeForTerminal } from '../../present/sanitize.ts';
import { runAsk } from './ask.ts';
import { type Cli, parseCommandLine } from './command-line.ts';
import { runDoctor } from './doctor.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfError } from './exit-codes.ts';
import { describeFault } from './faults.ts';
import { HELP, SHORT_HELP } from './help.ts';

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
  if (flags.help === true || command === 'help') return print(cli, HELP);
  if (flags.version === true) return print(cli, `${ownVersion()}\n`);
  if (command === undefined) return print(cli, SHORT_HELP);
  if (command === 'ask') return runAsk(rest, flags, cli);
  if (command === 'doctor') return runDoctor(flags, cli);
  throw new ConfigError(`unknown command "${command}"; the commands are ask, doctor and help`);
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
