/** The command line: runs one command and turns whatever happens into an exit code. */
import { ConfigError, ownVersion } from '../../config.ts';
import { runAsk } from './ask.ts';
import { type Cli, parseCommandLine } from './command-line.ts';
import { runDoctor } from './doctor.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfError } from './exit-codes.ts';
import { describeError } from './faults.ts';
import { HELP } from './help.ts';

export async function runCli(args: readonly string[], cli: Cli): Promise<ExitCode> {
  try {
    return await runCommand(args, cli);
  } catch (error) {
    if (cli.signal.aborted) return EXIT_CODES.interrupted;
    cli.stderr.write(`${describeError(error, cli.env)}\n`);
    return exitCodeOfError(error);
  }
}

async function runCommand(args: readonly string[], cli: Cli): Promise<ExitCode> {
  const { flags, words } = parseCommandLine(args);
  const [command, ...rest] = words;
  if (flags.help === true || command === 'help') return print(cli, HELP);
  if (flags.version === true) return print(cli, `${ownVersion()}\n`);
  if (command === 'ask') return runAsk(rest, flags, cli);
  if (command === 'doctor') return runDoctor(flags, cli);
  if (command === undefined || command === 'chat') {
    const { runChat } = await import('./chat/run-chat.ts');
    return runChat(command && rest, flags, cli);
  }
  throw new ConfigError(`unknown command "${command}"; the commands are ask, chat, doctor and help`);
}

function print(cli: Cli, text: string): ExitCode {
  cli.stdout.write(text);
  return EXIT_CODES.ok;
}
