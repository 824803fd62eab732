/** What a database has, found by looking at its tables: MLflow 1.x to 3.x, never by its revision. */
import { StoreError } from '../errors.ts';
import type { SqlConnection } from './connection.ts';
import type { Dialect } from './dialect.ts';

export interface Schema {
  readonly dialect: Dialect;
  /** A table or sub-query with run_uuid, key, value, step, timestamp and is_nan: each metric's latest point. */
  readonly latestMetrics: string;
  /** The same columns for every point, called `m` and found by run. */
  readonly metrics: string;
  /** Whether points are looked up by their key as well as by their run. */
  readonly pointsByKey: boolean;
  /** Whether `metrics` is the table itself, with all columns. */
  readonly isCurrent: boolean;
  /** Column of `metrics` that orders points of one step and time. */
  readonly logOrder: string;
  readonly hasDatasets: boolean;
  readonly hasWorkspaces: boolean;
  readonly hasExperimentTags: boolean;
  /** Columns that old databases lack come as NULL. */
  readonly experimentTimes: string;
  /** Alembic revision, for messages. */
  readonly revision: string | undefined;
}

/** Columns that tables have had in every release. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  experiments: ['experiment_id', 'name', 'lifecycle_stage'],
  runs: [
    'run_uuid',
    'name',
    'user_id',
    'status',
    'start_time',
    'end_time',
    'lifecycle_stage',
    'artifact_uri',
    'experiment_id',
  ],
  metrics: ['run_uuid', 'key', 'value', 'timestamp'],
  params: ['run_uuid', 'key', 'value'],
  tags: ['run_uuid', 'key', 'value'],
};
const OPTIONAL: typeof REQUIRED = {
  latest_metrics: ['run_uuid', 'key', 'value', 'timestamp', 'step', 'is_nan'],
  datasets: ['dataset_uuid', 'name', 'digest'],
  inputs: ['input_uuid', 'source_type', 'source_id', 'destination_type', 'destination_id'],
  input_tags: ['input_uuid', 'name', 'value'],
  experiment_tags: ['experiment_id', 'key', 'value'],
  alembic_version: ['version_num'],
};

/** Alembic's column is of 32 characters. */
const MOST_REVISION_BYTES = 128;

/** What else hides the tables of runs. */
const NO_TABLES: Readonly<Record<Dialect['name'], string>> = {
  sqlite: 'if it was copied, copy its -wal file too',
  postgresql: 'the user needs the right to read its tables, and their schema must be in the search_path',
  mysql: 'the user needs the right to read its tables',
};

/** Latest as MLflow means it: largest step, then timestamp, then value. */
function computedLatest(metrics: string, { isReadable }: Dialect): string {
  return `(SELECT run_uuid, "key", value, step, timestamp, is_nan, 0 AS rowid FROM (SELECT m.*, row_number() OVER (
    PARTITION BY m.run_uuid, m."key" ORDER BY m.step DESC, m.timestamp DESC, m.value DESC) AS place
    FROM ${metrics} WHERE ${isReadable('metrics', 'm')}) placed WHERE place = 1)`;
}

function isCurrent(columns: ReadonlySet<string>): boolean {
  return columns.has('step') && columns.has('is_nan');
}

function metricsSource(columns: ReadonlySet<string>, { logOrder }: Dialect, hint = ''): string {
  if (isCurrent(columns)) return `metrics AS m${hint}`;
  const step = columns.has('step') ? 'step' : '0 AS step';
  const isNan = columns.has('is_nan') ? 'is_nan' : 'FALSE AS is_nan';
  return `(SELECT ${logOrder} AS log_order, ${logOrder} AS rowid, run_uuid, "key", value, timestamp, ${step}, ${isNan} FROM metrics${hint}) AS m`;
}

/** What is no time of JavaScript's is none that MLflow wrote. */
const ownTime = (column: string, { asDouble }: Dialect): string =>
  `CASE WHEN ${column} BETWEEN -8640000000000000 AND 8640000000000000 THEN ${asDouble(column)} END`;

/** The first table that is missing, or the first column of one that is there. */
function findMissing(columns: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const size = (table: string) => columns.get(table)?.size ?? 0;
  const table = Object.keys(REQUIRED).find((one) => size(one) === 0);
  if (table !== undefined) return `table ${table}`;
  for (const [one, needed] of Object.entries({ ...REQUIRED, ...OPTIONAL })) {
    const column = needed.find((name) => size(one) > 0 && !columns.get(one)!.has(name));
    if (column !== undefined) return `column ${column} in its table ${one}`;
  }
  return undefined;
}

/** Throws `not_mlflow` where the tables of runs are missing. */
export async function detectSchema(connection: SqlConnection): Promise<Schema> {
  const { dialect } = connection;
  const columns = await dialect.columnsOf(connection, [...Object.keys(REQUIRED), ...Object.keys(OPTIONAL)]);
  const has = (table: string): boolean => (columns.get(table)?.size ?? 0) > 0;
  const missing = findMissing(columns);
  if (missing !== undefined)
    throw new StoreError('not_mlflow', `${connection.location} is not an MLflow database: it has no ${missing}`, {
      hint: `Give the database that mlflow writes; ${NO_TABLES[dialect.name]}.`,
    });
  const metricColumns = columns.get('metrics')!;
  const experiment = columns.get('experiments')!;
  const revisions = has('alembic_version')
    ? await connection.all({
        text: `SELECT version_num FROM alembic_version WHERE octet_length(version_num) <= ${MOST_REVISION_BYTES}`,
        values: [],
      })
    : [];
  const points = await dialect.findPoints(connection);
  return {
    dialect,
    metrics: metricsSource(metricColumns, dialect, points.hint),
    pointsByKey: points.isByKey,
    isCurrent: isCurrent(metricColumns),
    logOrder: isCurrent(metricColumns) ? dialect.logOrder : 'log_order',
    latestMetrics: columns.get('latest_metrics')!.has('is_nan')
      ? 'latest_metrics'
      : computedLatest(metricsSource(metricColumns, dialect), dialect),
    hasDatasets: has('datasets') && has('inputs') && has('input_tags'),
    hasWorkspaces: experiment.has('workspace'),
    hasExperimentTags: has('experiment_tags'),
    experimentTimes: ['creation_time', 'last_update_time']
      .map((column) => (experiment.has(column) ? ownTime(column, dialect) : 'NULL'))
      .join(', '),
    revision: revisions[0] === undefined ? undefined : String(revisions[0][0]),
  };
}
