/** Looks at a SQLite file from outside: what it is, whether it is whole, which state it is in. */
import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { StoreError } from '../errors.ts';

const MAGIC = 'SQLite format 3\0';
const HEADER_SIZE = 100;

export interface SqliteFile {
  /** Write-ahead mode: newer data may stand in `-wal`. */
  readonly wal: boolean;
  /** A `-wal` file with something in it stands beside the database. */
  readonly hasWalData: boolean;
  /** Changes with every committed change. */
  readonly revision: string;
}

function statFile(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(String((cause as NodeJS.ErrnoException).code)))
      throw new StoreError('not_found', `no database at ${path}`, {
        hint: 'Check the path: sqlite:///mlflow.db is a file of the current folder, sqlite:////data/mlflow.db one of /data.',
        cause,
      });
    throw new StoreError('database_unreadable', `cannot read ${path}`, {
      hint: 'Check the path, and the permissions of each folder on it.',
      cause,
    });
  }
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  try {
    const handle = openSync(path, 'r');
    try {
      readSync(handle, header, 0, HEADER_SIZE, 0);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new StoreError('database_unreadable', `cannot read ${path}`, { hint: 'Check its permissions.', cause });
  }
  return header;
}

/** Fewer bytes than the header counts pages for (the count is valid only when both change counters agree). */
function isTruncated(header: Buffer, size: number): boolean {
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const counted = header.readUInt32BE(24) === header.readUInt32BE(92);
  return counted && header.readUInt32BE(28) * pageSize > size;
}

/** Throws a StoreError that names what is wrong with the file. */
export function inspectFile(path: string): SqliteFile {
  const stat = statFile(path);
  if (!stat.isFile())
    throw new StoreError('database_unreadable', `${path} is no database file`, {
      hint: 'Give the path of the file, such as mlflow.db.',
    });
  if (stat.size === 0)
    throw new StoreError('empty_database', `${path} is empty (0 bytes)`, {
      hint: 'MLflow has not written to it yet, or it was created by mistake; check the path.',
    });
  const header = readHeader(path);
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new StoreError('not_mlflow', `${path} is not a SQLite database`, {
      hint: 'Give the database that mlflow writes with --backend-store-uri sqlite:///….',
    });
  const wal = header[18] === 2 || header[19] === 2;
  if (!wal && isTruncated(header, stat.size))
    throw new StoreError(
      'database_unreadable',
      `${path} is cut short: it has ${stat.size} bytes and should have more`,
      {
        hint: 'Copy the file again while nothing writes to it.',
      },
    );
  const walStat = wal ? statSync(`${path}-wal`, { throwIfNoEntry: false }) : undefined;
  const state = wal ? [stat.mtimeMs, walStat?.size ?? 0, walStat?.mtimeMs ?? 0] : [header.readUInt32BE(24)];
  return { wal, hasWalData: (walStat?.size ?? 0) > 0, revision: [stat.size, ...state].join('-') };
}
