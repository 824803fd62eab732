/** MLflow's JSON → experiments, runs and points; refuses what has not their shape. */
import { compareText } from '../compare-text.ts';
import { StoreError } from '../errors.ts';
import type { DatasetInput, Experiment, Int64, MetricPoint, Run, RunStatus } from '../types.ts';
import { isObject, type JsonObject } from './read-json.ts';

const STATUSES: ReadonlySet<string> = new Set(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);

function refuse(what: string): never {
  throw new StoreError('bad_response', `the server's answer has no proper ${what}`, {
    hint: 'Check that the address is an MLflow server.',
  });
}

export function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name] ?? {};
  return isObject(value) ? value : refuse(name);
}

/** Empty lists are left out on the wire. */
export function listAt(parent: JsonObject, name: string): readonly JsonObject[] {
  const value = parent[name] ?? [];
  return Array.isArray(value) && value.every(isObject) ? value : refuse(name);
}

export function textAt(parent: JsonObject, name: string): string | undefined {
  const value = parent[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  return refuse(name);
}

function requiredTextAt(parent: JsonObject, name: string): string {
  return textAt(parent, name) ?? refuse(name);
}

/** Some servers send 64-bit integers as text. */
function int64At(parent: JsonObject, name: string): Int64 | undefined {
  const value = parent[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) return refuse(name);
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

function timeAt(parent: JsonObject, name: string): number | undefined {
  const value = int64At(parent, name);
  return value === undefined ? undefined : Number(value);
}

const DOUBLE = /^(?:NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** Doubles come as numbers or the texts NaN, Infinity, -Infinity; SQL servers clamp infinities to the largest. */
function doubleAt(parent: JsonObject, name: string): number {
  const { [name]: value = 0 } = parent;
  const isDouble = typeof value === 'string' ? DOUBLE.test(value) : /^(?:number|bigint)$/.test(typeof value);
  if (!isDouble) return refuse(name);
  const number = Number(value);
  return Math.abs(number) >= 1.797e308 ? Math.sign(number) * Number.POSITIVE_INFINITY : number;
}

/** Equal texts → one text: runs repeat their keys and most of their values, and each comes as a text of its own. */
type Share = (text: string) => string;
const asIs: Share = (text) => text;
const LONGEST_SHARED = 64;

function createShare(): Share {
  const texts = new Map<string, string>();
  return (text) => {
    if (text.length > LONGEST_SHARED) return text;
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}

function decodeTexts(list: readonly JsonObject[], share = asIs): Map<string, string> {
  const entries = list.map((entry): [string, string] => [
    share(textAt(entry, 'key') ?? ''),
    share(textAt(entry, 'value') ?? ''),
  ]);
  return new Map(entries.sort(([a], [b]) => compareText(a, b)));
}

export function decodePoint(json: JsonObject): MetricPoint {
  return {
    value: doubleAt(json, 'value'),
    step: int64At(json, 'step') ?? 0,
    timestamp: timeAt(json, 'timestamp') ?? 0,
  };
}

function decodeMetrics(list: readonly JsonObject[], share: Share): Map<string, MetricPoint> {
  const entries = list.map((entry): [string, MetricPoint] => [share(textAt(entry, 'key') ?? ''), decodePoint(entry)]);
  return new Map(entries.sort(([a], [b]) => compareText(a, b)));
}

function decodeDataset(json: JsonObject): DatasetInput {
  const dataset = objectAt(json, 'dataset');
  const context = decodeTexts(listAt(json, 'tags')).get('mlflow.data.context');
  return {
    name: textAt(dataset, 'name') ?? '',
    digest: textAt(dataset, 'digest') ?? '',
    ...(context !== undefined && { context }),
  };
}

function compareDatasets(a: DatasetInput, b: DatasetInput): number {
  return (
    compareText(a.name, b.name) || compareText(a.digest, b.digest) || compareText(a.context ?? '', b.context ?? '')
  );
}

function decodeStatus(info: JsonObject): RunStatus {
  const status = textAt(info, 'status') ?? 'RUNNING';
  return STATUSES.has(status) ? (status as RunStatus) : refuse('status');
}

/** For many runs: what they have in common is held once. */
export function createRunDecoder(): (json: JsonObject) => Run {
  const share = createShare();
  return (json) => decodeRun(json, share);
}

export function decodeRun(json: JsonObject, share = asIs): Run {
  const info = objectAt(json, 'info');
  const data = objectAt(json, 'data');
  const tags = decodeTexts(listAt(data, 'tags'), share);
  const startTime = timeAt(info, 'start_time');
  const endTime = timeAt(info, 'end_time');
  const user = tags.get('mlflow.user') || textAt(info, 'user_id');
  const parentId = tags.get('mlflow.parentRunId');
  const artifactUri = textAt(info, 'artifact_uri');
  return {
    id: textAt(info, 'run_id') ?? requiredTextAt(info, 'run_uuid'),
    name: textAt(info, 'run_name') || (tags.get('mlflow.runName') ?? ''),
    experimentId: share(requiredTextAt(info, 'experiment_id')),
    status: decodeStatus(info),
    lifecycle: textAt(info, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    ...(startTime !== undefined && { startTime }),
    ...(endTime && { endTime }),
    ...(user && { user }),
    ...(parentId !== undefined && { parentId }),
    ...(artifactUri && { artifactUri }),
    metrics: decodeMetrics(listAt(data, 'metrics'), share),
    params: decodeTexts(listAt(data, 'params'), share),
    tags,
    datasets: listAt(objectAt(json, 'inputs'), 'dataset_inputs')
      .map((entry) => decodeDataset(entry))
      .sort(compareDatasets),
  };
}

export function decodeExperiment(json: JsonObject): Experiment {
  const creationTime = timeAt(json, 'creation_time');
  const lastUpdateTime = timeAt(json, 'last_update_time');
  return {
    id: requiredTextAt(json, 'experiment_id'),
    name: requiredTextAt(json, 'name'),
    lifecycle: textAt(json, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    ...(creationTime !== undefined && { creationTime }),
    ...(lastUpdateTime !== undefined && { lastUpdateTime }),
    tags: decodeTexts(listAt(json, 'tags')),
  };
}
