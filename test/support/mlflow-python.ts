/** Pythons that have a release of MLflow each, installed into the cache once per machine. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What each release needs to start today, its drivers for other databases included. */
const REQUIREMENTS = {
  '2.22.5': ['mlflow==2.22.5', 'sqlalchemy<2.1'],
  '3.1.4': ['mlflow==3.1.4', 'sqlalchemy<2.1', 'opentelemetry-api==1.33.*', 'opentelemetry-sdk==1.33.*'],
  '3.17.2': ['mlflow==3.17.2', 'psycopg2-binary==2.9.13', 'pymysql==1.2.4'],
} as const;

export type MlflowRelease = keyof typeof REQUIREMENTS;
/** The one that made the demo. */
export const CURRENT_RELEASE: MlflowRelease = '3.17.2';

async function install(release: MlflowRelease): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'runsight-test', `mlflow-${release}`);
  const marker = join(folder, 'installed');
  const wanted = REQUIREMENTS[release].map((requirement) => `${requirement}\n`).join('');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted)
    await promisify(execFile)('python3', [
      join(import.meta.dirname, 'install_mlflow.py'),
      folder,
      ...REQUIREMENTS[release],
    ]);
  return join(folder, 'bin/python');
}

/** A Python that has the release; installs it where none is named (RUNSIGHT_TEST_PYTHON names the current one). */
export async function mlflowPython(release: MlflowRelease = CURRENT_RELEASE): Promise<string> {
  return (release === CURRENT_RELEASE && process.env.RUNSIGHT_TEST_PYTHON) || install(release);
}
