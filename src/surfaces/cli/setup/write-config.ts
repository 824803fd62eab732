/** Writes the config file: private, whole or not at all, and never through a symbolic link. */
import { chmodSync, lstatSync, mkdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../../../config/config.ts';
import { readConfigFile } from '../../../config/file.ts';
import type { ConfigFile } from '../../../config/settings.ts';
import { cannotWrite, replaceFile } from '../../shared/write-file.ts';

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** What is to change: text sets a key, `null` takes it out, what is not named stays. */
export type ConfigChanges = { readonly [K in keyof ConfigFile]?: string | null };

/** @throws ConfigError naming the file and why it cannot be written. */
export function writeConfigFile(file: string, changes: ConfigChanges): void {
  assertWritable(file);
  const merged = Object.entries({ ...readConfigFile(file), ...changes }).filter(([, value]) => value !== null);
  const folder = path.dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    chmodSync(folder, PRIVATE_FOLDER);
  } catch (error) {
    throw cannotWrite(file, error);
  }
  replaceFile(file, `${JSON.stringify(Object.fromEntries(merged), undefined, 2)}\n`, PRIVATE_FILE);
}

/** Where a link leads, or what stands in the way, is nobody's to guess. @throws ConfigError */
export function assertWritable(file: string): void {
  const folder = path.dirname(file);
  assertKind(folder, 'a folder', (stats) => stats.isDirectory());
  assertKind(file, 'a file', (stats) => stats.isFile());
}

function assertKind(target: string, kind: string, fits: (stats: Stats) => boolean): void {
  const stats = look(target);
  if (stats === undefined || fits(stats)) return;
  const found = stats.isSymbolicLink() ? 'a symbolic link, which setup does not follow' : `not ${kind}`;
  throw new ConfigError(`${target} is ${found}: move it away and run setup again`);
}

/** Undefined where there is nothing, or nothing that can be looked at: writing then says why. */
function look(target: string): Stats | undefined {
  try {
    return lstatSync(target);
  } catch {
    return undefined;
  }
}
