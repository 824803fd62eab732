/** Tracking URI → store. Each kind is loaded when it is meant. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { StoreError } from './errors.ts';
import type { TransportOptions } from './rest/transport.ts';
import type { SqlDatabase } from './sql/connection.ts';
import type { ServerOptions } from './sql/server-options.ts';
import type { TrackingStore } from './tracking-store.ts';

/** The environment's settings for a server, read once by the configuration, and where indexes of folders are kept. */
export interface StoreOptions extends Omit<TransportOptions, 'retry'>, ServerOptions {
  /** Without one nothing is kept. */
  readonly cacheFolder?: string | undefined;
}

const WORKS =
  'What works: sqlite:///mlflow.db, the path of a .db file or of an mlruns folder, postgresql://host/database, mysql://host/database, http://host:5000, https://host.';
const LATER: ReadonlySet<string> = new Set(['databricks', 'databricks-uc']);

function toLaterError(what: string, uri: string): StoreError {
  return new StoreError('unsupported_source', `${what} come with a later release`, {
    hint: `For now run: mlflow server --backend-store-uri ${uri}, and use its address, such as http://127.0.0.1:5000.`,
  });
}

/** The address without what stands before the @ of its host. */
function withoutCredentials(uri: string): string {
  return uri.replace(/^([a-z0-9+.-]+:\/\/)[^?#]*@/i, '$1');
}

/** The file of sqlite:///relative, sqlite:////absolute or sqlite:///C:/…, without query. */
function toSqlitePath(uri: string): string {
  const path = /^sqlite:\/\/\/([^?]+)/.exec(uri)?.[1];
  if (path === undefined)
    throw new StoreError('unsupported_source', `${withoutCredentials(uri)} names no database file`, {
      hint: 'Write sqlite:///mlflow.db for a file here, sqlite:////data/mlflow.db for one elsewhere.',
    });
  return resolve(path);
}

async function openDatabase(database: SqlDatabase): Promise<TrackingStore> {
  const { openSqlStore } = await import('./sql/sql-store.ts');
  return openSqlStore(database);
}

/** The path of file:///absolute, file://localhost/absolute, file:relative or file:///C:/…. */
function toFilePath(uri: string): string {
  const [, path = ''] = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/i.exec(uri) ?? [];
  try {
    const plain = decodeURIComponent(path);
    if (plain !== '' && !plain.startsWith('//') && !plain.includes('\0'))
      return resolve(/^\/[a-z]:[\\/]/i.test(plain) ? plain.slice(1) : plain);
  } catch {
    // Not percent-encoded: the same answer as for what names no path.
  }
  throw new StoreError('unsupported_source', `${uri} names no folder or file on this machine`, {
    hint: 'Write file:///data/mlruns, file:mlruns, or the path alone.',
  });
}

async function openFile(path: string, { cacheFolder }: StoreOptions): Promise<TrackingStore> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const { openFilesStore } = await import('./files/files-store.ts');
    return openFilesStore(path, cacheFolder);
  }
  const { SqliteDatabase } = await import('./sql/sqlite-database.ts');
  return openDatabase(new SqliteDatabase(path));
}

/** Opens what a tracking URI, or the path of a database file or an mlruns folder, names. Throws StoreError. */
export async function openStore(uri: string, options: StoreOptions = {}): Promise<TrackingStore> {
  // One letter before the colon is a drive.
  const scheme = /^([a-z][a-z0-9.-]+)(?:\+[a-z0-9_]+)?:/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined && !LATER.has(uri)) return openFile(resolve(uri), options);
  if (scheme === 'sqlite') return openFile(toSqlitePath(uri), options);
  if (scheme === 'file') return openFile(toFilePath(uri), options);
  if (scheme === 'http' || scheme === 'https') {
    if (!URL.canParse(uri))
      throw new StoreError('unsupported_source', `${withoutCredentials(uri)} is no address`, { hint: WORKS });
    const { openRestStore } = await import('./rest/rest-store.ts');
    return openRestStore(uri, options);
  }
  if (scheme === 'postgresql' || scheme === 'postgres') {
    const { PostgresqlDatabase } = await import('./sql/postgresql-database.ts');
    return openDatabase(new PostgresqlDatabase(uri, options));
  }
  if (scheme === 'mysql' || scheme === 'mariadb') {
    const { MysqlDatabase } = await import('./sql/mysql-database.ts');
    return openDatabase(new MysqlDatabase(uri, options));
  }
  if (scheme === 'mssql')
    throw new StoreError('unsupported_source', 'SQL Server databases are not read directly', {
      hint: 'Run mlflow server with it as --backend-store-uri, and use its address, such as http://127.0.0.1:5000.',
    });
  const kind = scheme ?? uri;
  if (LATER.has(kind)) throw toLaterError(`${kind} stores`, withoutCredentials(uri));
  throw new StoreError('unsupported_source', `${kind}: is no kind of store that is known`, { hint: WORKS });
}
