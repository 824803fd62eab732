/** Reads the whole history of one metric in one run. */

import type { MetricPoint } from '../../query/point.ts';
import { compareByStep } from '../compare-by-step.ts';
import { joinSql } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { partsOf } from './parts.ts';
import { toInt64, toMetricValue } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { Sql } from './statements.ts';

/** Points that one statement reads of many. */
const SLICE = 5_000;

/** By step, then timestamp, then log order where the database knows it, else value. */
export async function readSeries(
  connection: SqlConnection,
  schema: Schema,
  runId: string,
  key: string,
): Promise<MetricPoint[]> {
  const { dialect, logOrder } = schema;
  const points: MetricPoint[] = [];
  const isRow = dialect.isReadable('metrics', 'm');
  for await (const { from, where } of pointParts(connection, schema, runId, key))
    await connection.each(
      {
        text: `SELECT CASE WHEN m.is_nan THEN NULL ELSE m.value END, ${dialect.exactInteger('m.step')},
          ${dialect.asDouble('m.timestamp')} FROM ${from} WHERE ${where.text} AND ${isRow}
          ORDER BY m.step, m.timestamp, m.${logOrder}`,
        values: where.values,
      },
      ([value, step, timestamp]) =>
        points.push({ value: toMetricValue(value), step: toInt64(step), timestamp: Number(timestamp) }),
    );
  // Parts follow one another in log order where steps and times are equal, and the sort keeps it.
  const isOrdered = points.every((point, at) => at === 0 || compareByStep(points[at - 1]!, point) <= 0);
  return isOrdered ? points : points.sort(compareByStep);
}

interface PointPart {
  readonly from: string;
  readonly where: Sql;
}

/** Where points have an index by key it tells their row ids at once; else the run's rows are passed part by part. */
async function* pointParts(
  connection: SqlConnection,
  { dialect, metrics, isCurrent, pointsByKey }: Schema,
  runId: string,
  key: string,
): AsyncIterable<PointPart> {
  const isRun: Sql = { text: 'm.run_uuid = ?', values: [runId] };
  const isBoth = joinSql([isRun, dialect.is('m."key"', key)], ' AND ');
  if (connection.spentMs === undefined || !isCurrent) {
    yield { from: metrics, where: isBoth };
  } else if (pointsByKey) {
    const text = `SELECT json_group_array(m.rowid) FROM ${metrics} WHERE ${isBoth.text}`;
    const rows: unknown[] = JSON.parse(String((await connection.all({ text, values: isBoth.values }))[0]?.[0]));
    // The signs keep the index out: rows are found by their ids.
    const isIn: Sql = {
      text: `+m.run_uuid = ? AND +m."key" = ? AND m.rowid IN (SELECT value FROM json_each(?))`,
      values: [runId, key],
    };
    for (let from = 0; from < rows.length; from += SLICE) {
      const values = [...isIn.values, JSON.stringify(rows.slice(from, from + SLICE))];
      yield { from: 'metrics AS m', where: { text: isIn.text, values } };
    }
  } else {
    for await (const part of partsOf(connection, 'metrics', 'm', { where: isRun }))
      yield { from: metrics, where: joinSql([part, isBoth], ' AND ') };
  }
}
