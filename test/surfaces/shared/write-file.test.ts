import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/config.ts';
import { writeOutput } from '../../../src/surfaces/shared/write-file.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';

let folder: TemporaryFolder;
const at = (name: string) => path.join(folder.path, name);
beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

function faultOf(file: string): string {
  try {
    writeOutput(file, 'x');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error(`${file} was written`);
}

describe('writeOutput', () => {
  it('writes text and bytes, in place of what was there, and leaves nothing else', () => {
    writeOutput(at('a.csv'), 'é');
    writeOutput(at('a.csv'), new Uint8Array([0, 255]));
    expect([...readFileSync(at('a.csv'))]).toEqual([0, 255]);
    expect(readdirSync(folder.path)).toEqual(['a.csv']);
  });

  it('keeps the mode of a private file', () => {
    writeFileSync(at('a'), '', { mode: 0o600 });
    writeOutput(at('a'), 'x');
    expect(statSync(at('a')).mode & 0o777).toBe(0o600);
  });

  it('takes a name as long as the file system does', () => {
    const name = `${'n'.repeat(251)}.csv`;
    writeOutput(at(name), 'x');
    expect(readdirSync(folder.path)).toEqual([name]);
  });

  it('refuses what is no file, follows no link, and writes nothing then', () => {
    mkdirSync(at('d'));
    writeFileSync(at('target'), 'old');
    symlinkSync(at('target'), at('link'));
    symlinkSync(at('nowhere'), at('dangling'));
    expect(faultOf(at('d'))).toBe(`${at('d')} is a folder: name a file in it`);
    for (const link of ['link', 'dangling'])
      expect(faultOf(at(link))).toBe(`${at(link)} is a symbolic link, which is not followed: name another file`);
    expect(faultOf(at('no/a.csv'))).toBe(
      `${at('no/a.csv')} cannot be written: there is no folder ${at('no')}; make it first`,
    );
    expect(faultOf(at('target/a.csv'))).toBe(
      `${at('target/a.csv')} cannot be written: ${at('target')} is not a folder`,
    );
    expect(readFileSync(at('target'), 'utf8')).toBe('old');
    expect(readdirSync(folder.path).sort()).toEqual(['d', 'dangling', 'link', 'target']);
  });

  it.each(['a\0b', `${'n'.repeat(256)}`])('clears its draft away where the file itself cannot be made', (name) => {
    expect(faultOf(at(name))).toMatch(/ cannot be written: [A-Z_]+$/);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('says why a folder takes no file', () => {
    chmodSync(folder.path, 0o500);
    try {
      expect(faultOf(at('a'))).toBe(`${at('a')} cannot be written: EACCES`);
    } finally {
      chmodSync(folder.path, 0o700);
    }
  });
});
