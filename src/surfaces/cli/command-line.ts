/** Reads the command line. */
import { ConfigError } from '../../config/config.ts';
import { FLAGS } from './commands.ts';

// Imported, it would load all that it only gets when it is asked for, at each start.
const { parseArgs } = process.getBuiltinModule('node:util');

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
