/** The demo's data in every kind of store that tests can make on this machine. */
import { createServerDatabase, findDatabaseServers, type ServerKind } from './database-servers.ts';
import { copyDemo, makeTemporaryFolder } from './demo.ts';
import { copyDemoTo } from './demo-copies.ts';
import { hasMlflowServer, startMlflowServer } from './mlflow-server.ts';
import { writeMlruns } from './mlruns.ts';

export interface DemoStore {
  readonly uri: string;
  stop(): Promise<void>;
}

export interface DemoStoreKind {
  readonly name: string;
  readonly isPossible: boolean;
  start(): Promise<DemoStore>;
}

async function startServer(): Promise<DemoStore> {
  const folder = makeTemporaryFolder();
  const server = await startMlflowServer(copyDemo(folder.path));
  return {
    uri: server.url,
    async stop() {
      await server.stop();
      folder[Symbol.dispose]();
    },
  };
}

async function fillDatabase(kind: ServerKind): Promise<DemoStore> {
  const database = await createServerDatabase(kind);
  await copyDemoTo(database.mlflowUri);
  return { uri: database.uri, stop: () => database.drop() };
}

async function writeFolder(): Promise<DemoStore> {
  const folder = makeTemporaryFolder();
  const uri = await writeMlruns(copyDemo(folder.path), folder.path);
  return { uri, stop: async () => folder[Symbol.dispose]() };
}

/** All kinds; those that this machine cannot have are said aloud. */
export async function findDemoStores(whatIsLeftOut: string): Promise<readonly DemoStoreKind[]> {
  const servers = await findDatabaseServers(whatIsLeftOut);
  const isPossible = hasMlflowServer(`${whatIsLeftOut} over a real MLflow server and an mlruns folder`);
  return [
    { name: 'REST', isPossible, start: startServer },
    { name: 'mlruns', isPossible, start: writeFolder },
    { name: 'PostgreSQL', isPossible: servers.includes('postgresql'), start: () => fillDatabase('postgresql') },
    { name: 'MariaDB', isPossible: servers.includes('mysql'), start: () => fillDatabase('mysql') },
  ];
}
