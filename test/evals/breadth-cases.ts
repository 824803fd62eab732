/** Questions over the demo that reach further: shares, sums, runs picked first, children, steps, and what only sounds askable. */
import { all, asks, counts, leads, refuses, says, shows } from './checks.ts';
import type { DemoCase } from './demo-case.ts';
import {
  allRuns,
  chat,
  churn,
  digits,
  mean,
  newest,
  ranked,
  run,
  runs,
  seconds,
  startedIn,
  type TruthRun,
  values,
} from './truth.ts';

const inChurn = runs.filter((one) => one.experiment === 'churn-prediction');
const inDigits = runs.filter((one) => one.experiment === 'digits-mlp');
const failed = (population: readonly TruthRun[]) => population.filter((one) => one.status === 'FAILED');
const childrenOf = (name: string) => inChurn.filter((one) => one.parent === run(name).id);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const best = (population: readonly TruthRun[], metric: string): TruthRun => {
  const [first] = ranked(population, metric, 'higher');
  if (!first) throw new Error(`nobody has ${metric}`);
  return first;
};
const parents = new Set(runs.map((one) => one.parent));
const boosted = inChurn.filter(
  (one) => one.params.algorithm === 'gradient_boosting' && one.end !== null && !parents.has(one.id),
);
const withRate = (name: string) => chat.filter((one) => one.params.model === name);

