/** Reads the whole history of one metric in one run. */
import type { MetricPoint } from '../types.ts';
import { exactInteger, toInt64, toMetricValue } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** By step, then timestamp, then log order (rowid). */
export function readSeries(connection: SqliteConnection, schema: Schema, runId: string, key: string): MetricPoint[] {
  const rows = connection.all({
    text: `SELECT CASE WHEN is_nan THEN NULL ELSE value END, ${exactInteger('step')}, timestamp * 1.0
      FROM ${schema.metrics} WHERE run_uuid = ? AND key = ? ORDER BY m.step, m.timestamp, m.rowid`,
    values: [runId, key],
  });
  return rows.map(([value, step, timestamp]) => ({
    value: toMetricValue(value),
    step: toInt64(step),
    timestamp: Number(timestamp),
  }));
}
