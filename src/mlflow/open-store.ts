/** Tracking URI → store. Each kind is loaded when it is meant. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { maskUri } from '../mask.ts';
import { StoreError } from './errors.ts';
import { findProxy } from './proxied.ts';
import type { DatabricksSettings } from './rest/databricks.ts';
import type { ProxySettings } from './rest/proxy-choice.ts';
import type { TransportOptions } from './rest/transport.ts';
import type { TrackingStore } from './runs/tracking-store.ts';
import type { SqlDatabase } from './sql/connection.ts';
import type { Isolation } from './sql/open-sqlite.ts';
import type { ServerOptions } from './sql/server-options.ts';

/** The environment's settings for a server, read once by the configuration, and where indexes of folders are kept. */
export interface StoreOptions extends Omit<TransportOptions, 'retry' | 'unauthorizedHint' | 'route'>, ServerOptions {
  /** Tables of a database that may be read beside those of runs. */
  readonly tables?: readonly string[] | undefined;
  /** When a database file is read in a process of its own. Default: unless it is sure to be read soon. */
  readonly isolation?: Isolation | undefined;
  /** Without one nothing is kept. */
  readonly cacheFolder?: string | undefined;
  readonly databricks?: DatabricksSettings | undefined;
  /** Undefined where no variable names a proxy. */
  readonly proxies?: ProxySettings | undefined;
}

type Open = (uri: string, options: StoreOptions) => Promise<TrackingStore>;

const WORKS =
  'What works: sqlite:///mlflow.db, the path of a .db file or of an mlruns folder, postgresql://host/database, mysql://host/database, http://host:5000, https://host, databricks.';

/** The file of sqlite:///relative, sqlite:////absolute or sqlite:///C:/…, without query. */
function toSqlitePath(uri: string): string {
  const path = /^sqlite(?:\+[a-z0-9_]+)?:\/\/\/([^?]+)/i.exec(uri)?.[1];
  if (path === undefined)
    throw new StoreError('unsupported_source', `${maskUri(uri)} names no database file`, {
      hint: 'Write sqlite:///mlflow.db for a file here, sqlite:////data/mlflow.db for one elsewhere.',
    });
  return resolve(path);
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
  throw new StoreError('unsupported_source', `${maskUri(uri)} names no folder or file on this machine`, {
    hint: 'Write file:///data/mlruns, file:mlruns, or the path alone.',
  });
}

/** Errors show paths as they are, so an address that begins with a quote or a space must not pass for one. */
function toPath(path: string): string {
  if (!path.includes('://') && maskUri(path) === path) return resolve(path);
  throw new StoreError('unsupported_source', `${maskUri(path)} is neither a path nor an address that is known`, {
    hint: `Take away any quote or space around it. ${WORKS}`,
  });
}

async function openDatabase(database: SqlDatabase): Promise<TrackingStore> {
  const { openSqlStore } = await import('./sql/sql-store.ts');
  return openSqlStore(database);
}

/** What may not be looked at is a file as far as one can tell: opening it says why. */
function kindOf(path: string): 'folder' | 'file' | 'nothing' {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? 'nothing' : stats.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}

/** `localhost:5000`, and `mlflow:5000/prefix`: a server's address without its scheme. */
const BARE_SERVER = /^[\w.-]+:\d{1,5}(?:\/[^@]*)?$/;

function checkScheme(uri: string): void {
  if (!BARE_SERVER.test(uri)) return;
  throw new StoreError('unsupported_source', `${uri} does not begin with a scheme`, {
    hint: `For an MLflow server, write http://${uri} or https://${uri}.`,
  });
}

/** A path that may be a database's or a folder's. */
function checkPath(path: string): string {
  if (kindOf(path) !== 'nothing') return path;
  throw new StoreError('not_found', `no database or mlruns folder at ${path}`, {
    hint: 'Check the path; a relative one starts at the current folder.',
  });
}

async function openPath(path: string, { cacheFolder, tables, isolation }: StoreOptions): Promise<TrackingStore> {
  if (kindOf(path) === 'folder') {
    const { openFilesStore } = await import('./files/files-store.ts');
    return openFilesStore(path, cacheFolder);
  }
  const { openSqlite } = await import('./sql/open-sqlite.ts');
  return openDatabase(await openSqlite(path, { tables, isolation }));
}

