/** What cannot be answered, and what must be asked back. */
import { type Family, refuse } from './draft.ts';

const ABSENT = ['bleu', 'mAP', 'wer', 'perplexity', 'auc', 'rouge_l', 'iou', 'psnr', 'sharpe', 'ndcg'];

export const unknownMetric: Family = (schema, random) => {
  const has = (name: string) => schema.metrics.some(({ key }) => key.toLowerCase().includes(name.toLowerCase()));
  const name = random.pick(ABSENT.filter((one) => !has(one)));
  if (name === undefined) return undefined;
  return refuse(
    'no such metric',
    `get: the one run, by metric ${name}, BEST first (the store has no such metric; ask as if it had)`,
  );
};

export const unknownRun: Family = (schema, random) => {
  const name = `${random.pick(schema.runNames)}-${random.pick(['x9', 'final2', 'bis', '907'])}`;
  return refuse('no such run', `get: everything of run ${name} (there is none; ask as if there were)`);
};

export const action: Family = (schema, random) => {
  const name = random.pick(schema.runNames);
  const card = random.pick([
    `do: delete run ${name}`,
    'do: delete all runs that failed',
    `do: set tag "reviewed" on run ${name}`,
    `do: start run ${name} again with another seed`,
    `do: register the model of run ${name}`,
    `do: stop run ${name}`,
  ]);
  return refuse('an action', card);
};

export const outside: Family = (_schema, random) =>
  refuse(
    'outside of the store',
    random.pick([
      'get: the weather tomorrow',
      'get: code of a training loop in PyTorch',
      'get: what a learning rate is',
      'get: how much the cloud machines of these runs cost',
      'get: which GPU one should buy',
      'get: a joke',
      'get: the e-mail address of a user of the store',
      'get: which run will be best next week',
    ]),
  );

export const why: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const name = random.pick(schema.runNames);
  return refuse(
    'causes are not recorded',
    random.pick([
      `get: the reason why run ${name} failed`,
      `get: the reason why metric ${metric.key} of run ${name} is so ${random.pick(['low', 'high'])}`,
      `get: the thought behind the choice of params of run ${name}`,
    ]),
  );
};

export const vague: Family = (schema, random) => ({
  expects: 'ask',
  because: 'by which metric',
  card: random.pick([
    'get: the BEST run (no metric said)',
    `get: the BEST run in experiment "${random.pick(schema.experiments)}" (no metric said)`,
    'get: which of the runs are good (no metric said)',
  ]),
});
