/** An odd store in every kind of store that tests can make on this machine. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { copyDatabase } from './copy-database.ts';
import { createServerDatabase, findDatabaseServers, type ServerKind } from './database-servers.ts';
import { createDatabase } from './databases.ts';
import { copyDemo, makeTemporaryFolder } from './demo.ts';
import type { DemoStore } from './demo-stores.ts';
import { hasMlflowServer, startMlflowServer } from './mlflow-server.ts';
import { writeMlruns } from './mlruns.ts';
import { type Holds, type OddStore, writeOddStore } from './odd-names.ts';

export interface OddStoreKind {
  readonly name: string;
  readonly isPossible: boolean;
  readonly seeds: readonly number[];
  /** Of each seed. */
  readonly questions: number;
  /** Where it cannot hold every name: why. */
  readonly holds?: Holds & { readonly reason: string };
  start(store: OddStore): Promise<DemoStore>;
}

function writeFile(folder: string, store: OddStore): string {
  const path = join(folder, 'odd.db');
  using database = createDatabase(path, '3');
  writeOddStore(database, store);
  return path;
}

/** In tables that MLflow itself made. */
function fillDemo(folder: string, store: OddStore): string {
  const path = copyDemo(folder);
  using database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables)
    if (!/^(?:alembic|sqlite|workspaces)/.test(String(name))) database.exec(`DELETE FROM "${name}"`);
  writeOddStore(database, store);
  return path;
}

async function startFile(store: OddStore): Promise<DemoStore> {
  const folder = makeTemporaryFolder();
  return { uri: writeFile(folder.path, store), stop: async () => folder[Symbol.dispose]() };
}

async function startDatabase(kind: ServerKind, store: OddStore): Promise<DemoStore> {
  using folder = makeTemporaryFolder();
  const server = await createServerDatabase(kind);
  await copyDatabase(writeFile(folder.path, store), server);
  return { uri: server.uri, stop: () => server.drop() };
}

async function startServer(store: OddStore): Promise<DemoStore> {
  const folder = makeTemporaryFolder();
  const server = await startMlflowServer(fillDemo(folder.path, store));
  return {
    uri: server.url,
    async stop() {
      await server.stop();
      folder[Symbol.dispose]();
    },
  };
}

async function startFolder(store: OddStore): Promise<DemoStore> {
  const folder = makeTemporaryFolder();
  const uri = await writeMlruns(fillDemo(folder.path, store), folder.path);
  return { uri, stop: async () => folder[Symbol.dispose]() };
}

/** All kinds; those that this machine cannot have are said aloud. */
export async function findOddStores(): Promise<readonly OddStoreKind[]> {
  const servers = await findDatabaseServers('odd names');
  const isPossible = hasMlflowServer('odd names over a real MLflow server and an mlruns folder');
  const few = { seeds: [4], questions: 60 };
  return [
    { name: 'SQLite', isPossible: true, seeds: [1, 2, 3], questions: 120, start: startFile },
    {
      name: 'PostgreSQL',
      isPossible: servers.includes('postgresql'),
      ...few,
      start: (store) => startDatabase('postgresql', store),
    },
    { name: 'MariaDB', isPossible: servers.includes('mysql'), ...few, start: (store) => startDatabase('mysql', store) },
    { name: 'REST', isPossible, ...few, start: startServer },
    {
      name: 'mlruns',
      isPossible,
      ...few,
      holds: {
        // A key is the name of a file.
        isKey: (key) => /^[\p{L}\p{N}_.\- :]+$/u.test(key) && !/^\.{1,2}$/.test(key),
        isExperiment: (name) => !name.includes("'"),
        reason: 'MLflow makes no such key in a folder, and no experiment with an apostrophe',
      },
      start: startFolder,
    },
  ];
}
