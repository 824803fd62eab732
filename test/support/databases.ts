/** Small MLflow databases of several ages, written with plain SQL. */
import { DatabaseSync } from 'node:sqlite';

/** 1.0: no latest values, no NaN flag, no times of experiments. 2.0: neither datasets nor workspaces. 3: the current one. */
export type Age = '1.0' | '2.0' | '3';

const RUNS = `CREATE TABLE runs (run_uuid VARCHAR(32) PRIMARY KEY, name VARCHAR(250), user_id VARCHAR(256),
  status VARCHAR(9), start_time BIGINT, end_time BIGINT, lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200),
  experiment_id INTEGER);
  CREATE TABLE params (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32), PRIMARY KEY (key, run_uuid));
  CREATE TABLE tags (key VARCHAR(250), value VARCHAR(8000), run_uuid VARCHAR(32), PRIMARY KEY (key, run_uuid));`;
const LATEST = `CREATE TABLE latest_metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, step BIGINT, is_nan BOOLEAN,
  run_uuid VARCHAR(32), PRIMARY KEY (key, run_uuid));
  CREATE TABLE metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, run_uuid VARCHAR(32), step BIGINT DEFAULT 0,
  is_nan BOOLEAN DEFAULT 0, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
  CREATE TABLE experiment_tags (key VARCHAR(250), value VARCHAR(5000), experiment_id INTEGER);`;

const DDL: Readonly<Record<Age, string>> = {
  '1.0': `CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256), artifact_location VARCHAR(256),
      lifecycle_stage VARCHAR(32)); ${RUNS}
    CREATE TABLE metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, run_uuid VARCHAR(32),
      PRIMARY KEY (key, timestamp, run_uuid, value));`,
  '2.0': `CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256), artifact_location VARCHAR(256),
      lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT); ${RUNS} ${LATEST}
    CREATE TABLE alembic_version (version_num VARCHAR(32)); INSERT INTO alembic_version VALUES ('97727af70f4d');`,
  '3': `CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256), artifact_location VARCHAR(256),
      lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT, workspace VARCHAR(63) DEFAULT 'default');
    ${RUNS} ${LATEST}
    CREATE TABLE datasets (dataset_uuid VARCHAR(36), experiment_id INTEGER, name VARCHAR(500), digest VARCHAR(36));
    CREATE TABLE inputs (input_uuid VARCHAR(36), source_type VARCHAR(36), source_id VARCHAR(36),
      destination_type VARCHAR(36), destination_id VARCHAR(36));
    CREATE TABLE input_tags (input_uuid VARCHAR(36), name VARCHAR(255), value VARCHAR(500));
    CREATE TABLE secrets (secret_id VARCHAR(36), value TEXT);`,
};

/** A new database with the experiment `1`, open for writing. */
export function createDatabase(path: string, age: Age): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(DDL[age]);
  database.exec(`INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (1, 'first', 'active')`);
  return database;
}

export interface RunRow {
  readonly id: string;
  readonly name?: string | null;
  readonly status?: string;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly lifecycle?: string;
  readonly experiment?: number;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export function insertRun(database: DatabaseSync, row: RunRow): void {
  const { id, name = null, status = 'FINISHED', start = null, end = null, lifecycle = 'active', experiment = 1 } = row;
  database
    .prepare(`INSERT INTO runs (run_uuid, name, status, start_time, end_time, lifecycle_stage, experiment_id)
      VALUES (?, ?, ?, ?, ?, ?, ?)`)
    .run(id, name, status, start, end, lifecycle, experiment);
  for (const [table, texts] of [
    ['params', row.params],
    ['tags', row.tags],
  ] as const)
    for (const [key, value] of Object.entries(texts ?? {}))
      database.prepare(`INSERT INTO ${table} (key, value, run_uuid) VALUES (?, ?, ?)`).run(key, value, id);
}

/** What MLflow stores for a value: NaN as a flag, infinities as the largest doubles. */
export function insertLatest(
  database: DatabaseSync,
  id: string,
  key: string,
  value: number,
  step: number | bigint = 0,
): void {
  const isNan = Number.isNaN(value);
  const stored = isNan ? 0 : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
  database
    .prepare('INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, 1, ?, ?, ?)')
    .run(key, stored, step, isNan ? 1 : 0, id);
}
