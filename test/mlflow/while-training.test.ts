/** A real training run logs into a database while it is asked: nothing of the run is lost, and no answer fails. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { copyDemo, makeTemporaryFolder } from '../support/demo.ts';
import { mlflowPython } from '../support/mlflow-python.ts';
import { hasMlflowServer, SERVER_HOOK_MS } from '../support/mlflow-server.ts';

const STEPS = 300;
const EXPERIMENT = '3';
const TRAINING = `
import mlflow
with mlflow.start_run(experiment_id="${EXPERIMENT}", run_name="in training") as run:
    mlflow.log_param("steps", "${STEPS}")
    for step in range(${STEPS}):
        mlflow.log_metric("progress", step / ${STEPS}, step=step)
`;

const { signal } = new AbortController();

/** The steps that are there, asked with much else on one state of the data, as a question does. */
function ask(whole: TrackingStore): Promise<readonly number[]> {
  return whole.snapshot(async (store) => {
    await store.keyStats({}, signal);
    await store.lookup({ keys: true, runs: ['in training'] }, signal);
    await store.columns({}, { metrics: 'all', params: 'all', tags: 'all' }, signal);
    const { ids, names } = await store.columns({ experimentIds: [EXPERIMENT] }, {}, signal);
    const own = [...ids].filter((_id, row) => names.at(row) === 'in training');
    const series = await Array.fromAsync(store.metricHistory(own, ['progress'], signal));
    return series.flatMap(({ points }) => points.map(({ step }) => Number(step)));
  });
}

test.skipIf(!hasMlflowServer('questions while a training run logs'))(
  'every point is there, and each question sees a state that was',
  { timeout: SERVER_HOOK_MS },
  async () => {
    using folder = makeTemporaryFolder();
    const path = copyDemo(folder.path);
    const store = await openStore(path);
    const child = spawn(await mlflowPython(), ['-c', TRAINING], {
      cwd: folder.path,
      env: { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${path}`, DO_NOT_TRACK: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const ended = Promise.all([once(child, 'exit'), readText(child.stderr)]);
      const states: number[] = [];
      while (child.exitCode === null && child.signalCode === null) {
        const steps = await ask(store);
        expect(steps).toEqual(steps.map((_step, index) => index));
        states.push(steps.length);
        await setImmediate();
      }
      const [[code], errors] = await ended;
      expect([code, errors]).toEqual([0, expect.not.stringMatching(/error|locked|traceback/i)]);
      expect(await ask(store)).toHaveLength(STEPS);
      // It was asked while it trained, not before or after.
      expect(states.filter((length) => length > 0 && length < STEPS).length).toBeGreaterThan(3);
    } finally {
      child.kill('SIGKILL');
      await store.close();
    }
  },
);
