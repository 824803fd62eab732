/**
 * Questions of earlier sessions, one a line, oldest first: private (0600 in a folder of 0700), bounded, each line once,
 * without secrets. Links are not followed. Where the file cannot be kept, one warning says so and the chat goes on.
 */
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Environment } from '../../../config/config.ts';
import { sanitizeLine } from '../../../present/sanitize.ts';
import { readEnd } from '../../../read-regular-file.ts';

export const MOST_ENTRIES = 1000;
const MOST_CHARACTERS = 4000;
/** Of a file that something else has filled up, the end. */
const MOST_BYTES = MOST_ENTRIES * MOST_CHARACTERS * 4;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export interface InputHistory {
  /** Newest first, as readline takes them. */
  readonly entries: readonly string[];
  /** Why the next sessions will not know this one, where so. */
  readonly warning?: string | undefined;
  /** Keeps a line for the next session. Returns a warning when that fails for the first time. */
  add(line: string): string | undefined;
}

/** Undefined where there is no home. */
export function historyFile(env: Environment): string | undefined {
  const { HOME: home, XDG_STATE_HOME: state } = env;
  const folder = [state, home && path.join(home, '.local', 'state')].find((one) => one && path.isAbsolute(one));
  return folder && path.join(folder, 'runsight', 'history');
}

/** `isSecret` tells lines that are never kept. */
export function openHistory(file: string | undefined, isSecret: (line: string) => boolean): InputHistory {
  if (file === undefined) return unkept('questions are not remembered: no home folder');
  let broken = false;
  const append = (line: string): string | undefined => {
    if (broken || line.length > MOST_CHARACTERS || line.startsWith(' ') || isSecret(line)) return undefined;
    try {
      write(file, `${line}\n`, constants.O_APPEND | constants.O_CREAT);
      return undefined;
    } catch (error) {
      broken = true;
      return warn(file, error);
    }
  };
  try {
    return { entries: load(file).toReversed(), add: append };
  } catch (error) {
    return unkept(warn(file, error));
  }
}

function unkept(warning: string): InputHistory {
  return { entries: [], warning, add: () => undefined };
}

function warn(file: string, error: unknown): string {
  return sanitizeLine(`questions are not remembered: ${file}: ${(error as Error).message}`);
}

/** The kept lines; rewrites the file where it holds more than that. */
function load(file: string): string[] {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  refuseLink(folder);
  refuseLink(file);
  chmodSync(folder, FOLDER_MODE);
  const { lines, isCut } = readLines(file);
  const kept = lastOfEach(lines);
  if (isCut || kept.length < lines.length) rewrite(file, kept);
  return kept;
}

function refuseLink(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) throw new Error(`${target} is a symbolic link`);
}

function readLines(file: string): { readonly lines: readonly string[]; readonly isCut: boolean } {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return { lines: [], isCut: false };
  if (!stat.isFile()) throw new Error('not a regular file');
  if ((stat.mode & 0o777) !== FILE_MODE) chmodSync(file, FILE_MODE);
  const { bytes, isCut } = readEnd(file, MOST_BYTES, constants.O_NOFOLLOW);
  const lines = bytes.toString('utf8').split('\n');
  return { lines: lines.slice(isCut ? 1 : 0).filter((line) => line.trim() !== ''), isCut };
}

/** Of many lines the last; one that comes again counts where it came last. */
function lastOfEach(lines: readonly string[]): string[] {
  const kept = new Set<string>();
  for (let at = lines.length - 1; at >= 0 && kept.size < MOST_ENTRIES; at--) {
    const line = lines[at]!;
    // Whoever wrote into the file may not steer the terminal.
    if (line.length <= MOST_CHARACTERS) kept.add(sanitizeLine(line));
  }
  return [...kept].toReversed();
}

function rewrite(file: string, lines: readonly string[]): void {
  const draft = `${file}.${process.pid}.tmp`;
  rmSync(draft, { force: true });
  try {
    write(draft, lines.map((line) => `${line}\n`).join(''), constants.O_CREAT | constants.O_EXCL);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function write(file: string, text: string, flags: number): void {
  const handle = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | flags, FILE_MODE);
  try {
    writeSync(handle, text);
  } finally {
    closeSync(handle);
  }
}