export const widened: readonly DemoCase[] = [
  {
    wordings: ['average f1_score of the top 5 runs in churn-prediction', 'mean f1 of the 5 best churn-prediction runs'],
    check: shows(mean(values(ranked(churn, 'f1_score', 'higher').slice(0, 5), 'f1_score'))),
  },
  {
    wordings: ['average f1_score of the last 5 runs in churn-prediction'],
    check: all(
      shows(
        mean(
          values(
            newest(inChurn)
              .slice(0, 5)
              .filter((one) => one.status === 'FINISHED'),
            'f1_score',
          ),
        ),
      ),
      says(/of the 5 runs picked/u),
    ),
  },
  {
    wordings: ['top 3 runs by learning_rate in churn-prediction'],
    check: says(
      ...inChurn
        .filter((one) => one.params.learning_rate !== undefined)
        .toSorted((a, b) => Number(b.params.learning_rate) - Number(a.params.learning_rate))
        .slice(0, 3)
        .map(({ name }) => new RegExp(name, 'u')),
    ),
  },
  {
    wordings: ['which experiment has the highest f1_score?', 'in which experiment is f1_score highest?'],
    check: all(says(/^`?churn-prediction/u), shows(Math.max(...values(churn, 'f1_score')))),
  },
  { wordings: ['top runs by algorithm in churn-prediction', 'best runs by learning_rate'], check: refuses() },
  {
    wordings: ['minimum and maximum of f1_score in churn-prediction'],
    check: shows(...[Math.min, Math.max].map((of) => of(...values(churn, 'f1_score')))),
  },
  {
    wordings: ['what percentage of runs failed?', 'share of failed runs', 'failure rate over all experiments'],
    check: all(counts(failed(runs).length), shows((100 * failed(runs).length) / runs.length)),
  },
  {
    wordings: ['what share of digits-mlp runs failed?', 'failure rate in digits-mlp'],
    check: all(counts(failed(inDigits).length), says(/6\.9\d*% of 29 runs/u)),
  },
  { wordings: ['did all runs in fraud-detection-v1 finish?'], check: all(counts(5), says(/all of 5 runs/u)) },
  {
    wordings: [
      'how many of the last 10 churn-prediction runs failed?',
      'of the last 10 runs in churn-prediction, how many crashed?',
    ],
    check: counts(failed(newest(inChurn).slice(0, 10)).length),
  },
  {
    wordings: [
      'which of the last 5 churn-prediction runs had the best f1?',
      'best f1 of the last 5 runs in churn-prediction',
    ],
    check: leads(
      best(
        newest(inChurn)
          .slice(0, 5)
          .filter((one) => one.status === 'FINISHED'),
        'f1_score',
      ),
    ),
  },
  {
    wordings: ['total_requests in total', 'sum of total_requests', 'total of total_requests'],
    check: shows(sum(values(chat, 'total_requests'))),
  },
  {
    wordings: ['sum of total_requests by region'],
    check: shows(
      ...['us', 'eu'].map((region) =>
        sum(
          values(
            chat.filter((one) => one.tags.region === region),
            'total_requests',
          ),
        ),
      ),
    ),
  },
  {
    wordings: [
      'how many runs in sweep random forest?',
      'how many children does "sweep random forest" have?',
      'number of child runs of sweep random forest',
    ],
    check: counts(childrenOf('sweep random forest').length),
  },
  {
    wordings: ['best f1 among the children of sweep random forest'],
    check: leads(
      best(
        childrenOf('sweep random forest').filter((one) => one.status === 'FINISHED'),
        'f1_score',
      ),
    ),
  },
  { wordings: ['how many nested runs?'], check: counts(runs.filter((one) => one.parent !== null).length) },
  { wordings: ['training_loss of run 17 at step 59', 'run-017 training loss at step 59'], check: shows(0.020635) },
  { wordings: ['loss at step 20 of run-145'], check: refuses(/step 19/u, /step 29/u) },
  {
    wordings: ['how many churn-prediction runs per month?', 'runs per month in churn-prediction'],
    check: shows(startedIn(inChurn, '2026-10', '2026-11').length, startedIn(inChurn, '2026-11', '2026-12').length),
  },
  {
    wordings: ['mean error_rate per week'],
    check: shows(mean(values(startedIn(chat, '2026-11-09', '2026-11-16'), 'error_rate'))),
  },
  {
    wordings: ['least used algorithm', 'which algorithm was used least?'],
    check: says(/by `algorithm`: `logistic_regression` 29/u),
  },
  { wordings: ['which user has the fewest runs?'], check: says(/: `ana` \d+/u) },
  {
    wordings: [
      'how many churn-prediction runs where learning_rate is missing?',
      'number of churn-prediction runs where learning_rate is null',
    ],
    check: counts(inChurn.filter((one) => one.params.learning_rate === undefined).length),
  },
  {
    wordings: ['how many runs where f1_score is not null?'],
    check: counts(runs.filter((one) => 'f1_score' in one.metrics).length),
  },
  {
    wordings: [
      'how many churn-prediction runs have acc >= 78%?',
      'count churn-prediction runs where accuracy is at least 78%',
    ],
    check: counts(
      inChurn.filter((one) => typeof one.metrics.accuracy === 'number' && one.metrics.accuracy >= 0.78).length,
    ),
  },
  { wordings: ['runs with rag_enabled_pct above 80%'], check: asks('80', '0.8') },
  {
    wordings: ['how many runs started between 10 and 20 November?'],
    check: counts(startedIn(runs, '2026-11-10', '2026-11-21').length),
  },
  {
    wordings: ['average runtime of gradient boosting runs'],
    check: says(new RegExp(`: ${minutes(boosted)} over`, 'u')),
  },
  {
    wordings: ['highest learning_rate in churn-prediction'],
    // Three runs tie at 1.4, of which the list holds two.
    check: says(
      /^By `learning_rate`, highest first: 1\.53 of `run-153`[^;]*`run-151` \(\w+\); 1\.4 of [^;]* and others\./u,
    ),
  },
  {
    wordings: ['best model by error rate', 'which model has the lowest error_rate?'],
    check: all(
      says(/^By mean and by single runs it is not the same: tern-mini/u, /aurora-large/u),
      shows(mean(values(withRate('tern-mini'), 'error_rate'))),
    ),
  },
  { wordings: ['best model by accuracy', 'which model has the best accuracy?'], check: leads(best(churn, 'accuracy')) },
  {
    wordings: [
      'hyperparameters of the best model by f1',
      'best model by f1 and its parameters',
      'what are the hyperparameters for the best performing model by f1?',
    ],
    check: says(/`run-145`/u, /`max_depth` 6/u, /`n_estimators` 60/u),
  },
  {
    wordings: ['hyperparameters for the best model by error_rate'],
    check: says(/`model` aurora-large/u, /`prompt_version`/u),
  },
  { wordings: ['what max_depth did the best model by auc use?'], check: says(/`max_depth` 4/u) },
  {
    wordings: [
      'compare the accuracy of the runs tagged stage=baseline',
      'find all runs tagged with stage=baseline and compare their accuracy scores',
    ],
    check: shows(
      mean(
        values(
          churn.filter((one) => one.tags.stage === 'baseline'),
          'accuracy',
        ),
      ),
    ),
  },
  {
    wordings: ['list top-10 digits-mlp runs sorted by val_accuracy desc'],
    check: all(says(/^The 10 runs/u), leads(best(digits, 'val_accuracy'))),
  },
  {
    wordings: ['show run-109', 'accuracy of run-109'],
    check: says(new RegExp(`^\`run-109\` \\(${deletedId()}\\) \\[deleted\\]`, 'u')),
  },
];

