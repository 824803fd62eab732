/** `runsight completions SHELL`: prints a completion script for a shell, made from the table of commands and flags. */
import { ConfigError } from '../../../config/config.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import type { Process } from '../../shared/process.ts';
import { COMMANDS } from '../commands.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<(typeof COMMANDS.completions.values)[number], () => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function runCompletions(words: readonly string[], cli: Process): ExitCode {
  const [shell = ''] = words;
  const known = COMMANDS.completions.values.find((one) => one === shell);
  if (known === undefined) {
    const asked = shell === '' ? 'completions needs a shell' : `there are no completions for "${shell}"`;
    throw new ConfigError(`${asked}: runsight completions ${COMMANDS.completions.argument}`);
  }
  cli.stdout.write(SCRIPTS[known]());
  return EXIT_CODES.ok;
}
