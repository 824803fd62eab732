/**
 * The least that answers a question of the benchmark: bare Node, the database's driver and one query, without
 * validation, coverage or wording. Prints the answer as JSON.
 *
 * usage: node floor.mjs QUESTION URI
 */
const [question, uri] = process.argv.slice(2);

async function openSqlite(path) {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path, { readOnly: true });
  const prepare = (sql) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  return {
    scan: 'NOT INDEXED',
    rows: async (sql) => prepare(sql).all(),
    // Packed, rows cross into JavaScript in a third of the time.
    async eachParams(onParams) {
      const packed = 'SELECT run_uuid, json_group_array("key"), json_group_array(value) FROM params GROUP BY run_uuid';
      for (const [id, keys, texts] of prepare(packed).iterate()) onParams(id, JSON.parse(keys), JSON.parse(texts));
    },
    close: async () => database.close(),
  };
}

const toServer = (rows, close) => ({
  scan: '',
  rows,
  async eachParams(onParams) {
    for (const [id, key, text] of await rows('SELECT run_uuid, "key", value FROM params')) onParams(id, [key], [text]);
  },
  close,
});

async function openPostgresql() {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  await client.query('SET jit = off');
  return toServer(
    async (sql) => (await client.query({ text: sql, rowMode: 'array' })).rows,
    () => client.end(),
  );
}

async function openMysql() {
  const { createConnection } = await import('mysql2/promise');
  const client = await createConnection({ uri, rowsAsArray: true });
  await client.query("SET SESSION sql_mode = 'ANSI_QUOTES'");
  return toServer(
    async (sql) => (await client.query(sql))[0],
    () => client.end(),
  );
}

const [, scheme] = /^(postgresql|mysql):/.exec(uri) ?? [];
const OPENERS = { postgresql: openPostgresql, mysql: openMysql };
const database = await (OPENERS[scheme] ?? openSqlite)(uri.replace('sqlite:///', ''));
const { rows, scan } = database;

const [[sweep]] = await rows(`SELECT experiment_id FROM experiments WHERE name = 'churn-sweep'`);
const RUNS = `experiment_id = ${sweep} AND lifecycle_stage = 'active'`;
const F1 = `SELECT run_uuid, value FROM latest_metrics ${scan} WHERE "key" = 'f1_score' AND NOT is_nan`;

const finished = async () =>
  new Set((await rows(`SELECT run_uuid FROM runs WHERE ${RUNS} AND status = 'FINISHED'`)).map(([id]) => id));

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
  async best() {
    const [[id, value]] = await rows(`SELECT r.run_uuid, m.value FROM (${F1} ORDER BY value DESC LIMIT 200) m
      JOIN runs r USING (run_uuid) WHERE ${RUNS} AND status = 'FINISHED' ORDER BY m.value DESC LIMIT 1`);
    return { id, value };
  },
  async filter() {
    const found = await rows(`SELECT r.run_uuid FROM params p
      JOIN runs r ON r.run_uuid = p.run_uuid AND ${RUNS} AND r.status = 'FINISHED'
      JOIN latest_metrics a ON a.run_uuid = r.run_uuid AND a."key" = 'accuracy' AND a.value > 0.8
      JOIN latest_metrics f ON f.run_uuid = r.run_uuid AND f."key" = 'f1_score' AND NOT f.is_nan
      WHERE p."key" = 'model_type' AND p.value = 'xgboost' ORDER BY f.value DESC`);
    return { matched: found.length, ids: found.slice(0, 20).map(([id]) => id) };
  },
  async compare() {
    const newest = await rows(`SELECT run_uuid FROM runs WHERE ${RUNS} ORDER BY start_time DESC LIMIT 3`);
    const ids = newest.map(([id]) => id);
    for (const id of ids)
      for (const table of ['params', 'latest_metrics']) await rows(`SELECT * FROM ${table} WHERE run_uuid = '${id}'`);
    return { ids };
  },
  async history() {
    const points = await rows(`SELECT value FROM metrics WHERE "key" = 'train_loss'
      AND run_uuid = (SELECT run_uuid FROM runs WHERE name = 'the-long-one') ORDER BY step`);
    return { points: points.length, last: points.at(-1)[0], min: Math.min(...points.map(([value]) => value)) };
  },
  async count() {
    const counts = await rows(`SELECT status, count(*) FROM runs WHERE ${RUNS} GROUP BY status`);
    return Object.fromEntries(counts.map(([status, count]) => [status, Number(count)]));
  },
  async group() {
    const values = new Map(await rows(F1));
    const counted = await finished();
    const sums = new Map();
    for (const [id, model] of await rows(`SELECT run_uuid, value FROM params ${scan} WHERE "key" = 'model_type'`)) {
      const value = values.get(id);
      if (value === undefined || !counted.has(id)) continue;
      const [sum, count] = sums.get(model) ?? [0, 0];
      sums.set(model, [sum + value, count + 1]);
    }
    return Object.fromEntries([...sums].map(([model, [sum, count]]) => [model, sum / count]));
  },
  /** Spearman and a parabola of every number; the others are read only. */
  async impact() {
    const counted = await finished();
    const finite = (await rows(F1)).filter(([id]) => counted.has(id));
    const rowOf = new Map(finite.map(([id], row) => [id, row]));
    const columns = new Map();
    await database.eachParams((id, keys, texts) => {
      const row = rowOf.get(id);
      if (row === undefined) return;
      for (const [i, key] of keys.entries()) {
        if (!columns.has(key)) columns.set(key, new Float64Array(finite.length));
        columns.get(key)[row] = Number(texts[i]);
      }
    });
    const y = Float64Array.from(finite, ([, value]) => value);
    const ranks = averageRanks(y);
    const effects = [...columns]
      .map(([param, x]) => ({ param, x }))
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

console.log(JSON.stringify(await FLOORS[question]()));
await database.close();
