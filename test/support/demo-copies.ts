/** The demo's rows in databases of other releases and other kinds. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoPath } from './demo.ts';
import { type MlflowRelease, mlflowPython } from './mlflow-python.ts';

const SCRIPT = join(import.meta.dirname, 'copy_demo.py');
const MOST_MS = 180_000;

/**
 * Has a release of MLflow make its own tables in an empty database, and fills them with what they can hold of the demo.
 * @param uri as SQLAlchemy reads it: `sqlite:////folder/mlflow.db`, `postgresql+psycopg2://…`, `mysql+pymysql://…`.
 */
export async function copyDemoTo(uri: string, release?: MlflowRelease): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !/^(MLFLOW|RUNSIGHT)_/.test(name));
  await promisify(execFile)(await mlflowPython(release), [SCRIPT, demoPath, uri], {
    env: { ...Object.fromEntries(own), DO_NOT_TRACK: 'true' },
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  });
}
