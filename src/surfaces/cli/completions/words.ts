/** The table of commands and flags as the shells' scripts need it. */
import { type CliFlag, type Command, commandRows, flagRows } from '../commands.ts';

/** Also what is no command of its own. */
export const completedCommands: readonly (readonly [name: string, command: Command])[] = [
  ...commandRows,
  ['help', { help: 'explain commands and flags', options: false }],
];

/** Flags that mean something to a command; none given: all of them. */
export function flagsOf(command?: string): readonly (readonly [name: string, flag: CliFlag])[] {
  if (command === undefined) return flagRows;
  const takesOptions = completedCommands.some(([name, { options }]) => name === command && options);
  return flagRows.filter(([, flag]) => {
    const named: readonly string[] | undefined = flag.commands;
    return takesOptions && flag.unlisted !== true && (named === undefined || named.includes(command));
  });
}

/** As typed: `--color`, `--no-color`. */
export function spellings([name, { negatable }]: readonly [string, CliFlag]): readonly string[] {
  return negatable === true ? [`--${name}`, `--no-${name}`] : [`--${name}`];
}

/** Text as one word of any of the three shells. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
