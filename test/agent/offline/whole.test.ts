/** A question is answered in all its parts or not at all; what is right is counted from what the demo was made of. */
import { afterAll, expect, it } from 'vitest';
import type { Answer } from '../../../src/agent/events.ts';
import { idsOfKind } from '../../../src/finding/refs.ts';
import { answerOf, createOfflineApp } from '../../evals/asking.ts';
import { demoPath, readTruth, type TrueRun } from '../../support/demo.ts';

const app = createOfflineApp(demoPath);
afterAll(() => app.close());

const accuracyOf = ({ metrics }: TrueRun): number => Number(metrics.accuracy);
const parents = new Set(readTruth().experiments.flatMap(({ runs }) => runs.map(({ parent }) => parent)));
const ranked = readTruth()
  .experiments.filter(({ name }) => name === 'churn-prediction')
  .flatMap(({ runs }) => runs)
  .filter((run) => run.status === 'FINISHED' && run.lifecycle === 'active' && !parents.has(run.id))
  .filter((run) => Number.isFinite(accuracyOf(run)))
  .sort((a, b) => accuracyOf(b) - accuracyOf(a));
const [best] = ranked;
const lowest = ranked.filter((run) => accuracyOf(run) === accuracyOf(ranked.at(-1) ?? run));

const runsOf = ({ findings }: Answer, tool: string): Set<string> =>
  new Set(findings.filter((one) => one.tool === tool).flatMap(({ subject }) => idsOfKind(subject.refs, 'run')));

it('asks both ends, each of its own ranking', async () => {
  const answer = await answerOf(app, 'params of the highest and lowest accuracy run');
  expect(runsOf(answer, 'get_run')).toEqual(new Set([best?.id, ...lowest.map(({ id }) => id)]));
});

it('takes what ties for the last place, in the experiment that it was picked from', async () => {
  expect(lowest.length).toBeGreaterThan(2);
  const answer = await answerOf(app, 'which of the lowest 2 runs by accuracy used logistic_regression?');
  expect(runsOf(answer, 'find_runs')).toEqual(new Set(lowest.map(({ id }) => id)));
  expect(answer.text).toMatch(/in \W?churn-prediction/);
  expect(answer.text).toContain('Picked before: the lowest 2 runs by accuracy, with ties.');
});

it('takes as many as it says into a mean, ties or not', async () => {
  const answer = await answerOf(app, 'average accuracy of the lowest 2 runs by accuracy in churn-prediction');
  const [summary] = answer.findings.filter(({ tool }) => tool === 'summarize_metrics');
  expect(summary?.coverage.considered).toBe(2);
});

it('compares the picked by what is asked, not by what they were picked by', async () => {
  const answer = await answerOf(app, 'compare the top 3 runs by accuracy on f1_score');
  const compared = answer.findings.find(({ tool }) => tool === 'compare_runs');
  expect(compared?.input).toMatchObject({
    runs: ranked.slice(0, 3).map(({ id }) => `id:${id}`),
    metrics: ['f1_score'],
  });
});

it.each([
  'compare run-001 and run-002 where accuracy > 0.9',
  'plot training_loss of run-017 where accuracy > 0.99',
  'is run-017 overfitting since yesterday?',
])('refuses named runs with a condition: %s', async (question) => {
  expect(await answerOf(app, question)).toMatchObject({ status: 'cannot', findings: [] });
});
