/** A SQLite file, read here where its statements are sure to be short, else in a process of its own. */
import type { SqlDatabase } from './connection.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { SqliteFile } from './sqlite-file.ts';

/**
 * When it is read in a process of its own: always; unless it is so small that nobody feels a statement, where somebody
 * waits here; unless it is sure that each statement ends soon; or never, where the file came with the program.
 */
export type Isolation = 'always' | 'unless small' | 'unless sure' | 'never';

/** Bytes up to which a sound file is read here. A statement over so small a one stops this process for 50 ms at most. */
const READ_HERE: Readonly<Record<Exclude<Isolation, 'never'>, number>> = {
  always: 0,
  'unless small': 16 * 2 ** 20,
  // A look at its pages takes a third of a second for so many, a twentieth of what such a question takes.
  'unless sure': 512 * 2 ** 20,
};

export interface SqliteOptions {
  /** Tables that may be read beside those of runs. */
  readonly tables?: readonly string[] | undefined;
  /** Default: unless sure. */
  readonly isolation?: Isolation | undefined;
}

/** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
export async function openSqlite(
  path: string,
  { tables, isolation = 'unless sure' }: SqliteOptions,
): Promise<SqlDatabase> {
  if (isolation === 'never' || isSoonRead(path, READ_HERE[isolation])) return new SqliteDatabase(path, tables);
  const { IsolatedDatabase } = await import('./isolated-database.ts');
  return new IsolatedDatabase(path, tables);
}

function isSoonRead(path: string, most: number): boolean {
  const file = new SqliteFile(path);
  try {
    return file.isSoonRead(most);
  } finally {
    file.close();
  }
}
