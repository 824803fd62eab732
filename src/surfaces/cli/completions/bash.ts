/** The completion script for bash, 3.2 and newer. */
import { completedCommands, flagsOf, quote, spellings } from './words.ts';

export function bashScript(): string {
  const valued = flagsOf().filter(([, { type }]) => type === 'string');
  return `# Completion of runsight for bash: source <(runsight completions bash)
_runsight() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= word i
  COMPREPLY=()
  # bash makes three words of --model=auto.
  if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${valued.flatMap(spellings).join('|')}) [[ \${COMP_WORDS[i+1]} == = ]] && ((i++)); ((i++)) ;;
      -*|=) ;;
      *) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case $previous in
${valued.map(caseOfFlag).join('\n')}
  esac
  if [[ $current == -* ]]; then
    case $command in
      '') words=${quote(flagsOf().flatMap(spellings).join(' '))} ;;
${completedCommands.map(caseOfCommand).join('\n')}
    esac
  else
    case $command in
      '') words=${quote(completedCommands.map(([name]) => name).join(' '))} ;;
${completedCommands.flatMap(caseOfArgument).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _runsight runsight
`;
}

function caseOfFlag(row: ReturnType<typeof flagsOf>[number]): string {
  const [, { values, takesFile }] = row;
  const words = quote(Object.keys(values ?? {}).join(' '));
  // One name a line: names of files may hold spaces.
  const reply =
    takesFile === true
      ? 'while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null'
      : `COMPREPLY=($(compgen -W ${words} -- "$current"))`;
  return `    ${spellings(row).join('|')}) ${reply}; return ;;`;
}

function caseOfCommand([name]: (typeof completedCommands)[number]): string {
  return `      ${name}) words=${quote(flagsOf(name).flatMap(spellings).join(' '))} ;;`;
}

function caseOfArgument([name, { values }]: (typeof completedCommands)[number]): string[] {
  return values === undefined ? [] : [`      ${name}) words=${quote(values.join(' '))} ;;`];
}
