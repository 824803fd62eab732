/** What a database has, found by looking at its tables: MLflow 1.x to 3.x, never by its revision. */
import { StoreError } from '../errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

export interface Schema {
  /** A table or sub-query with run_uuid, key, value, step, timestamp and is_nan: each metric's latest point. */
  readonly latestMetrics: string;
  /** The same columns and rowid for every point, called `m` and found by run. */
  readonly metrics: string;
  readonly hasDatasets: boolean;
  readonly hasWorkspaces: boolean;
  readonly hasExperimentTags: boolean;
  /** Columns that old databases lack come as NULL. */
  readonly experimentTimes: string;
  /** Alembic revision, for messages. */
  readonly revision: string | undefined;
}

const REQUIRED = ['experiments', 'runs', 'metrics', 'params', 'tags'];

/** Latest as MLflow means it: largest step, then timestamp, then value. */
function computedLatest(metrics: string): string {
  return `(SELECT run_uuid, key, value, step, timestamp, is_nan FROM (SELECT *, row_number() OVER (
    PARTITION BY run_uuid, key ORDER BY step DESC, timestamp DESC, value DESC) AS place FROM ${metrics}) WHERE place = 1)`;
}

function readColumns(connection: SqliteConnection, table: string): Set<string> {
  return new Set(connection.all({ text: `PRAGMA table_info(${table})`, values: [] }).map((row) => String(row[1])));
}

/**
 * Left to itself SQLite reads a series by the primary key, which begins with the key: every run's points of it. Takes
 * the index that begins with the run, best one that goes on with the key; none in the oldest databases.
 */
function runIndex(connection: SqliteConnection): string {
  const read = (pragma: string) => connection.all({ text: `PRAGMA ${pragma}`, values: [] });
  const quote = (name: unknown) => `"${String(name).replaceAll('"', '""')}"`;
  const names = read('index_list(metrics)').flatMap(([, name, , , partial]) => (partial === 0 ? [quote(name)] : []));
  const indexes = names.map((name) => ({ name, columns: read(`index_info(${name})`).map((row) => row[2]) }));
  const byRun = indexes.filter(({ columns }) => columns[0] === 'run_uuid');
  const best = byRun.find(({ columns }) => columns[1] === 'key') ?? byRun[0];
  return best === undefined ? '' : ` INDEXED BY ${best.name}`;
}

function metricsSource(columns: ReadonlySet<string>, index = ''): string {
  if (columns.has('step') && columns.has('is_nan')) return `metrics AS m${index}`;
  const step = columns.has('step') ? 'step' : '0 AS step';
  const isNan = columns.has('is_nan') ? 'is_nan' : '0 AS is_nan';
  return `(SELECT rowid, run_uuid, key, value, timestamp, ${step}, ${isNan} FROM metrics${index}) AS m`;
}

/** Throws `not_mlflow` where the tables of runs are missing. */
export function detectSchema(connection: SqliteConnection): Schema {
  const columns = new Map(
    [...REQUIRED, 'latest_metrics', 'datasets', 'inputs', 'input_tags', 'experiment_tags', 'alembic_version'].map(
      (table) => [table, readColumns(connection, table)] as const,
    ),
  );
  const has = (table: string): boolean => (columns.get(table)?.size ?? 0) > 0;
  const missing = REQUIRED.filter((table) => !has(table));
  if (missing.length > 0)
    throw new StoreError('not_mlflow', `${connection.path} is not an MLflow database: it has no table ${missing[0]}`, {
      hint: 'Give the database that mlflow writes; if it was copied, copy its -wal file too.',
    });
  const metricColumns = columns.get('metrics')!;
  const experiment = columns.get('experiments')!;
  const revisions = has('alembic_version')
    ? connection.all({ text: 'SELECT version_num FROM alembic_version', values: [] })
    : [];
  return {
    metrics: metricsSource(metricColumns, runIndex(connection)),
    latestMetrics: columns.get('latest_metrics')!.has('is_nan')
      ? 'latest_metrics'
      : computedLatest(metricsSource(metricColumns)),
    hasDatasets: has('datasets') && has('inputs') && has('input_tags'),
    hasWorkspaces: experiment.has('workspace'),
    hasExperimentTags: has('experiment_tags'),
    experimentTimes: ['creation_time', 'last_update_time']
      .map((column) => (experiment.has(column) ? `${column} * 1.0` : 'NULL'))
      .join(', '),
    revision: revisions[0] === undefined ? undefined : String(revisions[0][0]),
  };
}
