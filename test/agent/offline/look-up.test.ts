/** What reading a question asks of a store. */
import { expect, test } from 'vitest';
import { read } from '../../../src/agent/offline/offline-model.ts';
import { createVocabulary } from '../../../src/app/store-vocabulary.ts';
import { openRestStore } from '../../../src/mlflow/rest/rest-store.ts';
import type { KnownRun, Vocabulary } from '../../../src/tools/resolve/vocabulary.ts';
import { startHttpDouble } from '../../support/http-double.ts';
import { clock, lexicon, vocabulary } from './vocabulary.ts';

const { signal } = new AbortController();

/** What is looked up as a value, span by span. */
async function valuesSought(question: string, namedRun?: KnownRun): Promise<string[]> {
  const sought: string[] = [];
  const watched: Vocabulary = {
    ...vocabulary,
    async find(spans, signal) {
      sought.push(...spans.values);
      const found = await vocabulary.find(spans, signal);
      const isNamed = namedRun !== undefined && spans.runs.includes(namedRun.name);
      return { ...found, runs: isNamed ? [...found.runs, namedRun] : found.runs };
    },
  };
  await read(question, { vocabulary: watched, lexicon, clock }, signal);
  return sought;
}

test.each([
  'which run had the highest f1_score in churn-prediction?',
  'how many runs failed in churn-prediction?',
  'plot the rmse history in churn-prediction',
])('no value is looked for where none can stand: %s', async (question) => {
  expect(await valuesSought(question)).toEqual([]);
});

test('values are looked for beside a param, and where a word is not understood', async () => {
  expect(await valuesSought('runs with initial pattern maximal')).toContain('maximal');
  expect(await valuesSought('best f1_score for gizmo')).toContain('gizmo');
});

test('a run may be called as a value is, and a value as a word of the language beside a metric', async () => {
  const adam = { id: 'a'.repeat(32), name: 'adam', experimentId: '1', status: 'FAILED', deleted: false } as const;
  expect(await valuesSought('best f1_score with adam in churn-prediction', adam)).toContain('adam');
  expect(await valuesSought('show run adam', adam)).toEqual([]);
  expect(await valuesSought('average f1_score full')).toContain('full');
});

test('a server sends its runs once for a question, whatever is looked up', async () => {
  const server = await startHttpDouble();
  const experiments = [{ experiment_id: '1', name: 'one', lifecycle_stage: 'active' }];
  const info = { run_id: 'a'.repeat(32), experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' };
  const data = {
    metrics: [{ key: 'f1', value: 1, step: 0, timestamp: 0 }],
    params: [{ key: 'model', value: 'gizmo' }],
  };
  server.script(
    [
      (response, { path }) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(path.includes('runs/search') ? { runs: [{ info, data }] } : { experiments }));
      },
    ],
    true,
  );
  const store = openRestStore(server.url, {});
  await read('best f1 for gizmo', { vocabulary: createVocabulary(store), lexicon, clock }, signal);
  await store.close();
  expect(server.requests.filter(({ path }) => path.includes('runs/search'))).toHaveLength(1);
  await server.stop();
});
