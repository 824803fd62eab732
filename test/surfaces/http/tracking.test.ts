/** The tracking API field by field, its values held against the demo's raw tables. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spearman } from '../../../src/analysis/association.ts';
import { copyDemo, demoPath, makeTemporaryFolder } from '../../support/demo.ts';
import { send, startTestServer, type TestServer } from './running-server.ts';

const database = new DatabaseSync(demoPath, { readOnly: true });
// biome-ignore lint/suspicious/noExplicitAny: a row has what its statement selects
type Row = Record<string, any>;
const rows = (text: string, ...values: (string | number)[]): Row[] => database.prepare(text).all(...values) as Row[];
let server: TestServer;
let api: string;
beforeAll(async () => {
  server = await startTestServer();
  api = `${server.url}/api/v1/ml/experiments`;
});
afterAll(async () => {
  await server.drain();
  database.close();
});

const iso = (ms: unknown) => (ms === null ? null : new Date(Number(ms)).toISOString());
const STATUSES: Readonly<Record<string, string>> = {
  FINISHED: 'completed',
  RUNNING: 'running',
  FAILED: 'failed',
  KILLED: 'killed',
};

/** A run of the raw tables as the API writes it. */
function rawRun(row: Row) {
  const { run_uuid: id, status, start_time: start, end_time: end } = row;
  const params = rows('SELECT key, value FROM params WHERE run_uuid = ?', id).map(({ key, value }) => {
    const number = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
    return [key, number];
  });
  const metrics = rows('SELECT key, value, is_nan FROM latest_metrics WHERE run_uuid = ?', id).map(
    ({ key, value, is_nan: nan }) => [
      key,
      nan ? 'NaN' : Math.abs(value) > 1.79e308 ? (value > 0 ? 'Infinity' : '-Infinity') : value,
    ],
  );
  return {
    run_id: id,
    status: STATUSES[status],
    parameters: Object.fromEntries(params),
    metrics: Object.fromEntries(metrics),
    duration_seconds: end === null || end < start ? null : (end - start) / 1000,
    created_at: iso(start),
  };
}

const ACTIVE = "SELECT * FROM runs WHERE experiment_id = ? AND lifecycle_stage = 'active'";

describe('experiments', () => {
  test('are all there, with counts and times of the tables', async () => {
    const { status, body } = await send(api);
    const raw = rows("SELECT * FROM experiments WHERE lifecycle_stage = 'active'").sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['experiments', 'total', 'limit']);
    expect([body.total, body.limit]).toEqual([raw.length, 100]);
    expect(
      body.experiments.map(({ best_metric: _, best_metric_reason: __, ...one }: Record<string, unknown>) => one),
    ).toEqual(
      raw.map(({ experiment_id: id, name, creation_time: time }) => ({
        id: String(id),
        name,
        run_count: rows(ACTIVE, id).length,
        status: 'active',
        created_at: iso(time),
      })),
    );
    for (const one of body.experiments) expect(one.best_metric !== null).toBe(!('best_metric_reason' in one));
  });

  test('are cut into pages that say so', async () => {
    const all = (await send(api)).body.experiments;
    const paged = [];
    let token: string | undefined;
    do {
      const { body } = await send(`${api}?limit=4${token === undefined ? '' : `&page_token=${token}`}`);
      expect(body.total).toBe(all.length);
      paged.push(...body.experiments);
      token = body.next_page_token;
    } while (token !== undefined);
    expect(paged).toEqual(all);
    expect((await send(`${api}?page_token=x`)).body.error.code).toBe('invalid_request');
    expect((await send(`${api}?limit=101`)).status).toBe(400);
  });

  test('are narrowed by name, tag and tenant', async () => {
    const idsOf = async (query: string) =>
      (await send(`${api}?${query}`)).body.experiments.map(({ id }: { id: string }) => id).sort();
    expect(await idsOf('name=churn-prediction')).toEqual(['2']);
    expect(await idsOf('name=churn')).toEqual([]);
    expect(await idsOf('tag=project%3Dpayments')).toEqual(['4', '9']);
    expect(await idsOf('tag=team')).toEqual(['2']);
    expect(await idsOf('tenant_id=nobody')).toEqual([]);
  });

  test('have the best value of the metric that they declare, of finished leaf runs', async () => {
    using folder = makeTemporaryFolder();
    const uri = copyDemo(folder.path);
    const copy = new DatabaseSync(uri);
    const tag = copy.prepare('INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)');
    tag.run('mlflow.experiment.primaryMetric.name', 'f1_score', 2);
    copy.close();
    const declared = await startTestServer({ uri });
    const { body } = await send(`${declared.url}/api/v1/ml/experiments?name=churn-prediction`);
    // FAILED and RUNNING runs of the demo have an f1_score of 1.
    const [best] = rows(
      `SELECT max(m.value) AS value FROM latest_metrics m JOIN runs r USING (run_uuid) WHERE r.experiment_id = 2
        AND m.key = 'f1_score' AND m.is_nan = 0 AND r.status = 'FINISHED' AND r.lifecycle_stage = 'active'
        AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.key = 'mlflow.parentRunId' AND t.value = r.run_uuid)`,
    );
    expect(body.experiments[0].best_metric).toEqual({ f1_score: best!.value });
    expect(body.experiments[0]).not.toHaveProperty('best_metric_reason');
    await declared.drain();
    const asked = await send(`${api}?name=churn-prediction&metric=f1_score`);
    expect(asked.body.experiments[0].best_metric).toEqual({ f1_score: best!.value });
    const none = await send(`${api}?name=churn-prediction&metric=perplexity`);
    expect(none.body.experiments[0]).toMatchObject({
      best_metric: null,
      best_metric_reason: expect.stringContaining('perplexity'),
    });
  });
});

