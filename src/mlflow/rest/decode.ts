/** MLflow's JSON → experiments, runs and points; refuses what has not their shape. */

import type { Int64, MetricPoint } from '../../query/point.ts';
import { compareText } from '../compare-text.ts';
import { StoreError } from '../errors.ts';
import type { DatasetInput, Experiment, Run, RunStatus } from '../runs/types.ts';
import { EVERYTHING, toRuns } from '../table/run-row.ts';
import { type RunHead, RunTable, STATUSES } from '../table/run-table.ts';
import { BadRow, isObject, JsonList, type JsonObject } from './read-json.ts';

/** An answer, or a row of it, that has not the shape of MLflow's. */
export class Misshapen extends StoreError {
  /** Why, where it is a row that others stand beside: `no proper status`. */
  readonly reason: string;

  constructor(reason: string) {
    super('bad_response', `the server's answer has ${reason}`, { hint: 'Check that the address is an MLflow server.' });
    this.reason = reason;
  }
}

export function refuse(what: string): never {
  throw new Misshapen(`no proper ${what}`);
}

/** Throws Misshapen for what is no object. */
export function objectOf(row: JsonObject | BadRow): JsonObject {
  if (row instanceof BadRow) throw new Misshapen(`a row that is ${row.what}`);
  return row;
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

/** The same, item by item where it is long. */
export function rowsAt(parent: JsonObject, name: string): JsonList | readonly JsonObject[] {
  const { [name]: value } = parent;
  return value instanceof JsonList ? value : listAt(parent, name);
}

export function textAt(parent: JsonObject, name: string): string | undefined {
  const value = parent[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  return refuse(name);
}

/** Some servers send 64-bit integers as text. */
function int64At(parent: JsonObject, name: string): Int64 | undefined {
  const value = parent[name];
  if (value === undefined || value === null || Number.isSafeInteger(value)) return (value as number) ?? undefined;
  if (typeof value !== 'bigint' && !(typeof value === 'string' && /^-?\d{1,19}$/.test(value))) return refuse(name);
  const integer = BigInt(value);
  if (Number.isSafeInteger(Number(integer))) return Number(integer);
  return isInt64(integer) ? integer : refuse(name);
}

const isInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

function timeAt(parent: JsonObject, name: string): number | undefined {
  const value = int64At(parent, name);
  return value === undefined ? undefined : Number(value);
}

/** As MLflow itself checks them: they become part of links and of further requests. */
const ID = /^[A-Za-z0-9][\w-]{0,255}$/;

export function idAt(parent: JsonObject, name: string): string {
  const id = textAt(parent, name);
  return id !== undefined && ID.test(id) ? id : refuse(name);
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

function decodeTexts(list: readonly JsonObject[]): Map<string, string> {
  return new Map(byKey(list).map((entry) => [keyIn(entry), valueIn(entry)]));
}

const keyIn = (entry: JsonObject): string => textAt(entry, 'key') ?? '';
const valueIn = (entry: JsonObject): string => textAt(entry, 'value') ?? '';

function byKey(list: readonly JsonObject[]): JsonObject[] {
  return list.toSorted((a, b) => compareText(keyIn(a), keyIn(b)));
}

/** Whether a point is of that metric. Databases that take upper for lower case, or é for e, give those of both. */
export function isKeyOf(json: JsonObject, key: string): boolean {
  const own = textAt(json, 'key') ?? key;
  if (own === key) return true;
  return own.trimEnd().localeCompare(key.trimEnd(), 'en', { sensitivity: 'base' }) === 0 ? false : refuse('key');
}

export function decodePoint(json: JsonObject): MetricPoint {
  return {
    value: doubleAt(json, 'value'),
    step: int64At(json, 'step') ?? 0,
    timestamp: timeAt(json, 'timestamp') ?? 0,
  };
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
  return STATUSES.find((known) => known === status) ?? refuse('status');
}

export function idOf(json: JsonObject): string {
  const info = objectAt(json, 'info');
  return idAt(info, textAt(info, 'run_id') === undefined ? 'run_uuid' : 'run_id');
}

export function experimentIdOf(json: JsonObject): string {
  return idAt(objectAt(json, 'info'), 'experiment_id');
}

function decodeHead(json: JsonObject, tags: readonly JsonObject[]): RunHead {
  const info = objectAt(json, 'info');
  const tagOf = (key: string): string | undefined => {
    const tag = tags.findLast((entry) => entry.key === key);
    return tag && valueIn(tag);
  };
  return {
    id: idOf(json),
    name: textAt(info, 'run_name') || (tagOf('mlflow.runName') ?? ''),
    experimentId: experimentIdOf(json),
    status: decodeStatus(info),
    lifecycle: textAt(info, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    startTime: timeAt(info, 'start_time'),
    endTime: timeAt(info, 'end_time') || undefined,
    user: tagOf('mlflow.user') || textAt(info, 'user_id') || undefined,
    parentId: tagOf('mlflow.parentRunId'),
    artifactUri: textAt(info, 'artifact_uri') || undefined,
  };
}

/** Adds a run to a table, which counts for nothing where this throws. Returns its row. */
export function addRun(table: RunTable, json: JsonObject): number {
  const data = objectAt(json, 'data');
  const tags = byKey(listAt(data, 'tags'));
  const row = table.open(decodeHead(json, tags));
  for (const entry of byKey(listAt(data, 'metrics'))) table.addMetric(keyIn(entry), decodePoint(entry));
  for (const entry of byKey(listAt(data, 'params'))) table.addParam(keyIn(entry), valueIn(entry));
  for (const entry of tags) table.addTag(keyIn(entry), valueIn(entry));
  const datasets = listAt(objectAt(json, 'inputs'), 'dataset_inputs').map(decodeDataset);
  for (const dataset of datasets.sort(compareDatasets)) table.addDataset(dataset);
  return row;
}

/** A run by itself. */
export function decodeRun(json: JsonObject): Run {
  const table = new RunTable();
  addRun(table, json);
  return toRuns(table, [0], EVERYTHING)[0]!;
}

export function decodeExperiment(json: JsonObject): Experiment {
  const creationTime = timeAt(json, 'creation_time');
  const lastUpdateTime = timeAt(json, 'last_update_time');
  return {
    id: idAt(json, 'experiment_id'),
    name: textAt(json, 'name') ?? refuse('name'),
    lifecycle: textAt(json, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    ...(creationTime !== undefined && { creationTime }),
    ...(lastUpdateTime !== undefined && { lastUpdateTime }),
    tags: decodeTexts(listAt(json, 'tags')),
  };
}
