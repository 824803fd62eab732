/** What a database has, found by looking at its tables: MLflow 1.x to 3.x, never by its revision. */
import { StoreError } from '../errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

export interface Schema {
  /** A table or sub-query with run_uuid, key, value, step, timestamp and is_nan: each metric's latest point. */
  readonly latestMetrics: string;
  /** The same columns for every point. */
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

function metricsSource(columns: ReadonlySet<string>): string {
  if (columns.has('step') && columns.has('is_nan')) return 'metrics';
  const step = columns.has('step') ? 'step' : '0 AS step';
  const isNan = columns.has('is_nan') ? 'is_nan' : '0 AS is_nan';
  return `(SELECT rowid, run_uuid, key, value, timestamp, ${step}, ${isNan} FROM metrics)`;
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
  const metrics = metricsSource(columns.get('metrics')!);
  const experiment = columns.get('experiments')!;
  const revisions = has('alembic_version')
    ? connection.all({ text: 'SELECT version_num FROM alembic_version', values: [] })
    : [];
  return {
    metrics,
    latestMetrics: columns.get('latest_metrics')!.has('is_nan') ? 'latest_metrics' : computedLatest(metrics),
    hasDatasets: has('datasets') && has('inputs') && has('input_tags'),
    hasWorkspaces: experiment.has('workspace'),
    hasExperimentTags: has('experiment_tags'),
    experimentTimes: ['creation_time', 'last_update_time']
      .map((column) => (experiment.has(column) ? `${column} * 1.0` : 'NULL'))
      .join(', '),
    revision: revisions[0] === undefined ? undefined : String(revisions[0][0]),
  };
}
