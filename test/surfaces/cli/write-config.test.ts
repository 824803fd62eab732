import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeConfigFile } from '../../../src/surfaces/cli/setup/write-config.ts';
import { toAbsoluteUri } from '../../../src/surfaces/shared/absolute-uri.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';

let folder: TemporaryFolder;
let file: string;
beforeEach(() => {
  folder = makeTemporaryFolder();
  file = path.join(folder.path, 'a/runsight/config.json');
});
afterEach(() => folder[Symbol.dispose]());

const modeOf = (target: string) => (statSync(target).mode & 0o777).toString(8);

describe('writeConfigFile', () => {
  it('makes a private file in a private folder, also where others could read both', () => {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, '{ "model": "offline" }', { mode: 0o666 });
    writeConfigFile(file, { anthropic_api_key: 'k' });
    expect([modeOf(file), modeOf(path.dirname(file))]).toEqual(['600', '700']);
    expect(readdirSync(path.dirname(file))).toEqual(['config.json']);
  });

  it('sets and takes out what is named, and keeps the rest', () => {
    writeConfigFile(file, { experiment: 'a', model: 'offline' });
    writeConfigFile(file, { experiment: null, tracking_uri: 'x.db' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ model: 'offline', tracking_uri: 'x.db' });
  });

  it('follows no symbolic link, of the file or of its folder', () => {
    const target = path.join(folder.path, 'target');
    writeFileSync(target, '{}');
    mkdirSync(path.dirname(file), { recursive: true });
    symlinkSync(target, file);
    expect(() => writeConfigFile(file, { experiment: 'a' })).toThrow(/config\.json is a symbolic link/);
    expect(readFileSync(target, 'utf8')).toBe('{}');

    const linked = path.join(folder.path, 'b/runsight');
    mkdirSync(path.dirname(linked));
    symlinkSync(folder.path, linked);
    expect(() => writeConfigFile(path.join(linked, 'config.json'), { experiment: 'a' })).toThrow(/symbolic link/);
    expect(existsSync(path.join(folder.path, 'config.json'))).toBe(false);
  });

  it('says in one line where it cannot', () => {
    writeFileSync(path.join(folder.path, 'a'), 'a file where the folder should be');
    expect(() => writeConfigFile(file, { experiment: 'b' })).toThrow(/^\S+config\.json cannot be written: [A-Z]+$/);
  });
});

describe('toAbsoluteUri', () => {
  it.each([
    ['mlflow.db', '/here/mlflow.db'],
    ['sqlite:///mlflow.db', 'sqlite:////here/mlflow.db'],
    ['sqlite:///./a/mlflow.db?mode=ro', 'sqlite:////here/a/mlflow.db?mode=ro'],
    ['sqlite:////data/mlflow.db', 'sqlite:////data/mlflow.db'],
    ['mlruns', '/here/mlruns'],
    ['file:./mlruns', 'file:/here/mlruns'],
    ['file:///data/mlruns', 'file:///data/mlruns'],
    ['sqlite+pysqlite:///mlflow.db', 'sqlite+pysqlite:////here/mlflow.db'],
    ['http://localhost:5000', 'http://localhost:5000'],
    ['127.0.0.1:5000', '127.0.0.1:5000'],
    ['databricks', 'databricks'],
    ['databricks://DEV', 'databricks://DEV'],
  ])('%s serves every folder', (typed, stored) => expect(toAbsoluteUri(typed, '/here')).toBe(stored));
});
