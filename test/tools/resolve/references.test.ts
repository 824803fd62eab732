/** An id is an id and a name is a name: which of the two is meant is never guessed. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/agent/events.ts';
import { createApp } from '../../../src/app/create-app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { openStore } from '../../../src/mlflow/open-store.ts';
import { answerOf, createOfflineApp } from '../../evals/asking.ts';
import { createDatabase, insertLatest, insertRun } from '../../support/databases.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { writeExperiment, writeRun } from '../../support/mlruns.ts';
import { runsMeant, ToolRig } from '../ask-tool.ts';

let folder: TemporaryFolder;
let database: DatabaseSync;
beforeEach(() => {
  folder = makeTemporaryFolder();
  database = createDatabase(join(folder.path, 'mlflow.db'), '3');
});
afterEach(() => folder[Symbol.dispose]());

const id = (n: number): string => `${'abcdef0'}${n}`.padEnd(32, '0');

function addRun(n: number, name: string, accuracy: number, experiment = 1): void {
  insertRun(database, { id: id(n), name, start: n * 1_000, end: n * 1_000 + 500, experiment });
  insertLatest(database, id(n), 'accuracy', accuracy);
}

function addExperiment(n: number, name: string): void {
  database.prepare("INSERT INTO experiments VALUES (?, ?, NULL, 'active', 1, 1, 'default')").run(n, name);
}

async function open(): Promise<ToolRig> {
  database.close();
  return ToolRig.open(join(folder.path, 'mlflow.db'));
}

async function ask(...questions: readonly string[]): Promise<Answer[]> {
  if (database.isOpen) database.close();
  const app = createOfflineApp(`sqlite:///${join(folder.path, 'mlflow.db')}`);
  const answers: Answer[] = [];
  for (const question of questions) answers.push(await answerOf(app, question));
  await app.close();
  return answers;
}

const first = ({ findings }: Answer): unknown => findings[0]?.data.facts?.run;

describe('an experiment called 1, which is the id of another', () => {
  beforeEach(() => {
    addRun(1, 'good', 0.9);
    addExperiment(2, '1');
    addRun(2, 'bad', 0.1, 2);
  });

  test('tools ask which is meant by the bare text, and take either by its kind', async () => {
    const rig = await open();
    const refusal = await rig.refusal('rank_runs', { metric: 'accuracy', experiment: '1' });
    expect(refusal).toMatchObject({ code: 'ambiguous_experiment' });
    const meant = refusal.choices.map(async ({ value }) =>
      runsMeant(await rig.ask('rank_runs', { metric: 'accuracy', experiment: value })),
    );
    expect(await Promise.all(meant)).toEqual([[id(1)], [id(2)]]);
    const named = await rig.ask('rank_runs', { metric: 'accuracy', experiment: 'name:1' });
    expect(runsMeant(named)).toEqual([id(2)]);
    expect(await rig.refusal('rank_runs', { experiment: 'id:7' })).toMatchObject({ code: 'unknown_experiment' });
    await rig.store.close();
  });

  test.each([
    ['MLFLOW_EXPERIMENT_ID', 'good'],
    ['MLFLOW_EXPERIMENT_NAME', 'bad'],
  ])('%s says which of the two is meant', async (variable, name) => {
    database.close();
    const env = { [variable]: '1', XDG_CONFIG_HOME: '/nonexistent' };
    const uri = `sqlite:///${join(folder.path, 'mlflow.db')}`;
    const app = createApp(readConfig(env, { model: 'offline', uri }, '/'));
    expect(first(await answerOf(app, 'best accuracy'))).toMatchObject({ name });
    await app.close();
  });

  test('takes no question that is meant for the other, and each choice settles it', async () => {
    const [plain, named, asked, ofId] = await ask(
      'best accuracy in first',
      'best accuracy in "1"',
      'best accuracy in experiment 1',
      'best accuracy in experiment id 1',
    );
    expect([plain, named, ofId].map((answer) => answer && first(answer))).toMatchObject([
      { name: 'good' },
      { name: 'bad' },
      { name: 'good' },
    ]);
    expect(asked?.status).toBe('clarify');
    const settled = await ask(...(asked?.choices ?? []).map(({ question }) => question));
    expect(settled.map((answer) => (first(answer) as { name: string }).name).toSorted()).toEqual(['bad', 'good']);
  });
});

test('names that differ only by case: spelt so it is one of them, otherwise asked back, and each choice settles it', async () => {
  addRun(1, 'r', 0.9);
  addExperiment(2, 'FIRST');
  addRun(2, 'R', 0.1, 2);
  const [lower, upper, quoted, run, asked] = await ask(
    'best accuracy in first',
    'best accuracy in FIRST',
    'best accuracy in "FIRST"',
    'accuracy of run "R"',
    'best accuracy in First',
  );
  expect([lower, upper, quoted, run].map((answer) => answer && first(answer))).toMatchObject([
    { name: 'r' },
    { name: 'R' },
    { name: 'R' },
    { name: 'R' },
  ]);
  expect(asked?.status).toBe('clarify');
  expect(asked?.choices.map(({ label }) => label).toSorted()).toEqual(['`FIRST` (id 2)', '`first` (id 1)']);
  const settled = await ask(...(asked?.choices ?? []).map(({ question }) => question));
  expect(settled.map((answer) => (first(answer) as { name: string }).name).toSorted()).toEqual(['R', 'r']);
});

describe('runs called by the id, or the beginning of the id, of another', () => {
  beforeEach(() => {
    addRun(1, 'good', 0.9);
    addRun(2, id(1), 0.1);
    addRun(3, id(1).slice(0, 8), 0.2);
  });

  test.each([
    ['the whole id', id(1), id(2)],
    ['its beginning', id(1).slice(0, 8), id(3)],
  ])('%s: bare text is asked back, in quotes it is the name, and each choice settles it', async (_, text, named) => {
    const [bare, quoted] = await ask(`show run ${text}`, `show run "${text}"`);
    expect(bare?.status).toBe('clarify');
    expect(quoted && first(quoted)).toMatchObject({ id: named });
    const settled = await ask(...(bare?.choices ?? []).map(({ question }) => question));
    expect(settled.map((answer) => (first(answer) as { id: string }).id).toSorted()).toEqual([id(1), named].toSorted());
  });

  test('an id that was found is passed on as one', async () => {
    const [answer] = await ask('compare the top 2 runs by accuracy');
    const compared = answer?.findings.find(({ tool }) => tool === 'compare_runs');
    expect(compared?.input).toMatchObject({ runs: [`id:${id(1)}`, `id:${id(3)}`] });
    expect(compared && runsMeant(compared)).toEqual([id(1), id(3)]);
  });
});

test('a param and a tag of one name are told apart by the person', async () => {
  insertRun(database, { id: id(1), name: 'a', start: 1, params: { stage: 'x' }, tags: { stage: 'y' } });
  insertRun(database, { id: id(2), name: 'b', start: 2, params: { stage: 'y' }, tags: { stage: 'y' } });
  const [asked, value] = await ask('how many runs have stage = y?', 'runs with y');
  expect([asked?.status, value?.status]).toEqual(['clarify', 'clarify']);
  for (const one of [asked, value]) {
    const settled = await ask(...(one?.choices ?? []).map(({ question }) => question));
    expect(settled.map(({ findings }) => findings[0]?.coverage.matched)).toEqual([1, 2]);
  }
});

test('an experiment that cannot be read is mentioned where only one other can', async () => {
  const mlruns = join(folder.path, 'mlruns');
  const run = (n: number) => ({ name: `r${n}`, metrics: { accuracy: `1700000000000 0.${n} 0\n` } });
  const [one, other] = ['111', '222'].map((experiment, at) => {
    const path = writeExperiment(mlruns, experiment, `e${experiment}`);
    writeRun(path, id(at + 1), run(at + 1));
    return path;
  });
  rmSync(join(other ?? '', 'meta.yaml'));
  expect(one).toBeDefined();
  const app = createOfflineApp(mlruns);
  const answer = await answerOf(app, 'best accuracy');
  await app.close();
  expect(answer.text).toMatch(/1 experiment could not be read: `222`/);
  const store = await openStore(mlruns);
  expect(await store.unreadable?.(AbortSignal.timeout(9_000))).toHaveLength(1);
  await store.close();
});
