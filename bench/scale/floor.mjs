/**
 * The least that answers a question of the benchmark: bare Node, `node:sqlite` and one query, without validation,
 * coverage or wording. Prints the answer as JSON.
 *
 * usage: node floor.mjs QUESTION PATH
 */
import { DatabaseSync } from 'node:sqlite';

const [question, path] = process.argv.slice(2);
const database = new DatabaseSync(path, { readOnly: true });

function rows(sql) {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement.all();
}

const [[sweep]] = rows(`SELECT experiment_id FROM experiments WHERE name = 'churn-sweep'`);
const RUNS = `experiment_id = ${sweep} AND lifecycle_stage = 'active'`;
const F1 = `SELECT run_uuid, value FROM latest_metrics NOT INDEXED WHERE key = 'f1_score' AND NOT is_nan`;

const finished = () =>
  new Set(rows(`SELECT run_uuid FROM runs WHERE ${RUNS} AND status = 'FINISHED'`).map(([id]) => id));

/** Sums that give r; both columns are typed arrays. */
function correlation(x, y) {
  const n = x.length;
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / n);
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  return xy / Math.sqrt(xx * yy);
}

function averageRanks(values) {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to += 1;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

const FLOORS = {
  best() {
    const [[id, value]] = rows(`SELECT r.run_uuid, m.value FROM (${F1} ORDER BY value DESC LIMIT 200) m
      JOIN runs r USING (run_uuid) WHERE ${RUNS} AND status = 'FINISHED' ORDER BY m.value DESC LIMIT 1`);
    return { id, value };
  },
  filter() {
    const found = rows(`SELECT r.run_uuid FROM params p
      JOIN runs r ON r.run_uuid = p.run_uuid AND ${RUNS} AND r.status = 'FINISHED'
      JOIN latest_metrics a ON a.run_uuid = r.run_uuid AND a.key = 'accuracy' AND a.value > 0.8
      JOIN latest_metrics f ON f.run_uuid = r.run_uuid AND f.key = 'f1_score' AND NOT f.is_nan
      WHERE p.key = 'model_type' AND p.value = 'xgboost' ORDER BY f.value DESC`);
    return { matched: found.length, ids: found.slice(0, 20).map(([id]) => id) };
  },
  compare() {
    const ids = rows(`SELECT run_uuid FROM runs WHERE ${RUNS} ORDER BY start_time DESC LIMIT 3`).map(([id]) => id);
    for (const id of ids)
      for (const table of ['params', 'latest_metrics']) rows(`SELECT * FROM ${table} WHERE run_uuid = '${id}'`);
    return { ids };
  },
  history() {
    const points = rows(`SELECT value FROM metrics WHERE key = 'train_loss'
      AND run_uuid = (SELECT run_uuid FROM runs WHERE name = 'the-long-one') ORDER BY step`);
    return { points: points.length, last: points.at(-1)[0], min: Math.min(...points.map(([value]) => value)) };
  },
  count: () => Object.fromEntries(rows(`SELECT status, count(*) FROM runs WHERE ${RUNS} GROUP BY status`)),
  group() {
    const values = new Map(rows(F1));
    const counted = finished();
    const sums = new Map();
    for (const [id, model] of rows(`SELECT run_uuid, value FROM params NOT INDEXED WHERE key = 'model_type'`)) {
      const value = values.get(id);
      if (value === undefined || !counted.has(id)) continue;
      const [sum, count] = sums.get(model) ?? [0, 0];
      sums.set(model, [sum + value, count + 1]);
    }
    return Object.fromEntries([...sums].map(([model, [sum, count]]) => [model, sum / count]));
  },
  /** Spearman and a parabola of every number; the others are read only. */
  impact() {
    const values = new Map(rows(F1));
    const counted = finished();
    const columns = new Map();
    const target = [];
    const packed = database.prepare(
      'SELECT run_uuid, json_group_array(key), json_group_array(value) FROM params GROUP BY run_uuid',
    );
    packed.setReturnArrays(true);
    for (const [id, keys, texts] of packed.iterate()) {
      const value = values.get(id);
      if (value === undefined || !counted.has(id)) continue;
      const own = JSON.parse(texts);
      for (const [i, key] of JSON.parse(keys).entries()) {
        if (!columns.has(key)) columns.set(key, new Float64Array(values.size));
        columns.get(key)[target.length] = Number(own[i]);
      }
      target.push(value);
    }
    const y = Float64Array.from(target);
    const ranks = averageRanks(y);
    const effects = [...columns]
      .map(([param, all]) => ({ param, x: all.subarray(0, y.length) }))
      .filter(({ x }) => !x.some(Number.isNaN))
      .map(({ param, x }) => ({ param, ...parabola(x, y), spearman: correlation(averageRanks(x), ranks) }));
    const [{ param, adjustedR2, spearman }] = effects.sort((a, b) => b.adjustedR2 - a.adjustedR2);
    return { param, runs: y.length, adjustedR2, spearman };
  },
};

function parabola(numbers, y) {
  const isWide =
    numbers.every((value) => value > 0) && Math.max(...sample(numbers)) / Math.min(...sample(numbers)) >= 100;
  const x = isWide ? numbers.map(Math.log10) : numbers;
  const middle = x.reduce((sum, value) => sum + value, 0) / x.length;
  const squares = x.map((value) => (value - middle) ** 2);
  const [a, b, c] = [correlation(x, y), correlation(squares, y), correlation(x, squares)];
  const r2 = (a * a + b * b - 2 * a * b * c) / (1 - c * c);
  return { adjustedR2: 1 - ((1 - r2) * (y.length - 1)) / (y.length - 3) };
}

/** Arguments of a call have a limit. */
const sample = (values) => values.subarray(0, 10_000);

console.log(JSON.stringify(FLOORS[question]()));
