/** Tracking URI → store. Each kind is loaded when it is meant. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maskUri } from '../mask.ts';
import { StoreError } from './errors.ts';
import type { TransportOptions } from './rest/transport.ts';
import type { TrackingStore } from './tracking-store.ts';

/** The environment's settings for a server, read once by the configuration; files need none. */
export type StoreOptions = Omit<TransportOptions, 'retry'>;

const WORKS = 'What works: sqlite:///mlflow.db, the path of a .db file, http://host:5000, https://host.';
/** Schemes with a driver part, such as postgresql+psycopg2, count by their first word. */
const LATER: ReadonlySet<string> = new Set(['postgresql', 'postgres', 'mysql', 'mssql', 'databricks', 'databricks-uc']);

function toLaterError(what: string, uri: string): StoreError {
  return new StoreError('unsupported_source', `${what} come with a later release`, {
    hint: `For now run: mlflow server --backend-store-uri ${uri}, and use its address, such as http://127.0.0.1:5000.`,
  });
}

/** The file of sqlite:///relative, sqlite:////absolute or sqlite:///C:/…, without query. */
function toSqlitePath(uri: string): string {
  const path = /^sqlite:\/\/\/([^?]+)/.exec(uri)?.[1];
  if (path === undefined)
    throw new StoreError('unsupported_source', `${maskUri(uri)} names no database file`, {
      hint: 'Write sqlite:///mlflow.db for a file here, sqlite:////data/mlflow.db for one elsewhere.',
    });
  return resolve(path);
}

async function openFile(path: string): Promise<TrackingStore> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw toLaterError(`${path} is a folder; mlruns folders`, path);
  const { openSqliteStore } = await import('./sql/sqlite-store.ts');
  return openSqliteStore(path);
}

/** Opens what a tracking URI, or the path of a database file, names. Throws StoreError. */
export async function openStore(uri: string, options: StoreOptions = {}): Promise<TrackingStore> {
  // One letter before the colon is a drive.
  const scheme = /^([a-z][a-z0-9.-]+)(?:\+[a-z0-9_]+)?:/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined && !LATER.has(uri)) return openFile(resolve(uri));
  if (scheme === 'sqlite') return openFile(toSqlitePath(uri));
  if (scheme === 'file') return openFile(fileURLToPath(new URL(uri, 'file:///')));
  if (scheme === 'http' || scheme === 'https') {
    if (!URL.canParse(uri))
      throw new StoreError('unsupported_source', `${maskUri(uri)} is no address`, { hint: WORKS });
    const { openRestStore } = await import('./rest/rest-store.ts');
    return openRestStore(uri, options);
  }
  const kind = scheme ?? uri;
  if (LATER.has(kind)) throw toLaterError(`${kind} stores`, maskUri(uri));
  throw new StoreError('unsupported_source', `${kind}: is no kind of store that is known`, { hint: WORKS });
}
