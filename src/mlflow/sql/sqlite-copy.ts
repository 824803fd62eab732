/**
 * A database whose log was left without its shared memory, as by copying: SQLite would make that file anew beside it.
 * Nobody has it open then, so it is read in a copy that is gone from the disk as soon as it is open.
 */
import { constants, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import type { SqliteFile } from './sqlite-file.ts';

const MOST_BYTES = 2 ** 30;

export interface PrivateCopy {
  readonly path: string;
  /** May be called again; what is open stays readable. */
  remove(): void;
}

/** Throws StoreError: `database_unreadable` where it is too large or cannot be copied, `database_busy` where it changed. */
export function copyPrivately(file: SqliteFile, location: string): PrivateCopy {
  const before = file.look();
  const bytes = file.parts.reduce((sum, part) => sum + statSync(part).size, 0);
  if (bytes > MOST_BYTES)
    throw new StoreError(
      'database_unreadable',
      `${location} has a log (-wal) without its shared memory (-shm), and is too large to be read in a copy`,
      {
        hint: 'Open it once with mlflow, which takes the log in.',
      },
    );
  try {
    const folder = mkdtempSync(join(tmpdir(), 'runsight-'));
    const path = join(folder, 'mlflow.db');
    const copy = { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
    const [database = '', log = ''] = file.parts;
    copyFileSync(database, path, constants.COPYFILE_FICLONE);
    copyFileSync(log, `${path}-wal`, constants.COPYFILE_FICLONE);
    const after = file.look();
    if (after.log === before.log && after.revision === before.revision) return copy;
    copy.remove();
  } catch (cause) {
    throw new StoreError('database_unreadable', `cannot copy ${location} to read its log (-wal)`, {
      hint: 'Make room in the folder for temporary files, or open it once with mlflow, which takes the log in.',
      cause,
    });
  }
  throw new StoreError('database_busy', `${location} is being written to`, {
    hint: 'Try again in a moment.',
    retryable: true,
  });
}
