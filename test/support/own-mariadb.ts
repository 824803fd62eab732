/** A MariaDB server of a test's own, with users and certificates: the machine's may trust everybody. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import type { Certificate } from './certificates.ts';
import { findFreePort } from './mlflow-server.ts';

const SERVER = '/usr/sbin/mariadbd';
const INSTALLER = '/usr/bin/mariadb-install-db';
const START_MS = 30_000;

export function hasOwnMariadb(whatIsLeftOut: string): boolean {
  if (process.env.RUNSIGHT_TEST_SERVER === '1' && [SERVER, INSTALLER].every((path) => existsSync(path))) return true;
  process.stderr.write(
    `\nLEFT OUT: ${whatIsLeftOut}. Set RUNSIGHT_TEST_SERVER=1 on a machine with ${SERVER} and ${INSTALLER}.\n\n`,
  );
  return false;
}

export interface OwnMariadb {
  readonly port: number;
  /** As the administrator, over the server's socket. */
  execute(...texts: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const tlsFlags = (authority: string, { cert, key }: Certificate): readonly string[] => [
  `--ssl-ca=${authority}`,
  `--ssl-cert=${cert}`,
  `--ssl-key=${key}`,
];

/** Without certificates it offers no encryption. */
export async function startOwnMariadb(tls?: {
  readonly authority: string;
  readonly certificate: Certificate;
}): Promise<OwnMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'runsight-mariadb-'));
  const socketPath = join(folder, 'socket');
  const port = await findFreePort();
  const common = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--user=${userInfo().username}`];
  execFileSync(INSTALLER, [...common, '--auth-root-authentication-method=normal', '--skip-test-db'], {
    stdio: 'ignore',
  });
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socketPath}`];
  const small = ['--innodb-buffer-pool-size=16M', '--innodb-flush-log-at-trx-commit=0', '--skip-name-resolve'];
  const flags = tls === undefined ? ['--skip-ssl'] : tlsFlags(tls.authority, tls.certificate);
  const child = spawn(SERVER, [...common, ...network, ...small, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk) => (log += chunk));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const execute = async (...texts: readonly string[]): Promise<void> => {
    const administrator = await mysql.createConnection({ socketPath, user: 'root' });
    for (const text of texts) await administrator.query(text);
    await administrator.end();
  };
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      await execute();
      return { port, execute, stop };
    } catch (cause) {
      if (child.exitCode === null && Date.now() < deadline) await setTimeout(100);
      else {
        await stop();
        throw new Error(`mariadbd did not start:\n${log}`, { cause });
      }
    }
  }
}
