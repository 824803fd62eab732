/** A real `mlflow server` for tests: RUNSIGHT_TEST_SERVER=1 installs it, RUNSIGHT_TEST_PYTHON names a Python that has it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CURRENT_RELEASE, type MlflowRelease, mlflowPython } from './mlflow-python.ts';

const START_MS = 120_000;
/** For hooks: a first installation takes minutes. */
export const SERVER_HOOK_MS = 900_000;

/** Whether tests may start servers of these releases; says what is left out where not. */
export function hasMlflowServer(
  whatIsLeftOut: string,
  releases: readonly MlflowRelease[] = [CURRENT_RELEASE],
): boolean {
  const isThere = (release: MlflowRelease) => release === CURRENT_RELEASE && process.env.RUNSIGHT_TEST_PYTHON;
  if (process.env.RUNSIGHT_TEST_SERVER === '1' || releases.every(isThere)) return true;
  process.stderr.write(
    `\nLEFT OUT: ${whatIsLeftOut}. Set RUNSIGHT_TEST_SERVER=1 (needs python3; installs MLflow ${releases.join(' and ')} into the cache once).\n\n`,
  );
  return false;
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function waitUntilHealthy(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode}:\n${log()}`);
    const healthy = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await setTimeout(200);
  }
  throw new Error(`mlflow server did not start in ${START_MS} ms:\n${log()}`);
}

export interface MlflowServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly release?: MlflowRelease;
  /** More words of the command line. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The path that it is served under, such as /mlflow; part of its `url`. */
  readonly staticPrefix?: string;
}

/** Serves a database file (its folder also takes the server's other files) on a free local port. */
export async function startMlflowServer(
  databasePath: string,
  { release, flags = [], env = {}, staticPrefix }: ServerOptions = {},
): Promise<MlflowServer> {
  const python = await mlflowPython(release);
  const url = `http://127.0.0.1:${await findFreePort()}${staticPrefix ?? ''}`;
  const folder = dirname(databasePath);
  const own = Object.entries(process.env).filter(([name]) => !/^(MLFLOW|RUNSIGHT)_/.test(name));
  const child = spawn(
    python,
    ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', new URL(url).port, '--workers', '1']
      .concat(['--backend-store-uri', `sqlite:///${databasePath}`])
      .concat(['--default-artifact-root', join(folder, 'artifacts'), ...flags])
      .concat(staticPrefix === undefined ? [] : ['--static-prefix', staticPrefix]),
    // A group of its own, so that its workers end with it.
    {
      cwd: folder,
      // Nothing here needs its background jobs, which are seven processes more.
      env: { ...Object.fromEntries(own), DO_NOT_TRACK: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', ...env },
      detached: true,
      stdio: 'pipe',
    },
  );
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  try {
    await waitUntilHealthy(url, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
