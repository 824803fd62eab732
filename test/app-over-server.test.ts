/** A whole question over a server: what it is asked, and what is heard meanwhile. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, createApp } from '../src/app/create-app.ts';
import { readConfig } from '../src/config/config.ts';
import { type HttpDouble, type ScriptedReply, startHttpDouble } from './support/http-double.ts';

const RUNS = 1_200;

/** A small server: one experiment, its runs page by page. */
const server: ScriptedReply = (response, { path, body }) => {
  response.setHeader('content-type', 'application/json');
  const { max_results = 0, page_token = '0' } = body === '' ? {} : JSON.parse(body);
  const from = Number(page_token);
  const to = Math.min(RUNS, from + max_results);
  const answer = path.endsWith('experiments/search')
    ? { experiments: [{ experiment_id: '7', name: 'sweep' }] }
    : {
        runs: Array.from({ length: to - from }, (_, index) => toRun(from + index)),
        next_page_token: to < RUNS ? `${to}` : '',
      };
  response.end(JSON.stringify(answer));
};

function toRun(index: number) {
  const id = index.toString(16).padStart(32, '0');
  const info = {
    run_id: id,
    run_name: `run-${index}`,
    experiment_id: '7',
    status: 'FINISHED',
    start_time: 10_000 - index,
  };
  return { info, data: { metrics: [{ key: 'accuracy', value: index / RUNS, timestamp: 1, step: 0 }] } };
}

let double: HttpDouble;
let app: App;
beforeEach(async () => {
  double = await startHttpDouble();
  double.script([server], true);
  const env = { HOME: import.meta.dirname, MLFLOW_WORKSPACE: 'team-a', MLFLOW_TRACKING_URI: double.url };
  app = createApp(readConfig(env, { model: 'offline' }));
});
afterEach(async () => {
  await app.close();
  await double.stop();
});

test('runs are read once, said while they come, and covered to the last one', async () => {
  const events = await Array.fromAsync(app.ask('best run by accuracy', new AbortController().signal));
  expect(events.flatMap((event) => (event.type === 'progress' ? [event.message] : []))).toEqual([
    'read 500 runs',
    'read 1,200 runs',
  ]);
  const asked = double.requests.filter(({ path }) => path.endsWith('runs/search'));
  expect(asked.map(({ body }) => JSON.parse(body).page_token)).toEqual([undefined, '500']);
  const last = events.at(-1);
  if (last?.type !== 'answer') throw new Error('the last event is no answer');
  expect(last.answer.text).toContain('run-1199');
  expect(last.answer.findings[0]?.coverage).toMatchObject({ matched: RUNS, considered: RUNS, complete: true });
  expect(last.answer.findings[0]?.links[0]?.url).toMatch(/\/#\/experiments\/7\/runs\/[0-9a-f]{32}\?workspace=team-a$/);
});

test('a cancelled question ends with its reason, whatever the server does', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  double.script([server, () => controller.abort(reason)], true);
  await expect(Array.fromAsync(app.ask('best run by accuracy', controller.signal))).rejects.toBe(reason);
});
