/** A SQLite file, read here where its statements are sure to be short, else in a process of its own. */
import type { SqlDatabase } from './connection.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { SqliteFile } from './sqlite-file.ts';

export interface SqliteOptions {
  /** Tables that may be read beside those of runs. */
  readonly tables?: readonly string[] | undefined;
  /** Whether this process must never stand still for it. */
  readonly isolated?: boolean | undefined;
}

/** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
export async function openSqlite(path: string, { tables, isolated = false }: SqliteOptions): Promise<SqlDatabase> {
  if (!isolated && isSure(path)) return new SqliteDatabase(path, tables);
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