describe('runs', () => {
  test('of every experiment are those of the tables, value by value', async () => {
    for (const { experiment_id: id } of rows("SELECT * FROM experiments WHERE lifecycle_stage = 'active'")) {
      const found = [];
      let token = '';
      do {
        const { body } = await send(`${api}/${id}/runs?limit=100${token}`);
        found.push(...body.runs);
        token = body.next_page_token === undefined ? '' : `&page_token=${body.next_page_token}`;
        expect(body.total).toBe(rows(ACTIVE, id).length);
      } while (token !== '');
      const raw = rows(`${ACTIVE} ORDER BY start_time DESC, run_uuid`, id).map(rawRun);
      expect(found).toEqual(raw);
    }
  });

  test('are sorted by a metric, missing ones last, in both directions', async () => {
    for (const order of ['desc', 'asc']) {
      const { body } = await send(`${api}/churn-prediction/runs?sort_by=metrics.f1_score&order=${order}`);
      const values = body.runs.map(({ metrics }: { metrics: Record<string, unknown> }) => metrics.f1_score);
      const numbers = values.filter((value: unknown) => typeof value === 'number');
      expect(numbers).toEqual(numbers.toSorted((a: number, b: number) => (order === 'asc' ? a - b : b - a)));
      expect(numbers.length).toBeGreaterThan(90);
    }
    const slowest = await send(`${api}/2/runs?sort_by=duration_seconds&limit=1`);
    const [longest] = rows(`SELECT max(end_time - start_time) / 1000.0 AS s FROM (${ACTIVE})`, 2);
    expect(slowest.body.runs[0].duration_seconds).toBe(longest!.s);
  });

  test('are filtered', async () => {
    const filter = encodeURIComponent("metrics.f1_score > 0.7 AND attributes.status = 'FINISHED'");
    const { body } = await send(`${api}/2/runs?filter=${filter}`);
    expect(
      body.runs.every(
        (run: { status: string; metrics: { f1_score: number } }) =>
          run.status === 'completed' && run.metrics.f1_score > 0.7,
      ),
    ).toBe(true);
    expect(body.total).toBeGreaterThan(0);
  });

  test('say what is wrong with what was asked', async () => {
    const faultOf = async (path: string) => {
      const { status, body } = await send(`${api}${path}`);
      return [status, body.error.code];
    };
    expect(await faultOf('/nothing/runs')).toEqual([404, 'unknown_experiment']);
    expect(await faultOf('/old-churn-experiments/runs')).toEqual([404, 'unknown_experiment']);
    expect(await faultOf('/2/runs?sort_by=metrics.f1_scor')).toEqual([404, 'unknown_metric']);
    expect(await faultOf('/2/runs?sort_by=f1_score')).toEqual([400, 'invalid_input']);
    expect(await faultOf('/2/runs?filter=metrics.%60')).toEqual([400, 'invalid_filter']);
    expect(await faultOf('/2/runs?sortby=x')).toEqual([400, 'invalid_request']);
    expect(await faultOf('/2/runs?limit=1&limit=2')).toEqual([400, 'invalid_request']);
    expect(await faultOf('/2/runs?order=up')).toEqual([400, 'invalid_request']);
  });
});

