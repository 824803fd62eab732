/** Reads the command line. */
import { parseArgs } from 'node:util';
import { ConfigError } from '../../config/config.ts';
import { FLAGS } from './commands.ts';

export type CliFlags = ReturnType<typeof parseCommandLine>['flags'];

/** @throws ConfigError on a flag that does not exist or lacks its value. */
export function parseCommandLine(args: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true, allowNegative: true });
    return { flags: parsed.values, words: parsed.positionals };
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.(?:\s|$)/);
    throw new ConfigError(`${sentence}; see runsight --help`);
  }
}