/**
 * A password's own `/`, `?` or `#` ends the host too soon: what follows, with the `@`, would be taken for the rest. In
 * the path of an address without a colon before it, an `@` is one.
 */
function checkAddress(uri: string): void {
  const url = URL.parse(uri);
  const isPlain = /^[^:]*:\/\/[^:/?#]+(?:[/?#]|$)/.test(uri);
  if (url === null || isPlain || !`${url.pathname}${url.search}${url.hash}`.includes('@')) return;
  throw new StoreError('unsupported_source', `${maskUri(uri)} is no address`, {
    hint: 'Begin it with scheme://, and write %40 for an @ of a path or password, %2F for a /, %3F for a ?, %23 for a #.',
  });
}

async function openPostgresql(uri: string, options: StoreOptions): Promise<TrackingStore> {
  checkAddress(uri);
  const { PostgresqlDatabase } = await import('./sql/postgresql-database.ts');
  return openDatabase(new PostgresqlDatabase(uri, options));
}

async function openMysql(uri: string, options: StoreOptions): Promise<TrackingStore> {
  checkAddress(uri);
  const { MysqlDatabase } = await import('./sql/mysql-database.ts');
  return openDatabase(new MysqlDatabase(uri, options));
}

async function openServer(uri: string, options: StoreOptions): Promise<TrackingStore> {
  if (!URL.canParse(uri)) throw new StoreError('unsupported_source', `${maskUri(uri)} is no address`, { hint: WORKS });
  checkAddress(uri);
  const { openRestStore } = await import('./rest/rest-store.ts');
  return openRestStore(uri, { ...options, route: await findProxy(uri, options) });
}

/** Credentials and TLS settings for MLflow servers are none for Databricks. */
async function openDatabricks(uri: string, options: StoreOptions): Promise<TrackingStore> {
  const { findDatabricks } = await import('./rest/databricks.ts');
  const { url, token, source } = findDatabricks(uri, options.databricks ?? {});
  const { openRestStore } = await import('./rest/rest-store.ts');
  return openRestStore(url, {
    kind: 'databricks',
    token,
    timeoutMs: options.timeoutMs,
    route: await findProxy(url, options),
    unauthorizedHint: `Renew the token in ${source}.`,
  });
}

async function refuseRegistry(uri: string): Promise<never> {
  throw new StoreError('unsupported_source', `${maskUri(uri)} is a model registry, where there are no runs`, {
    hint: 'Use databricks, or databricks://PROFILE.',
  });
}

async function refuseSqlServer(): Promise<never> {
  throw new StoreError('unsupported_source', 'SQL Server databases are not read directly', {
    hint: 'Run mlflow server with it as --backend-store-uri, and use its address, such as http://127.0.0.1:5000.',
  });
}

/** By scheme, without the driver that SQLAlchemy's addresses may name behind a plus sign. */
const OPENERS: ReadonlyMap<string, Open> = new Map<string, Open>([
  ['sqlite', (uri, options) => openPath(toSqlitePath(uri), options)],
  ['file', (uri, options) => openPath(checkPath(toFilePath(uri)), options)],
  ['http', openServer],
  ['https', openServer],
  ['postgresql', openPostgresql],
  ['postgres', openPostgresql],
  ['mysql', openMysql],
  ['mariadb', openMysql],
  ['mssql', refuseSqlServer],
  ['databricks', openDatabricks],
  ['databricks-uc', refuseRegistry],
]);

/** Opens what a tracking URI, or the path of a database file or an mlruns folder, names. Throws StoreError. */
export async function openStore(uri: string, options: StoreOptions = {}): Promise<TrackingStore> {
  // One letter before the colon is a drive; Databricks has no more than its name.
  const scheme = (
    /^(databricks(?:-uc)?)$/i.exec(uri)?.[1] ?? /^([a-z][a-z0-9.-]+)(?:\+[a-z0-9_]+)?:/i.exec(uri)?.[1]
  )?.toLowerCase();
  if (scheme === undefined) {
    const path = toPath(uri);
    if (kindOf(path) === 'nothing') checkScheme(uri);
    return openPath(checkPath(path), options);
  }
  const open = OPENERS.get(scheme);
  if (open === undefined) {
    checkScheme(uri);
    throw new StoreError('unsupported_source', `${scheme}: is no kind of store that is known`, { hint: WORKS });
  }
  return open(uri, options);
}
