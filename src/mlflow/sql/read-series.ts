/** Reads the whole history of one metric in one run. */
import type { MetricPoint } from '../../query/point.ts';
import type { SqlConnection } from './connection.ts';
import { toInt64, toMetricValue } from './read-values.ts';
import type { Schema } from './schema.ts';

/** By step, then timestamp, then log order where the database knows it, else value. */
export async function readSeries(
  connection: SqlConnection,
  { dialect, metrics, logOrder }: Schema,
  runId: string,
  key: string,
): Promise<MetricPoint[]> {
  const isKey = dialect.is('m."key"', key);
  const points: MetricPoint[] = [];
  await connection.each(
    {
      text: `SELECT CASE WHEN m.is_nan THEN NULL ELSE m.value END, ${dialect.exactInteger('m.step')},
        ${dialect.asDouble('m.timestamp')} FROM ${metrics} WHERE m.run_uuid = ? AND ${isKey.text}
        ORDER BY m.step, m.timestamp, m.${logOrder}`,
      values: [runId, ...isKey.values],
    },
    ([value, step, timestamp]) =>
      points.push({ value: toMetricValue(value), step: toInt64(step), timestamp: Number(timestamp) }),
  );
  return points;
}
