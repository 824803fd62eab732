/** One run's folder → the run. */

import type { MetricPoint } from '../../query/point.ts';
import { compareText } from '../compare-text.ts';
import type { DatasetInput, Run, RunStatus } from '../runs/types.ts';
import { type Folder, UnreadableError } from './folder.ts';
import { type Meta, readMeta, requiredTextOf, textOf, timeOf } from './meta-yaml.ts';
import { isLater, scanMetric } from './metric-file.ts';
import { readKeyFiles, readTexts, type TextReading, type Work } from './read-texts.ts';
import { type Stamp, StampTaker } from './stamp.ts';

/** As MLflow numbers them; texts in files that other programs wrote. */
const STATUSES: ReadonlyMap<string, RunStatus> = new Map([
  ['1', 'RUNNING'],
  ['2', 'SCHEDULED'],
  ['3', 'FINISHED'],
  ['4', 'FAILED'],
  ['5', 'KILLED'],
  ...(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const).map((name): [string, RunStatus] => [
    name,
    name,
  ]),
]);

export interface Read<T> {
  /** Undefined where it could not be read at all. */
  readonly value: T | undefined;
  readonly stamp: Stamp;
  /** What could not be read, each worded as `<file> <why>`. */
  readonly problems: readonly string[];
  /** Whether to read again in a moment. */
  readonly mayPass: boolean;
}

/** Reads what `work` reads; a fault of its first file is a problem and no value. */
export function* readStamped<T>(folder: Folder, base: string, work: (reading: TextReading) => Work<T>): Work<Read<T>> {
  const reading: TextReading = { folder, base, stamp: new StampTaker(), problems: [], mayPass: false };
  const { stamp, problems } = reading;
  for (const path of ['', 'meta.yaml']) stamp.add(path, folder.stat(path === '' ? base : `${base}/${path}`));
  try {
    folder.requireInside(base);
    const value = yield* work(reading);
    return { value, stamp: stamp.finish(), problems, mayPass: reading.mayPass };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return {
      value: undefined,
      stamp: stamp.finish(),
      problems: [`meta.yaml ${error.message}`],
      mayPass: error.mayPass,
    };
  }
}

/** @param experimentId of the folder around it, which meta.yaml has to name too. */
export function readRun(folder: Folder, base: string, experimentId: string): Work<Read<Run>> {
  return readStamped(folder, base, function* (reading) {
    const meta = readMeta(folder, `${base}/meta.yaml`);
    const id = base.slice(base.lastIndexOf('/') + 1);
    const namedId = textOf(meta, 'run_id') ?? requiredTextOf(meta, 'run_id', 'run_uuid');
    if (namedId !== id) throw new UnreadableError('belongs to another run');
    if (requiredTextOf(meta, 'experiment_id') !== experimentId) throw new UnreadableError('names another experiment');
    return yield* assemble(id, experimentId, meta, reading);
  });
}

function* assemble(id: string, experimentId: string, meta: Meta, reading: TextReading): Work<Run> {
  const status = STATUSES.get(requiredTextOf(meta, 'status'));
  if (status === undefined) throw new UnreadableError('has a status that is none of 1 to 5');
  const tags = yield* readTexts(reading, 'tags');
  const startTime = timeOf(meta, 'start_time');
  const endTime = timeOf(meta, 'end_time');
  const user = tags.get('mlflow.user') || textOf(meta, 'user_id');
  const parentId = tags.get('mlflow.parentRunId');
  const artifactUri = textOf(meta, 'artifact_uri');
  return {
    id,
    name: textOf(meta, 'run_name') || (tags.get('mlflow.runName') ?? ''),
    experimentId,
    status,
    lifecycle: textOf(meta, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    ...(startTime !== undefined && { startTime }),
    ...(endTime && { endTime }),
    ...(user && { user }),
    ...(parentId !== undefined && { parentId }),
    ...(artifactUri && { artifactUri }),
    metrics: yield* readLatest(reading),
    params: yield* readTexts(reading, 'params'),
    tags,
    datasets: yield* readDatasets(reading),
  };
}

function* readLatest(reading: TextReading): Work<Map<string, MetricPoint>> {
  const { folder, base, stamp, problems } = reading;
  const latest: [string, MetricPoint][] = [];
  yield* readKeyFiles(reading, 'metrics', function* (key, path) {
    let last: MetricPoint | undefined;
    const { malformed, stats } = yield* scanMetric(folder, `${base}/${path}`, (point) => {
      if (last === undefined || isLater(point, last)) last = point;
    });
    stamp.add(path, stats);
    if (malformed > 0)
      problems.push(`${path} has ${malformed === 1 ? 'a line' : `${malformed} lines`} that is no point`);
    if (last !== undefined) latest.push([key, last]);
  });
  return new Map(latest.sort(([a], [b]) => compareText(a, b)));
}

/** `inputs/<id>/meta.yaml` names a dataset of the experiment, or a model, which is not meant here. */
function* readDatasets(reading: TextReading): Work<DatasetInput[]> {
  const { folder, base, stamp, problems } = reading;
  const datasets: DatasetInput[] = [];
  yield* readKeyFiles(reading, 'inputs', function* (key, path) {
    yield;
    if (!key.endsWith('/meta.yaml')) return;
    stamp.add(path, folder.stat(`${base}/${path}`));
    const input = readMeta(folder, `${base}/${path}`);
    const source = textOf(input, 'source_id') ?? '';
    const isDataset = textOf(input, 'source_type') === 'DATASET' && /^[0-9a-f]+$/.test(source);
    if (!isDataset) return;
    const dataset = `../datasets/${source}/meta.yaml`;
    stamp.add(dataset, folder.stat(`${base}/${dataset}`));
    const meta = readDataset(folder, `${base.slice(0, base.lastIndexOf('/'))}/datasets/${source}`, problems);
    if (meta !== undefined) datasets.push(toDataset(meta, input));
  });
  return datasets.sort(compareDatasets);
}

function readDataset(folder: Folder, base: string, problems: string[]): Meta | undefined {
  try {
    folder.requireInside(base);
    return readMeta(folder, `${base}/meta.yaml`);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    problems.push(`${base.slice(base.indexOf('/') + 1)}/meta.yaml ${error.message}`);
    return undefined;
  }
}

function toDataset(meta: Meta, input: Meta): DatasetInput {
  const tags = input.get('tags');
  const context = tags instanceof Map ? textOf(tags, 'mlflow.data.context') : undefined;
  return {
    name: textOf(meta, 'name') ?? '',
    digest: textOf(meta, 'digest') ?? '',
    ...(context !== undefined && { context }),
  };
}

function compareDatasets(a: DatasetInput, b: DatasetInput): number {
  return (
    compareText(a.name, b.name) || compareText(a.digest, b.digest) || compareText(a.context ?? '', b.context ?? '')
  );
}
