/** mlruns folders for tests: written by MLflow, or file by file as some MLflow once did. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { mlflowPython } from './mlflow-python.ts';

/** The runs of a database (which is opened for writing) as an mlruns folder below `folder`, by MLflow itself. */
export async function writeMlruns(databasePath: string, folder: string): Promise<string> {
  const mlruns = join(folder, 'mlruns');
  const script = join(import.meta.dirname, 'write_mlruns.py');
  await promisify(execFile)(await mlflowPython(), [script, databasePath, mlruns], {
    env: { ...process.env, MLFLOW_ALLOW_FILE_STORE: 'true', DO_NOT_TRACK: 'true' },
  });
  return mlruns;
}

/** Writes a file and the folders that lead to it. */
export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A quoted id, as MLflow writes it. */
export function writeExperiment(mlruns: string, id: string, name: string, more = ''): string {
  const folder = join(mlruns, id);
  writeText(
    join(folder, 'meta.yaml'),
    `artifact_location: file:///gone/mlruns/${id}\ncreation_time: 1700000000000\nexperiment_id: '${id}'\nlast_update_time: 1700000000000\nlifecycle_stage: active\nname: ${name}\n${more}`,
  );
  return folder;
}

export interface RunFiles {
  readonly name?: string;
  /** As MLflow numbers it; 3 is FINISHED. */
  readonly status?: number;
  readonly start?: number;
  readonly lifecycle?: string;
  /** Lines of metric files; params and tags whole. */
  readonly metrics?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A run as MLflow 3 writes it. */
export function writeRun(experiment: string, id: string, run: RunFiles = {}): string {
  const { name = '', status = 3, start = 1_700_000_000_000, lifecycle = 'active' } = run;
  const folder = join(experiment, id);
  const experimentId = experiment.slice(experiment.lastIndexOf('/') + 1);
  const meta = [
    `artifact_uri: file:///gone/mlruns/${experimentId}/${id}/artifacts`,
    'deleted_time: null',
    status === 1 ? 'end_time: null' : `end_time: ${start + 1_000}`,
    "entry_point_name: ''",
    `experiment_id: '${experimentId}'`,
    `lifecycle_stage: ${lifecycle}`,
    `run_id: ${id}`,
    `run_name: '${name}'`,
    `run_uuid: ${id}`,
    "source_name: ''",
    'source_type: 4',
    `start_time: ${start}`,
    `status: ${status}`,
    'tags: []',
    'user_id: ana',
  ];
  writeText(join(folder, 'meta.yaml'), `${meta.join('\n')}\n`);
  for (const [kind, texts] of [
    ['metrics', run.metrics],
    ['params', run.params],
    ['tags', run.tags],
  ] as const) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (const [key, text] of Object.entries(texts ?? {})) writeText(join(folder, kind, key), text);
  }
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  return folder;
}
