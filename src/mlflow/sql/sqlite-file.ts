/** Looks at a SQLite file from outside: what it is, whether it is whole, which state it is in. */
import { closeSync, lstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { isSoonRead } from './sqlite-pages.ts';

const MAGIC = 'SQLite format 3\0';
const HEADER_SIZE = 100;

/** What SQLite opens beside a database, and would wait at for ever if it were a pipe. */
const BESIDE = ['-journal', '-wal', '-shm'] as const;

export interface SqliteState {
  /**
   * Where the newest data may stand: `live` in a log that SQLite shares with writers, `left` in one whose shared memory
   * (`-shm`) is gone, as after copying; `none` where the file holds all of it, and nobody has it open in write-ahead mode.
   */
  readonly log: 'unused' | 'none' | 'live' | 'left';
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

/** The file behind a path, whatever it is called. Throws StoreError. */
export function identifyFile(path: string): string {
  const { dev, ino } = statFile(path);
  return `${dev}:${ino}`;
}

export class SqliteFile {
  readonly #path: string;
  /** Without links: SQLite looks for the other files beside the file itself. */
  readonly #real: string;
  /** Stays open: to close any handle on a file gives up every lock that this process holds on it. */
  readonly #handle: number;

  /** Throws a StoreError that names what is wrong with the file. */
  constructor(path: string) {
    this.#path = path;
    const stat = statFile(path);
    this.#real = realpathSync(path);
    if (!stat.isFile())
      throw new StoreError('database_unreadable', `${path} is no database file`, {
        hint: 'Give the path of the file, such as mlflow.db.',
      });
    if (stat.size === 0)
      throw new StoreError('empty_database', `${path} is empty (0 bytes)`, {
        hint: 'MLflow has not written to it yet, or it was created by mistake; check the path.',
      });
    try {
      this.#handle = openSync(path, 'r');
    } catch (cause) {
      throw new StoreError('database_unreadable', `cannot read ${path}`, { hint: 'Check its permissions.', cause });
    }
    if (this.#readHeader().toString('latin1', 0, MAGIC.length) === MAGIC) return;
    this.close();
    throw new StoreError('not_mlflow', `${path} is not a SQLite database`, {
      hint: 'Give the database that mlflow writes with --backend-store-uri sqlite:///….',
    });
  }

  /** Throws `database_unreadable` where what stands beside it is no file. */
  look(): SqliteState {
    const stat = statFile(this.#path);
    const header = this.#readHeader();
    const [, wal, memory] = BESIDE.map((suffix) => this.#lookBeside(suffix));
    const isShared = header[18] === 2 || header[19] === 2 || wal !== undefined;
    const state = isShared ? [stat.mtimeMs, wal?.size ?? 0, wal?.mtimeMs ?? 0] : [header.readUInt32BE(24)];
    const withData = memory === undefined ? 'left' : 'live';
    const log = !isShared ? 'unused' : (wal?.size ?? 0) === 0 ? 'none' : withData;
    return { log, revision: [stat.size, ...state].join('-') };
  }

  /** Whether all that SQLite would read stands in a file of which every statement comes to an end soon. */
  isSoonRead(most: number): boolean {
    const { log } = this.look();
    const { size } = statFile(this.#path);
    return size <= most && (log === 'unused' || log === 'none') && isSoonRead(this.#handle, size);
  }

  /** The file and its log, for copying. */
  get parts(): readonly string[] {
    return [this.#real, `${this.#real}-wal`];
  }

  /**
   * What is wrong where it has fewer bytes than its header counts pages for (the count is valid only when both change
   * counters agree). Only while nobody writes: a commit changes the header before it adds pages.
   */
  faultOfSize(): StoreError | undefined {
    const header = this.#readHeader();
    const { size } = statFile(this.#path);
    const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
    if (!isCounted || header.readUInt32BE(28) * pageSize <= size) return undefined;
    return new StoreError(
      'database_unreadable',
      `${this.#path} is cut short: it has ${size} bytes and should have more`,
      {
        hint: 'Copy the file again while nothing writes to it.',
      },
    );
  }

  close(): void {
    closeSync(this.#handle);
  }

  #lookBeside(suffix: (typeof BESIDE)[number]): Stats | undefined {
    const stat = lstatSync(`${this.#real}${suffix}`, { throwIfNoEntry: false });
    if (stat === undefined || stat.isFile()) return stat;
    throw new StoreError('database_unreadable', `${this.#path}${suffix}, which belongs to the database, is no file`, {
      hint: 'Move it away if no program made it for a purpose.',
    });
  }

  #readHeader(): Buffer {
    const header = Buffer.alloc(HEADER_SIZE);
    try {
      readSync(this.#handle, header, 0, HEADER_SIZE, 0);
    } catch (cause) {
      throw new StoreError('database_unreadable', `cannot read ${this.#path}`, {
        hint: 'Check its permissions.',
        cause,
      });
    }
    return header;
  }
}
