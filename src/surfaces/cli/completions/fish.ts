/** The completion script for fish. */
import { completedCommands, flagsOf, quote } from './words.ts';

export function fishScript(): string {
  return `# Completion of runsight for fish: runsight completions fish | source
complete -c runsight -f
${completedCommands.map(commandLine).join('\n')}
${completedCommands.flatMap(argumentLine).join('\n')}
${flagsOf().flatMap(flagLines).join('\n')}
`;
}

function commandLine([name, { help }]: (typeof completedCommands)[number]): string {
  return `complete -c runsight -n __fish_use_subcommand -a ${name} -d ${quote(help)}`;
}

function argumentLine([name, { values }]: (typeof completedCommands)[number]): string[] {
  if (values === undefined) return [];
  return [`complete -c runsight -n '__fish_seen_subcommand_from ${name}' -a ${quote(values.join(' '))}`];
}

function flagLines([name, { short, argument, help, values, takesFile, negatable, unlisted }]: ReturnType<
  typeof flagsOf
>[number]): string[] {
  const takers = completedCommands.filter(([command]) => flagsOf(command).some(([flag]) => flag === name));
  const where =
    unlisted === true ? '' : ` -n '__fish_seen_subcommand_from ${takers.map(([command]) => command).join(' ')}'`;
  const value = argument === undefined ? '' : takesFile === true ? ' -r -F' : ' -x';
  // fish reads this text as words once more: the tab is between a value and what it means.
  const listed = Object.entries(values ?? {}).map(([word, meaning]) => `${word}\\t${quote(meaning)}`);
  const choices = listed.length === 0 ? '' : ` -a ${quote(listed.join(' '))}`;
  const line = (flag: string, letter: string) =>
    `complete -c runsight${where} -l ${flag}${letter}${value}${choices} -d ${quote(help)}`;
  return [
    line(name, short === undefined ? '' : ` -s ${short}`),
    ...(negatable === true ? [line(`no-${name}`, '')] : []),
  ];
}