describe('comparisons', () => {
  const compare = (body: unknown, id = '2') => send(`${api}/${id}/compare`, { body });
  const finished = rows(`${ACTIVE} AND status = 'FINISHED' ORDER BY start_time DESC LIMIT 3`, 2);

  test('give values of the tables, the best, and what goes with the first metric', async () => {
    const names = ['f1_score', 'accuracy'];
    const parameters = ['learning_rate', 'algorithm', 'seed'];
    const ids = finished.map(({ run_uuid: id }) => id);
    const { status, body } = await compare({
      run_ids: [ids[0], finished[1]!.name, ids[2]],
      metrics: names,
      parameters,
    });
    expect([status, Object.keys(body), Object.keys(body.comparison)]).toEqual([
      200,
      ['comparison'],
      ['runs', 'best_run', 'parameter_impact'],
    ]);
    const raw = finished.map((row) => {
      const { run_id, metrics } = rawRun(row);
      return { run_id, f1_score: metrics.f1_score ?? null, accuracy: metrics.accuracy ?? null };
    });
    expect(body.comparison.runs).toEqual(raw);
    const best = raw.toSorted((a, b) => b.f1_score - a.f1_score)[0];
    expect(body.comparison.best_run).toBe(best?.run_id);
    const pairs = rows(
      `SELECT p.value AS x, m.value AS y FROM runs r JOIN params p USING (run_uuid) JOIN latest_metrics m USING (run_uuid)
        WHERE r.experiment_id = 2 AND r.status = 'FINISHED' AND r.lifecycle_stage = 'active' AND p.key = 'learning_rate'
        AND m.key = 'f1_score' AND m.is_nan = 0
        AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.key = 'mlflow.parentRunId' AND t.value = r.run_uuid)`,
    );
    const { value } = spearman(
      pairs.map(({ x }) => Number(x)),
      pairs.map(({ y }) => Number(y)),
    );
    const { learning_rate: rate, algorithm } = body.comparison.parameter_impact;
    expect(rate).toEqual({ correlation_with_f1: expect.closeTo(value!, 12), n: pairs.length, method: 'spearman' });
    expect(algorithm).toMatchObject({ correlation_with_f1: null, reason: 'its values are no numbers' });
  });

  test('of a FAILED run that would win name another as best', async () => {
    const [failed] = rows(`${ACTIVE} AND status = 'FAILED' AND name = 'run-131'`, 2);
    const { body } = await compare({ run_ids: [failed!.run_uuid, finished[0]!.run_uuid], metrics: ['f1_score'] });
    expect(body.comparison.runs[0].f1_score).toBe(1);
    expect(body.comparison.best_run).toBe(finished[0]!.run_uuid);
  });

  test('have no correlation over fewer than ten runs, and say so', async () => {
    const ids = rows(ACTIVE, 9).map(({ run_uuid: id }) => id);
    const { body } = await compare({ run_ids: ids.slice(0, 2), metrics: ['precision'] }, 'fraud-detection-v2');
    const impacts = Object.values(body.comparison.parameter_impact) as Record<string, unknown>[];
    expect(impacts.length).toBeGreaterThan(0);
    for (const impact of impacts)
      expect(impact).toMatchObject({
        correlation_with_precision: null,
        reason: expect.stringContaining('fewer than 10'),
      });
  });

  test('say what is wrong with what was asked', async () => {
    const id = finished[0]!.run_uuid;
    const faultOf = async (body: unknown) => {
      const got = await compare(body);
      return [got.status, got.body.error.code];
    };
    expect(await faultOf({ run_ids: [id, 'nothing'], metrics: ['f1_score'] })).toEqual([404, 'unknown_run']);
    expect(await faultOf({ run_ids: [id, id], metrics: ['f1_score'] })).toEqual([422, 'too_few']);
    expect(await faultOf({ run_ids: [id] })).toEqual([400, 'invalid_request']);
    expect(await faultOf({ run_ids: [id, finished[1]!.run_uuid] })).toEqual([409, 'ambiguous_metric']);
    expect(await faultOf({ run_ids: [id, finished[1]!.run_uuid], metrics: ['nope'] })).toEqual([404, 'unknown_metric']);
    const foreign = rows(ACTIVE, 3)[0]!.run_uuid;
    expect(await faultOf({ run_ids: [id, foreign], metrics: ['f1_score'] })).toEqual([404, 'unknown_run']);
  });
});

