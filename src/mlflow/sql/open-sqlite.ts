/** A SQLite file, read here where its statements are sure to be short, else in a process of its own. */
import type { SqlDatabase } from './connection.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { SqliteFile } from './sqlite-file.ts';

/**
 * When it is read in a process of its own: always, where this one must never stand still; where it is not sure that
 * statements over it are short; or never, where the file came with the program.
 */
export type Isolation = 'always' | 'unless sure' | 'never';

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
  if (isolation === 'never' || (isolation === 'unless sure' && isSure(path))) return new SqliteDatabase(path, tables);
  const { IsolatedDatabase } = await import('./isolated-database.ts');
  return new IsolatedDatabase(path, tables);
}

function isSure(path: string): boolean {
  const file = new SqliteFile(path);
  try {
    return file.isSoonRead();
  } finally {
    file.close();
  }
}
