/** How questions are read: which frame, which tool input, and what is refused rather than guessed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileAll, type PlannedCall } from '../../../src/agent/offline/compile.ts';
import { chooseFrame } from '../../../src/agent/offline/frames/choose.ts';
import { declinedKinds } from '../../../src/agent/offline/frames/declined.ts';
import { frames } from '../../../src/agent/offline/frames/index.ts';
import { read } from '../../../src/agent/offline/offline-model.ts';
import { createVocabulary } from '../../../src/app/store-vocabulary.ts';
import { openStore } from '../../../src/mlflow/open-store.ts';
import { tools } from '../../../src/tools/index.ts';
import { demoPath } from '../../support/demo.ts';
import { clock, lexicon, vocabulary } from './vocabulary.ts';

async function understand(question: string) {
  const reading = await read(question, { vocabulary, lexicon, clock }, new AbortController().signal);
  return { reading, choice: chooseFrame(reading) };
}

async function planned(question: string): Promise<PlannedCall> {
  const { reading, choice } = await understand(question);
  if (choice.kind !== 'frame') throw new Error(`${question}: ${JSON.stringify(choice)}`);
  const [call] = compileAll(choice.frame.plan(reading).queries, tools).steps;
  if (!call) throw new Error(`${question}: no call`);
  return call;
}

test('every example of a frame is read by that frame, and its tools take the input', async () => {
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  const store = await openStore(demoPath);
  const demo = createVocabulary(store);
  for (const frame of [...declinedKinds, ...frames]) {
    for (const example of frame.examples) {
      const reading = await read(example, { vocabulary: demo, lexicon, clock }, new AbortController().signal);
      expect(chooseFrame(reading), example).toMatchObject({ kind: 'frame', frame: { name: frame.name } });
      const { queries } = frame.plan(reading);
      const { steps } = compileAll(queries, tools);
      expect(steps.length, example).toBe(queries.length);
      for (const { tool, input } of steps) {
        const parsed = known.get(tool)?.parse(input);
        expect(parsed?.ok ? '' : parsed?.reason, `${frame.name}: ${example}`).toBe('');
      }
    }
  }
  await store.close();
});

describe('names', () => {
  test.each([
    ['highest average f_hat in Tweaking Small', { metric: 'average f_hat', experiment: 'id:1', order: 'highest' }],
    [
      'max optimal count Tweaking Small after debugging',
      { metric: 'optimal count', experiment: 'id:2', order: 'highest' },
    ],
    ['lowest time in "Tweaking Small"', { metric: 'time', experiment: 'id:1', order: 'lowest' }],
    ['smallest error (rmse) in churn prediction', { metric: 'rmse', experiment: 'id:3', order: 'lowest' }],
    ['best f1 score', { metric: 'f1_score', order: 'best' }],
    ['slowest run by time', { metric: 'time', order: 'highest' }],
    ['slowest run', { metric: 'attributes.duration', order: 'highest' }],
  ])('%s', async (question, input) => {
    expect(await planned(question)).toEqual({ tool: 'rank_runs', input });
  });

  test('a part of two names is asked about, a near miss is refused with what there is', async () => {
    expect((await understand('best time in Tweaking')).reading.obstacle).toMatchObject({ kind: 'which-experiment' });
    expect((await understand('best time in Tweaking Large')).reading.obstacle).toMatchObject({
      kind: 'no-experiment',
      text: 'Tweaking Large',
      nearest: expect.arrayContaining(['Tweaking Small']),
    });
  });

  test('run names are never mended', async () => {
    expect(await planned('rmse of lyrical-cow-354')).toMatchObject({
      tool: 'get_run',
      input: { run: 'lyrical-cow-354' },
    });
  });

  test('a misspelt word is mended aloud', async () => {
    const { reading, choice } = await understand('avrage rmse by optimzer');
    expect(choice).toMatchObject({ kind: 'frame' });
    expect(reading.notes).toEqual(['Read “avrage” as “average”.', 'Read “optimzer” as “optimizer”.']);
  });

  test.each(['highest rmse ever', 'lowest rmse of all time', 'which run ever had rmse above 5?'])(
    '%s goes by last values, and says so',
    async (question) => {
      const { reading, choice } = await understand(question);
      expect(choice.kind).toBe('frame');
      expect(reading.notes).toEqual([expect.stringContaining('last value')]);
    },
  );
});

describe('conditions', () => {
  test.each([
    ['runs with rmse under 5.34', 'metrics.`rmse` < 5.34'],
    ['runs under 8 by time', 'metrics.`time` < 8'],
    [
      'runs with dimension 4 and initial pattern maximal',
      "params.`dimension` = 4 AND params.`initial pattern` = 'maximal'",
    ],
    ['adam or sgd runs', "params.`optimizer` = 'adam' OR params.`optimizer` = 'sgd'"],
    ['random forest runs', "params.`algorithm` = 'random_forest'"],
    ['runs not using adam', "params.`optimizer` != 'adam'"],
    ['failed runs without rmse', "attributes.status = 'FAILED' AND metrics.`rmse` IS NULL"],
    ['runs tagged team growth', "tags.`team` = 'growth'"],
    ['runs with rmse above 5 and below 6', 'metrics.`rmse` > 5 AND metrics.`rmse` < 6'],
    ['runs with rmse between 5 and 6', 'metrics.`rmse` >= 5 AND metrics.`rmse` <= 6'],
    ['runs longer than 10 minutes', 'attributes.duration > 600000'],
    ['runs with lr = 0.01', 'params.`learning_rate` = 0.01'],
    [
      'runs from yesterday',
      "attributes.start_time >= '2026-11-19T00:00:00.000Z' AND attributes.start_time < '2026-11-20T00:00:00.000Z'",
    ],
  ])('%s', async (question, filter) => {
    expect(await planned(question)).toEqual({ tool: 'find_runs', input: { filter } });
  });

  test('a value that the key never had is refused', async () => {
    const { choice, reading } = await understand('best rmse where optimizer is rmsprop');
    expect(choice.kind).toBe('obstacle');
    expect(reading.obstacle).toEqual({ kind: 'no-value', key: 'optimizer', value: 'rmsprop' });
  });

  test.each(['pretrained runs', 'runs with pretrained', 'best rmse among pretrained runs'])(
    'what is true or false is asked about, never taken as there: %s',
    async (question) => {
      const { choice, reading } = await understand(question);
      expect(choice.kind).toBe('obstacle');
      expect(reading.obstacle).toEqual({ kind: 'which-value', key: 'pretrained', values: ['True', 'False'] });
      expect((await understand(`${question} ("pretrained" = "True")`)).choice.kind).toBe('frame');
    },
  );

  test.each(['is run-017 the best run by rmse', 'does run-017 have the highest f1'])(
    'a run is not tested for being the best: %s',
    async (question) => {
      expect((await understand(question)).reading.obstacle).toEqual({ kind: 'predicate' });
    },
  );

  test.each(['runs not', 'best rmse not', 'is rmse not correlated with time'])(
    'a negation is never lost: %s',
    async (question) => {
      expect((await understand(question)).choice.kind).toBe('not-understood');
    },
  );
});

describe('every content word counts', () => {
  const questions = [
    'which run had the highest f1?',
    'how many runs failed this month?',
    'average rmse by optimizer',
    'compare the last 3 runs',
    'which parameters matter most for rmse?',
    'plot val_loss of run-017',
    'what learning rate did run-017 use?',
    'runs with rmse < 5.34 in churn-prediction',
  ];
  /** No word of the language, no name of the store, no typing error of either. */
  const nonsense = fc.constantFrom('zorbly', 'quuxish', 'Wibbleton', 'frabjous', 'kumquatish');

  test('a strange word anywhere makes the question not understood', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...questions), nonsense, fc.nat(20), async (question, word, place) => {
        const words = question.split(' ');
        words.splice(place % (words.length + 1), 0, word);
        const { choice, reading } = await understand(words.join(' '));
        const isTaken = reading.slots.runs.includes(word) || choice.kind === 'obstacle';
        expect(choice.kind === 'not-understood' || isTaken, words.join(' ')).toBe(true);
      }),
      { numRuns: 300, seed: 20261120 },
    );
  });

  test('case, final punctuation and politeness change nothing', async () => {
    for (const question of questions) {
      const plain = await planned(question);
      for (const variant of [
        question.toUpperCase().replace(/RUN-017|VAL_LOSS/gu, (name) => name.toLowerCase()),
        `please ${question}`,
        `${question} thanks`.replace(' thanks', '!'),
      ]) {
        const { tool, input } = await planned(variant);
        expect({ tool, input: JSON.stringify(input).toLowerCase() }, variant).toEqual({
          tool: plain.tool,
          input: JSON.stringify(plain.input).toLowerCase(),
        });
      }
    }
  });

  test('any text is read without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        await understand(text);
      }),
      { numRuns: 300, seed: 20261120 },
    );
  });
});
