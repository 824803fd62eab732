/** The completion scripts in the shells that they are for. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, flagRows } from '../../../src/surfaces/cli/commands.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { hasTmux, openTerminal } from '../../support/terminal.ts';
import { runProgram } from './run-program.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const has = (program: string, flag = '--version') => spawnSync(program, [flag]).status === 0;
const hasShell = Object.fromEntries(SHELLS.map((shell) => [shell, has(shell)]));
for (const shell of SHELLS)
  if (!hasShell[shell]) console.warn(`${shell} is not installed: its completions are not tried`);

let folder: TemporaryFolder;
const scriptOf = (shell: string) => path.join(folder.path, `runsight.${shell}`);
beforeAll(async () => {
  folder = makeTemporaryFolder();
  writeFileSync(path.join(folder.path, 'my runs.db'), '');
  for (const shell of SHELLS) {
    const { stdout } = await runProgram(['completions', shell], { cwd: folder.path });
    writeFileSync(scriptOf(shell), stdout);
  }
});
afterAll(() => folder[Symbol.dispose]());

const COMMAND_NAMES = [...Object.keys(COMMANDS), 'help'].sort();
const ASK_FLAGS = flagRows
  .filter(([, { commands, unlisted }]) => unlisted !== true && (commands === undefined || commands.includes('ask')))
  .flatMap(([name, { negatable }]) => (negatable === true ? [`--${name}`, `--no-${name}`] : [`--${name}`]))
  .sort();

/** What is being typed, word by word as bash cuts it, and what it can become. */
const CASES: readonly (readonly [words: readonly string[], expected: readonly string[]])[] = [
  [[''], COMMAND_NAMES],
  [['ask', '--'], ASK_FLAGS],
  [['as'], ['ask']],
  [['ask', '--mod'], ['--model']],
  [
    ['ask', '--model', ''],
    ['auto', 'claude', 'offline'],
  ],
  [['ask', 'best run', '--model', 'o'], ['offline']],
  [
    ['completions', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['ask', '--uri', 'my'], ['my runs.db']],
  [['doctor', '--js'], []],
  [['config', '--js'], ['--json']],
];

describe.skipIf(!hasShell.bash)('bash', () => {
  const complete = (words: readonly string[]): string[] => {
    const script = `source "$0"; COMP_WORDS=(runsight "$@"); COMP_CWORD=$#; _runsight; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const command = ['--norc', '-c', script, scriptOf('bash'), ...words];
    return execFileSync('bash', command, { cwd: folder.path, encoding: 'utf8' }).split('\n').filter(Boolean).sort();
  };

  it.each(CASES)('%j', (words, expected) => expect(complete(words)).toEqual(expected));

  it('knows the words that it makes of --model=o', () => {
    expect(complete(['ask', '--model', '=', 'o'])).toEqual(['offline']);
    expect(complete(['ask', '--model', '='])).toEqual(['auto', 'claude', 'offline']);
    expect(complete(['--model', '=', 'auto', 'doc'])).toEqual(['doctor']);
  });

  it('is known to the shell', () => {
    const line = execFileSync('bash', ['--norc', '-c', 'source "$0"; complete -p runsight', scriptOf('bash')]);
    expect(String(line)).toBe('complete -F _runsight runsight\n');
  });
});

describe.skipIf(!hasShell.fish)('fish', () => {
  const complete = (words: readonly string[]): string[] => {
    const line = ['runsight', ...words.slice(0, -1).map((word) => `'${word}'`), words.at(-1)].join(' ');
    const script = `source ${scriptOf('fish')}; complete -C ${JSON.stringify(line)}`;
    const env = { PATH: process.env.PATH, HOME: folder.path };
    const shown = execFileSync('fish', ['--no-config', '-c', script], { cwd: folder.path, encoding: 'utf8', env });
    return shown
      .split('\n')
      .filter(Boolean)
      .map((row) => row.split('\t')[0]?.replaceAll('\\', '') ?? '')
      .sort();
  };

  it.each(CASES)('%j', (words, expected) => {
    // It always offers help beside the flags of a command.
    expect(complete(words).filter((word) => !['--help', '--version'].includes(word))).toEqual(expected);
  });
});

describe.skipIf(!hasShell.zsh || !hasTmux)('zsh', () => {
  it('completes in a terminal, and explains', async () => {
    const shown = openTerminal({
      columns: 100,
      rows: 40,
      command: ['zsh', '-f', '-i'],
      env: { HOME: folder.path, PS1: '> ' },
      folder: folder.path,
    });
    await shown.untilPrompt();
    shown.enter(`cd ${folder.path}; autoload -U compinit; compinit -u -D; source ${scriptOf('zsh')}; clear`);
    await shown.untilPrompt();
    const press = async (line: string, becomes: RegExp) => {
      shown.type(line);
      shown.press('Tab');
      await shown.until(becomes);
      shown.press('C-u', 'C-l');
      await shown.untilPrompt();
    };
    await press('runsight ', /doctor +-- what is connected/);
    await press('runsight ask --mod', /> runsight ask --model=/);
    await press('runsight ask what --model o', /> runsight ask what --model offline/);
    await press('runsight ask --model ', /offline +-- no key/);
    await press('runsight completions b', /> runsight completions bash/);
    await press('runsight ask --uri my', /> runsight ask --uri my\\ runs\.db/);
    shown.close();
  });
});

describe('runsight completions', () => {
  it.each([
    [['completions'], /completions needs a shell: runsight completions bash\|zsh\|fish/],
    [['completions', 'csh'], /no completions for "csh"/],
  ])('%j is a usage error in one line', async (args, words) => {
    const { code, stdout, stderr } = await runProgram(args, { cwd: folder.path });
    expect(stderr).toMatch(words);
    expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
  });
});
