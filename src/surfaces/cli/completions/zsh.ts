/** The completion script for zsh: to be sourced, or put into a folder of `fpath` as `_runsight`. */
import { completedCommands, flagsOf, quote, spellings } from './words.ts';

type Row = ReturnType<typeof flagsOf>[number];

export function zshScript(): string {
  return `#compdef runsight
# Completion of runsight for zsh: source <(runsight completions zsh)
_runsight() {
  local curcontext=$curcontext state line
  local -a completedCommands=(
${completedCommands.map(([name, { help }]) => `    ${quote(`${name}:${help}`)}`).join('\n')}
  )
  local -A flag=(
${flagsOf().flatMap(entries).join('\n')}
  )
  _arguments -C ${flagsOf().flatMap(references).join(' ')} '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t completedCommands command completedCommands ;;
    rest)
      case $words[1] in
${completedCommands.map(caseOfCommand).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _runsight ]]; then _runsight "$@"; else compdef _runsight runsight; fi
`;
}

function caseOfCommand([name, { values }]: (typeof completedCommands)[number]): string {
  // Free text completes to nothing; a message instead would keep zsh from inserting a flag.
  const argument = quote(values === undefined ? '*: :()' : `1: :(${values.join(' ')})`);
  return `        ${name}) _arguments ${[...flagsOf(name).flatMap(references), argument].join(' ')} ;;`;
}

/** Each flag under its name, as `_arguments` takes it: `--model=[help]:MODEL:((offline\\:help …))`. */
function entries(row: Row): string[] {
  const [, { argument, help, values, takesFile }] = row;
  const value = argument === undefined ? '' : `:${argument}:${takesFile === true ? '_files' : listValues(values)}`;
  const equals = argument === undefined ? '' : '=';
  return spellings(row).map((flag) => `    ${flag.slice(2)} ${quote(`${flag}${equals}[${escapeSpec(help)}]${value}`)}`);
}

function references(row: Row): string[] {
  return spellings(row).map((flag) => `$flag[${flag.slice(2)}]`);
}

function listValues(values: Readonly<Record<string, string>> | undefined): string {
  if (values === undefined) return ' ';
  return `((${Object.entries(values)
    .map(([value, help]) => `${value}\\:"${help}"`)
    .join(' ')}))`;
}

function escapeSpec(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}