describe('metric histories', () => {
  test('are the points of the tables', async () => {
    for (const { run_uuid: id, name } of rows(`${ACTIVE} AND name IN ('run-017', 'run-001')`, 2)) {
      const raw = rows(
        'SELECT * FROM metrics WHERE run_uuid = ? AND key = ? ORDER BY step, timestamp',
        id,
        'training_loss',
      );
      for (const asked of [id, name]) {
        const { status, body } = await send(`${api}/churn-prediction/runs/${asked}/metrics/training_loss`);
        expect([status, Object.keys(body)]).toEqual([200, ['metric', 'steps', 'total', 'limit', 'complete']]);
        expect(body.metric).toBe('training_loss');
        expect(body.steps).toEqual(
          raw.map(({ step, value, timestamp }) => ({ step, value, timestamp: iso(timestamp) })),
        );
        expect([body.total, body.complete]).toEqual([raw.length, true]);
      }
    }
  });

  test('are thinned to their limit with first, last and extremes, and say so', async () => {
    const { body } = await send(`${api}/2/runs/run-017/metrics/training_loss?limit=10`);
    expect([body.complete, body.limit, body.total]).toEqual([false, 10, 60]);
    expect(body.steps.length).toBeLessThanOrEqual(10);
    const values = body.steps.map(({ value }: { value: number }) => value);
    const [range] = rows(
      "SELECT min(value) AS low, max(value) AS high FROM metrics JOIN runs USING (run_uuid) WHERE name = 'run-017' AND key = 'training_loss' AND experiment_id = 2",
    );
    expect([Math.min(...values), Math.max(...values)]).toEqual([range!.low, range!.high]);
    expect([body.steps[0].step, body.steps.at(-1).step]).toEqual([0, 59]);
  });

  test('tell NaN, ±Infinity and missing apart, and take any key', async () => {
    const odd = rows(
      `SELECT r.experiment_id AS experiment, r.run_uuid AS run, m.key AS key FROM metrics m JOIN runs r USING (run_uuid)
        JOIN experiments e USING (experiment_id) WHERE r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'
        AND (m.is_nan = 1 OR abs(m.value) > 1.79e308 OR m.key LIKE '%/%' OR m.key LIKE '% %')
        GROUP BY r.run_uuid, m.key LIMIT 40`,
    );
    expect(odd.length).toBeGreaterThan(3);
    for (const { experiment, run, key } of odd) {
      const { status, body } = await send(`${api}/${experiment}/runs/${run}/metrics/${encodeURIComponent(key)}`);
      expect([status, body.metric]).toEqual([200, key]);
      const raw = rows('SELECT is_nan FROM metrics WHERE run_uuid = ? AND key = ?', run, key);
      const nans = raw.filter(({ is_nan: nan }) => nan).length;
      expect(body.steps.filter(({ value }: { value: unknown }) => value === 'NaN')).toHaveLength(nans);
      expect(body.steps).toHaveLength(raw.length);
    }
    expect((await send(`${api}/2/runs/run-017/metrics/nothing`)).body.error).toMatchObject({
      code: 'unknown_metric',
      hint: expect.stringContaining('training_loss'),
    });
  });
});
