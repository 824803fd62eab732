/** A PostgreSQL cluster of a test's own, with a password and a certificate: the machine's may trust everybody. */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './mlflow-server.ts';

const ROOT = '/usr/lib/postgresql';
const isRoot = process.getuid?.() === 0;

function findPrograms(): string | undefined {
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(ROOT, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

/** PostgreSQL does not run as root. */
function run(program: string, args: readonly string[]): string {
  const options: ExecFileSyncOptionsWithStringEncoding = { encoding: 'utf8', stdio: 'pipe', cwd: tmpdir() };
  return isRoot
    ? execFileSync('runuser', ['-u', 'postgres', '--', program, ...args], options)
    : execFileSync(program, args, options);
}

export function hasOwnPostgresql(whatIsLeftOut: string): boolean {
  if (process.env.RUNSIGHT_TEST_SERVER === '1' && findPrograms() !== undefined) return true;
  process.stderr.write(
    `\nLEFT OUT: ${whatIsLeftOut}. Set RUNSIGHT_TEST_SERVER=1 on a machine with PostgreSQL's own programs in ${ROOT}.\n\n`,
  );
  return false;
}

export interface OwnPostgresql {
  /** The certificate's file, which is its own authority. */
  readonly certificate: string;
  uri(password: string, options: string): string;
  demandTls(): Promise<void>;
  stop(): void;
}

export async function startOwnPostgresql(password: string): Promise<OwnPostgresql> {
  const programs = findPrograms() ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'runsight-postgresql-'));
  const data = join(folder, 'data');
  const [certificate, key, passwordFile] = ['server.crt', 'server.key', 'password'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate];
  execFileSync('openssl', [...request, ...names], { stdio: 'ignore' });
  writeFileSync(passwordFile, password);
  if (isRoot) {
    const id = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
    for (const path of [folder, key, passwordFile]) chownSync(path, id, -1);
  }
  chmodSync(key, 0o600);
  run(join(programs, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
  ]);
  const port = await findFreePort();
  appendFileSync(
    join(data, 'postgresql.conf'),
    `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\nssl = on\nssl_cert_file = '${certificate}'\nssl_key_file = '${key}'\n`,
  );
  const control = (...args: string[]): string =>
    run(join(programs, 'pg_ctl'), ['-D', data, '-l', join(folder, 'log'), '-w', ...args]);
  control('start');
  return {
    certificate,
    uri: (secret, options) =>
      `postgresql://postgres:${encodeURIComponent(secret)}@127.0.0.1:${port}/postgres${options === '' ? '' : `?${options}`}`,
    async demandTls() {
      writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
      control('reload');
    },
    stop() {
      control('stop', '-m', 'immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