function minutes(population: readonly TruthRun[]): string {
  const total = Math.round(mean(population.map(seconds)));
  return `${Math.floor(total / 60)} m ${total % 60} s`;
}

function deletedId(): string {
  return allRuns.find((one) => one.name === 'run-109')?.id.slice(0, 8) ?? '';
}

/** What people ask other tools, and what only sounds like a question over runs: each refused for its own reason. */
export const outOfReach: readonly DemoCase[] = [
  { wordings: ['largest model', 'largest algorithm', 'highest region'], check: refuses(/is no number/u) },
  { wordings: ['run 500', 'show me run 500'], check: asks('vivid-gnu-500') },
  { wordings: ['why is run-145 the best by f1?'], check: refuses(/not why/u, /has the best `f1_score`/u) },
  { wordings: ['why is run-145 best'], check: refuses(/Name a metric/u) },
  { wordings: ['top1 accuracy of run 17', 'accuracy of run 17 at epoch 5'], check: refuses(/top1|epoch/u) },
  {
    wordings: ['models with high accuracy', 'show me the good runs', 'which runs are bad?'],
    check: refuses(/is no number/u),
  },
  {
    wordings: ['analyze trace tr-abc123: why did it return the wrong answer?', 'what went wrong with this trace'],
    check: refuses(/^I cannot answer questions about traces/u),
  },
  { wordings: ['what are the most common exception types in my traces?'], check: refuses(/about traces/u) },
  { wordings: ['show me all errors from the last hour', 'any issues with run-145?'], check: refuses(/do not record/u) },
  { wordings: ['show the metrics and artifacts of run-145'], check: refuses(/artifacts/u, /ec647f4f/u) },
  {
    wordings: ["what's the difference between experiments and runs?", 'what format should my dataset be in?'],
    check: refuses(/how to use MLflow/u),
  },
  {
    wordings: ['which of the last 5 runs will fail?', 'forecast accuracy for next week'],
    check: refuses(/the future/u),
  },
  {
    wordings: ['which model performed best in evaluation?', 'summarize this evaluation'],
    check: refuses(/evaluations/u),
  },
  { wordings: ['is my run okay?', 'compare these models', 'is it overfitting in any way?'], check: refuses() },
  {
    wordings: [
      'explain f1',
      'accuracy above eighty',
      'average and p95 of error_rate',
      'mean accuracy by algorithm and team',
    ],
    check: refuses(),
  },
  { wordings: ['share of runs with f1 above 0.7 that failed', 'failure rate by algorithm'], check: refuses() },
  {
    wordings: [
      'update the description of run-145',
      'push the best model to production',
      'create a report with loss plots',
    ],
    check: refuses(/only read/u),
  },
];
