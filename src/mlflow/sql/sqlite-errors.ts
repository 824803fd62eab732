/** What goes wrong with a SQLite file, as faults that say what to do; a statement of ours that is not allowed is none. */
import { StoreError } from '../errors.ts';
import { MOST_CELL_BYTES } from './sqlite-limits.ts';

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_AUTH = 23;
/** A read-only handle met the journal of a writer that died. */
const SQLITE_READONLY_ROLLBACK = 776;

/** By primary result code. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [1, 'its tables are not as MLflow makes them'],
  [3, 'access is denied'],
  [7, 'it needs more memory than there is'],
  [8, 'its folder or log cannot be written, which its write-ahead mode needs'],
  [10, 'the disk reports an error'],
  [SQLITE_CORRUPT, 'it is damaged'],
  [14, 'it cannot be opened'],
  [18, `it holds a value of more than ${MOST_CELL_BYTES / 2 ** 20} MiB`],
  [26, 'it is damaged or encrypted'],
]);

/** Primary result code of a driver's error, without the extension bits. */
function resultCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export function isDamaged(error: unknown): boolean {
  return resultCode((error as Error).cause) === SQLITE_CORRUPT;
}

/** A fault of the file, or what was thrown where it is our own. */
export function toStoreError(path: string, cause: unknown): unknown {
  const { code, errcode } = (cause ?? {}) as { code?: unknown; errcode?: unknown };
  if (errcode === SQLITE_READONLY_ROLLBACK)
    return new StoreError('database_unreadable', `${path} holds the unfinished work of a writer that stopped`, {
      hint: 'Open it once with mlflow, which takes the unfinished work back.',
      cause,
    });
  const result = resultCode(cause);
  if (result === SQLITE_BUSY || result === SQLITE_LOCKED)
    return new StoreError('database_busy', `${path} is locked by a writer`, {
      hint: 'Try again in a moment; if it stays locked, a program holds a transaction open.',
      retryable: true,
      cause,
    });
  if (code === 'ERR_OUT_OF_RANGE') return unreadable(path, 'a number in it is out of range', cause);
  if (code !== 'ERR_SQLITE_ERROR' || result === SQLITE_AUTH) return cause;
  return unreadable(path, REASONS.get(result ?? 0) ?? 'SQLite cannot read it', cause);
}

function unreadable(path: string, reason: string, cause: unknown): StoreError {
  return new StoreError('database_unreadable', `cannot read ${path}: ${reason}`, {
    hint: 'Check the permissions, or copy the file again while nothing writes to it.',
    cause,
  });
}
