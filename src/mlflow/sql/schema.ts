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

const REQUIRED = ['experiments', 'runs', 'metrics', 'params', 'tags'];
const OPTIONAL = ['latest_metrics', 'datasets', 'inputs', 'input_tags', 'experiment_tags', 'alembic_version'];

/** What else hides the tables of runs. */
const NO_TABLES: Readonly<Record<Dialect['name'], string>> = {
  sqlite: 'if it was copied, copy its -wal file too',
  postgresql: 'the user needs the right to read its tables, and their schema must be in the search_path',
  mysql: 'the user needs the right to read its tables',
};

/** Latest as MLflow means it: largest step, then timestamp, then value. */
function computedLatest(metrics: string): string {
  return `(SELECT run_uuid, "key", value, step, timestamp, is_nan FROM (SELECT m.*, row_number() OVER (
    PARTITION BY m.run_uuid, m."key" ORDER BY m.step DESC, m.timestamp DESC, m.value DESC) AS place
    FROM ${metrics}) placed WHERE place = 1)`;
}

function isCurrent(columns: ReadonlySet<string>): boolean {
  return columns.has('step') && columns.has('is_nan');
}

function metricsSource(columns: ReadonlySet<string>, { logOrder }: Dialect, hint = ''): string {
  if (isCurrent(columns)) return `metrics AS m${hint}`;
  const step = columns.has('step') ? 'step' : '0 AS step';
  const isNan = columns.has('is_nan') ? 'is_nan' : 'FALSE AS is_nan';
  return `(SELECT ${logOrder} AS log_order, run_uuid, "key", value, timestamp, ${step}, ${isNan} FROM metrics${hint}) AS m`;
}

/** Throws `not_mlflow` where the tables of runs are missing. */
export async function detectSchema(connection: SqlConnection): Promise<Schema> {
  const { dialect } = connection;
  const columns = await dialect.columnsOf(connection, [...REQUIRED, ...OPTIONAL]);
  const has = (table: string): boolean => (columns.get(table)?.size ?? 0) > 0;
  const missing = REQUIRED.filter((table) => !has(table));
  if (missing.length > 0)
    throw new StoreError(
      'not_mlflow',
      `${connection.location} is not an MLflow database: it has no table ${missing[0]}`,
      {
        hint: `Give the database that mlflow writes; ${NO_TABLES[dialect.name]}.`,
      },
    );
  const metricColumns = columns.get('metrics')!;
  const experiment = columns.get('experiments')!;
  const revisions = has('alembic_version')
    ? await connection.all({ text: 'SELECT version_num FROM alembic_version', values: [] })
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
      : computedLatest(metricsSource(metricColumns, dialect)),
    hasDatasets: has('datasets') && has('inputs') && has('input_tags'),
    hasWorkspaces: experiment.has('workspace'),
    hasExperimentTags: has('experiment_tags'),
    experimentTimes: ['creation_time', 'last_update_time']
      .map((column) => (experiment.has(column) ? dialect.asDouble(column) : 'NULL'))
      .join(', '),
    revision: revisions[0] === undefined ? undefined : String(revisions[0][0]),
  };
}
