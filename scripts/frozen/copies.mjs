/** Copies of the demo that take long to make: made once, used by every later `write`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { copyDemo } from '../../test/support/demo.ts';
import { copyDemoTo } from '../../test/support/demo-copies.ts';
import { startMlflowServer } from '../../test/support/mlflow-server.ts';
import { writeMlruns } from '../../test/support/mlruns.ts';

const DATABASE = 'runsight_frozen';

/** Makes each copy anew; the file NAME.uri in `folder` says that it is complete. */
const MAKERS = {
  async 'demo-files'(folder) {
    const own = path.join(folder, 'demo-files');
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own);
    return writeMlruns(copyDemo(own), own);
  },
  async 'demo-postgresql'() {
    const address = process.env.RUNSIGHT_TEST_POSTGRESQL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${DATABASE}`);
    await client.end();
    return fill(address, 'psycopg2');
  },
  async 'demo-mysql'() {
    const address = process.env.RUNSIGHT_TEST_MYSQL ?? 'mysql://root@127.0.0.1:3306/mysql';
    const connection = await mysql.createConnection({ uri: address });
    await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
    await connection.query(`CREATE DATABASE ${DATABASE}`);
    await connection.end();
    return fill(address, 'pymysql');
  },
  /** Served while it is asked; only its database stays. */
  async 'demo-rest'(folder) {
    const own = path.join(folder, 'demo-rest');
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own);
    const server = await startMlflowServer(copyDemo(own));
    await server.stop();
    return path.join(own, 'mlflow.db');
  },
};

async function fill(address, driver) {
  const uri = address.replace(/[^/]*$/, DATABASE);
  await copyDemoTo(uri.replace(':', `+${driver}:`));
  return uri;
}

const noteOf = (folder, name) => path.join(folder, `${name}.uri`);

export async function makeCopies(folder, isWanted) {
  mkdirSync(folder, { recursive: true });
  for (const [name, make] of Object.entries(MAKERS).filter(([name]) => isWanted(name))) {
    const began = Date.now();
    rmSync(noteOf(folder, name), { force: true });
    writeFileSync(noteOf(folder, name), await make(folder));
    console.log(`${name}: made in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}

/** Those that were made; says which were not. */
export function findCopies(folder, isWanted) {
  return Object.keys(MAKERS)
    .filter(isWanted)
    .flatMap((name) => {
      if (!existsSync(noteOf(folder, name))) {
        console.error(`LEFT OUT: ${name}; "frozen.mjs stores" makes it`);
        return [];
      }
      const uri = readFileSync(noteOf(folder, name), 'utf8');
      if (name === 'demo-rest') return [{ name, open: () => serve(uri), isSlow: true }];
      return [{ name, open: async () => ({ uri, close: async () => undefined }) }];
    });
}

async function serve(database) {
  const { url, stop } = await startMlflowServer(database);
  // It is in a group of its own, so that nobody else would end it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().finally(() => process.exit(1)));
  return { uri: url, close: stop };
}
