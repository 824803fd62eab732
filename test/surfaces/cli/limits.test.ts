/** Files, lines, clocks and homes as no one means them: a named error or an answer, at once, in little memory. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { findHome } from '../../../src/config/home.ts';
import { historyFile, openHistory } from '../../../src/surfaces/cli/chat/history-file.ts';
import type { Process } from '../../../src/surfaces/shared/process.ts';
import { readLines, TooLongLine } from '../../../src/surfaces/shared/read-lines.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { program, runProgram } from './run-program.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

/** Ways for a file to be none that ends. */
const ODD_FILES: readonly (readonly [string, (file: string) => void])[] = [
  ['a FIFO', (file) => execFileSync('mkfifo', [file])],
  ['a device', (file) => symlinkSync('/dev/zero', file)],
  ['a folder', (file) => mkdirSync(file)],
  [
    'a file of 10 GB',
    (file) => {
      writeFileSync(file, '');
      truncateSync(file, 10_000_000_000);
    },
  ],
];

describe('files that do not end', () => {
  const make = (relative: string, write: (file: string) => void): string => {
    const file = path.join(folder.path, relative);
    mkdirSync(path.dirname(file), { recursive: true });
    write(file);
    return file;
  };

  test.each(ODD_FILES)('%s as config file is a fault that names it', (_, write) => {
    const file = make('runsight/config.json', write);
    expect(() => readConfig({ XDG_CONFIG_HOME: folder.path })).toThrow(
      new RegExp(`${RegExp.escape(file)} cannot be read: it is (?:no regular file|larger than 16 MiB)`),
    );
  });

  test.each(ODD_FILES.slice(0, 3))('%s as history is a warning', (_, write) => {
    const file = make('runsight/history', write);
    const { entries, warning, add } = openHistory(file, () => false);
    expect([entries, warning]).toEqual([[], expect.stringContaining('questions are not remembered')]);
    expect(add('how many runs?')).toBeUndefined();
  });

  test('of a history that something else has filled up, the end is kept', () => {
    const lines = 'x'.repeat(100_000_000 / 2 - 1);
    const file = make('runsight/history', (name) => writeFileSync(name, `${lines}\nhow many runs?\nbest run?\n`));
    expect(openHistory(file, () => false).entries).toEqual(['best run?', 'how many runs?']);
  });
});

describe('a home', () => {
  it.each([
    ['absolute', { HOME: '/home/ada' }, '/home/ada'],
    ['relative: that of the user', { HOME: 'x' }, findHome({})],
    ['empty: that of the user', { HOME: '' }, findHome({})],
  ])('%s', (_, env, home) => {
    expect(findHome(env)).toBe(home);
    expect(readConfig(env).cacheFolder).toBe(path.join(home ?? '', '.cache/runsight'));
  });

  it.runIf(process.getuid?.() === 0)('of nobody costs the config file and the cache, not the answer', () => {
    const [node = '', ...bin] = program;
    const asNobody = (...args: readonly string[]) =>
      execFileSync('setpriv', ['--reuid=12345', '--regid=12345', '--clear-groups', node, ...bin, ...args], {
        cwd: '/',
        env: {},
        encoding: 'utf8',
      });
    expect(asNobody('ask', 'how many runs failed?', '--model', 'offline')).toMatch(/^9 FAILED runs/);
    expect(asNobody('doctor')).toMatch(
      /Config +none: there is no home folder; set HOME\nCache +none: there is no home/,
    );
    expect(JSON.parse(asNobody('config', '--json'))).not.toHaveProperty('cache_folder');
    expect(historyFile({})).toBeUndefined();
  });
});

describe('RUNSIGHT_NOW', () => {
  const now = (value: string) => readConfig({ RUNSIGHT_NOW: value }).now;

  it.each([
    '9999-12-31',
    '-271821-04-20T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '0001-01-01',
    '1',
    'March 7',
    '2026-13-01',
    'NaN',
  ])('%s is no day of it', (value) => {
    expect(() => now(value)).toThrow(/RUNSIGHT_NOW is ".*"; it takes an ISO time of the years 1971 to 9998/);
  });

  it.each(['1971-01-01', '9998-12-31T23:59:59Z', '2026-11-20', '2026-11-20T18:00:00.5+01:00', '2026-11-20 18:00'])(
    '%s is',
    (value) => {
      expect(now(value)).toBe(Date.parse(value));
    },
  );
});

describe('lines of a pipe', () => {
  async function linesOf(...chunks: readonly string[]): Promise<(string | number)[]> {
    const cli = {
      stdin: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
      signal: new AbortController().signal,
    };
    const lines = await Array.fromAsync(readLines(cli as unknown as Process));
    return lines.map((line) => (line instanceof TooLongLine ? -1 : line));
  }

  it('end with any line end, in any chunk, and with the input', async () => {
    expect(await linesOf('a\r', '\nb\n\n', ' \r', 'c\rd', 'e')).toEqual(['a', 'b', 'c', 'de']);
  });

  it('that are too long are told and passed over', async () => {
    const long = Array.from({ length: 40 }, () => 'x'.repeat(65_536));
    expect(await linesOf('a\n', ...long, '\nb\n', ...long)).toEqual(['a', -1, 'b', -1]);
    expect(await linesOf(`${'x'.repeat(100_000)}\n`, `${'y'.repeat(100_001)}\n`, 'z')).toHaveLength(3);
  });

  it('that never end leave the chat at work', async () => {
    const stdin = `${'x'.repeat(30_000_000)}\nhow many runs failed?\n${'y'.repeat(20_000)}\n`;
    const { code, stdout, stderr } = await runProgram(['chat', '--model', 'offline'], { cwd: folder.path, stdin });
    expect(stdout).toMatch(/^9 FAILED runs/);
    expect(stderr).toBe(
      [
        'runsight: the line is longer than 100,000 characters, and nothing of it was read',
        'runsight: The question has 20,000 characters; up to 10,000 are read. Ask for one thing in a sentence or two.',
        '',
      ].join('\n'),
    );
    expect(code).toBe(2);
    const json = `${'x'.repeat(3_000_000)}\n{"question":"how many runs failed?"}\n`;
    const answers = await runProgram(['chat', '--json', '--model', 'offline'], { cwd: folder.path, stdin: json });
    const records = answers.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ status }) => status)).toEqual(['error', 'answered']);
    expect(records[0].error).toMatchObject({ code: 'bad_request', message: expect.stringContaining('100,000') });
  });
});

describe('JSON', () => {
  it('holds nothing that cannot be seen, and reads back as the same', async () => {
    const question = 'best run by "a\u009b31m\u202eb\u200bc\u{e0041}d\u2028e"';
    const { stdout } = await runProgram(['ask', question, '--json', '--model', 'offline'], { cwd: folder.path });
    expect(stdout).not.toMatch(/[^\n\P{C}]|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]/u);
    expect(stdout).toContain('\\u009b31m\\u202eb\\u200bc\\udb40\\udc41d\\u2028e');
    expect(JSON.parse(stdout).receipt.question).toBe(question);
  });
});
