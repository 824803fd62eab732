import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/config.ts';
import { historyFile, MOST_ENTRIES, openHistory } from '../../../../src/surfaces/cli/chat/history-file.ts';
import { secretTest } from '../../../../src/surfaces/cli/chat/secret-test.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../../support/demo.ts';

let folder: TemporaryFolder;
let file: string;
beforeEach(() => {
  folder = makeTemporaryFolder();
  file = historyFile({ XDG_STATE_HOME: folder.path }) ?? 'none';
});
afterEach(() => folder[Symbol.dispose]());

const open = () => openHistory(file, () => false);
const write = (text: string, mode = 0o600) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
};

describe('historyFile', () => {
  it('lies in the state folder, else below home, else nowhere', () => {
    expect(historyFile({ XDG_STATE_HOME: '/state', HOME: '/home/ada' })).toBe('/state/runsight/history');
    expect(historyFile({ XDG_STATE_HOME: 'relative', HOME: '/home/ada' })).toBe(
      '/home/ada/.local/state/runsight/history',
    );
    expect(historyFile({})).toBeUndefined();
  });
});

describe('openHistory', () => {
  it('remembers lines for the next session, newest first, each once', () => {
    for (const line of ['one', 'two', 'one']) expect(open().add(line)).toBeUndefined();
    expect(open().entries).toEqual(['one', 'two']);
    expect(readFileSync(file, 'utf8')).toBe('two\none\n');
  });

  it('keeps the newest thousand', () => {
    write(Array.from({ length: MOST_ENTRIES + 5 }, (_, index) => `question ${index}\n`).join(''));
    expect(open().entries.at(-1)).toBe('question 5');
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(MOST_ENTRIES + 1);
  });

  it('is private, and makes private what was not', () => {
    write('old\n', 0o644);
    chmodSync(path.dirname(file), 0o755);
    open().add('new');
    expect([file, path.dirname(file)].map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o700]);
  });

  it('follows no link, neither for reading nor for writing', () => {
    const target = path.join(folder.path, 'precious');
    writeFileSync(target, 'untouched\n');
    mkdirSync(path.dirname(file));
    symlinkSync(target, file);
    const history = open();
    expect(history.warning).toMatch(/not remembered: .*symbolic link/);
    history.add('a question');
    expect([history.entries, readFileSync(target, 'utf8')]).toEqual([[], 'untouched\n']);
  });

  it('does not take a link put there while it is open', () => {
    const target = path.join(folder.path, 'made by a link');
    const history = open();
    symlinkSync(target, file);
    expect(history.add('a question')).toMatch(/not remembered/);
    expect(existsSync(target)).toBe(false);
  });

  it('warns once where it cannot be kept, and goes on', () => {
    expect(openHistory(undefined, () => false).warning).toBe('questions are not remembered: no home folder');
    expect(openHistory('/dev/null/runsight/history', () => false).warning).toMatch(/^questions are not remembered: /);
    const history = open();
    mkdirSync(file);
    expect([history.add('one'), history.add('two')]).toEqual([expect.stringContaining('not remembered'), undefined]);
  });

  it('cannot steer the terminal, whoever wrote into it', () => {
    write('clear \x1b[2J me\n\n   \n');
    expect(open().entries).toEqual(['clear \\x1b[2J me']);
  });
});

describe('secrets', () => {
  const isSecret = secretTest(readConfig({ HOME: '/nonexistent', MLFLOW_TRACKING_PASSWORD: 'hunter2' }, {}, '/'));

  it.each([
    'is it hunter2 that is wrong?',
    'what does Basic YW5uOmh1bnRlcjI= mean?',
    'my key is sk-ant-REDACTED',
    'open https://ada:lovelace@mlflow.example',
    'token = 0123456789abcdef',
    'use password: swordfish1',
  ])('does not keep %j', (line) => {
    expect(isSecret(line)).toBe(true);
    const history = openHistory(file, isSecret);
    history.add(line);
    expect(existsSync(file)).toBe(false);
  });

  it.each(['runs with max_tokens = 4096', 'best run by token_count', 'what is the mean of total_tokens?'])(
    'keeps %j',
    (line) => {
      expect(isSecret(line)).toBe(false);
    },
  );
});
