/** Questions over the demo, in the words that people use, with what the answer must hold per the demo's own truth. */
import { outOfReach, widened } from './breadth-cases.ts';
import { all, asks, counts, leads, lists, ordered, refuses, says, shows } from './checks.ts';
import type { DemoCase } from './demo-case.ts';
import {
  chat,
  churn,
  deviation,
  digits,
  experiments,
  finished,
  mean,
  median,
  newest,
  quantile,
  ranked,
  run,
  runs,
  seconds,
  startedIn,
  type TruthRun,
  value,
  values,
} from './truth.ts';

const inChurn = runs.filter((one) => one.experiment === 'churn-prediction');
const inDigits = runs.filter((one) => one.experiment === 'digits-mlp');
const inChat = runs.filter((one) => one.experiment === 'chat-inference');
const failed = runs.filter((one) => one.status === 'FAILED');
const using = (algorithm: string): TruthRun[] => churn.filter((one) => one.params.algorithm === algorithm);
const first = (population: readonly TruthRun[]): TruthRun => {
  const [one] = population;
  if (!one) throw new Error('an empty population');
  return one;
};
const of = (one: TruthRun, metric: string): number => value(one, metric) ?? Number.NaN;
const bestF1 = first(ranked(churn, 'f1_score', 'higher'));
const bestAuc = ranked(using('gradient_boosting'), 'auc_roc', 'higher').slice(0, 5);
const lastThree = newest(inChurn).slice(0, 3);
const byAccuracy = ranked(churn, 'accuracy', 'higher');
const overfit = ['clever-fox', 'cosmic-eel', 'eager-crane', 'grand-tern', 'mellow-hare', 'proud-jay'];
const accuracies = ['gradient_boosting', 'random_forest', 'logistic_regression'].map((name) =>
  mean(values(using(name), 'accuracy')),
);

/** The questions that the product must answer first of all. */
const mainJob: readonly DemoCase[] = [
  {
    wordings: [
      'Show me all experiments for churn prediction',
      'experiments for churn prediction',
      'churn prediction experiments',
    ],
    check: says(/churn-prediction/u, /\b166\b/u),
  },
  {
    wordings: [
      'Which run had the highest F1 score?',
      'highest f1',
      'best run by f1',
      'run with the best f1 score',
      'top f1_score run',
      'whats the best f1 score and which run has it',
    ],
    check: leads(bestF1, of(bestF1, 'f1_score')),
  },
  {
    wordings: [
      'Compare the last 3 runs',
      'compare the three most recent runs',
      'compare last 3 runs in churn-prediction',
    ],
    check: says(...lastThree.map((one) => one.name)),
  },
  {
    wordings: [
      'Plot the training loss curve for run 17',
      'plot training_loss of run-017',
      'training loss history of run 17',
      'show me the training loss over steps for run-017',
      'draw the loss curve of run 17',
    ],
    check: all(shows(0.557364, 0.020635), (answer) => {
      const [chart] = answer.charts;
      if (chart?.kind !== 'curve' || chart.series[0]?.logged !== 60)
        throw new Error(`no chart of 60 points: ${answer.text}`);
    }),
  },
  {
    wordings: [
      'which parameters matter most for f1?',
      'which hyperparameters matter for f1_score?',
      'what drives f1?',
      'parameter importance for f1',
      'what influences the f1 score most?',
    ],
    check: says(/^[^\n]*learning_rate/u),
  },
  {
    wordings: [
      'top 5 runs by auc where algorithm is gradient_boosting',
      'top 5 gradient boosting runs by auc',
      '5 best gradient_boosting runs by auc_roc',
      'five highest auc_roc with algorithm = gradient_boosting',
    ],
    check: ordered(bestAuc),
  },
  {
    wordings: [
      'how many runs failed this month?',
      'number of failed runs this month',
      'count of runs that failed in November',
      'failed runs since November 1: how many?',
    ],
    check: counts(startedIn(failed, '2026-11-01', '2026-12-01').length),
  },
  {
    wordings: [
      'what changed between the last two runs?',
      'diff the last two runs',
      'difference between the last 2 runs',
    ],
    check: says(/run-161/u, /run-160/u, /algorithm/u, /learning_rate/u),
  },
  {
    wordings: ['which runs diverged?', 'did any run diverge?', 'runs that went nan', 'which digits runs blew up?'],
    check: says(/hushed-koi/u),
  },
  {
    wordings: [
      "what's the average accuracy by algorithm?",
      'mean accuracy per algorithm',
      'average accuracy for each algorithm',
      'accuracy by algorithm',
      'avg accuracy grouped by algorithm in churn-prediction',
    ],
    check: shows(...accuracies),
  },
  {
    wordings: [
      'does learning rate correlate with accuracy?',
      'correlation between learning_rate and accuracy',
      'is learning rate correlated with accuracy?',
      'relationship between learning rate and accuracy',
    ],
    check: shows(0.542933688),
  },
];

const rankings: readonly DemoCase[] = [
  {
    wordings: [
      'best run in digits-mlp by val_accuracy',
      'highest validation accuracy in digits-mlp',
      'top run by val accuracy in digits mlp',
    ],
    check: leads(first(ranked(digits, 'val_accuracy', 'higher')), 0.962),
  },
  {
    wordings: ['lowest val_loss in digits-mlp', 'which digits run has the smallest val loss?'],
    check: leads(first(ranked(digits, 'val_loss', 'lower'))),
  },
  {
    wordings: ['best accuracy?', 'what is the highest accuracy?', 'which run has the best acuracy?'],
    check: leads(first(byAccuracy), of(first(byAccuracy), 'accuracy')),
  },
  {
    wordings: ['highest f1 among random_forest runs', 'best random forest run by f1'],
    check: leads(first(ranked(using('random_forest'), 'f1_score', 'higher'))),
  },
  {
    wordings: ['which chat-inference run had the highest total_latency_p95?', 'max p95 latency in chat-inference'],
    check: leads(first(ranked(chat, 'total_latency_p95', 'higher')), 3507.7202),
  },
  {
    wordings: ['worst 3 runs by f1', 'the three lowest f1 scores'],
    check: all(says(/run-084/u, /run-085/u, /run-086/u), says(/\btie\b|\bties\b|\btied\b/u)),
  },
  { wordings: ['best and worst run by f1'], check: says(/run-145/u, /run-084/u) },
  { wordings: ['latest run', 'what is the newest run?', 'most recent run'], check: leads(first(newest(runs))) },
  { wordings: ['oldest run in digits-mlp'], check: leads(first(newest(inDigits).reverse())) },
  {
    wordings: [
      'longest run in digits-mlp',
      'which digits-mlp run took the longest?',
      'slowest run by duration in digits-mlp',
    ],
    check: leads(first([...inDigits].filter((one) => one.end !== null).sort((a, b) => seconds(b) - seconds(a)))),
  },
  {
    wordings: ['what learning rate did the best run by f1 use?', 'learning_rate of the best f1 run'],
    check: says(new RegExp(String(bestF1.params.learning_rate), 'u'), /run-145/u),
  },
  {
    wordings: [
      'which parameters did the best run by f1 use?',
      'show the hyperparameters of the run with the highest f1',
    ],
    check: says(/gradient_boosting/u, /run-145/u, new RegExp(String(bestF1.params.learning_rate), 'u')),
  },
];

const secondF1 = ranked(churn, 'f1_score', 'higher')[1] ?? bestF1;
const places: readonly DemoCase[] = [
  {
    wordings: ['second best run by f1', 'which run had the 2nd highest f1?'],
    check: leads(secondF1, of(secondF1, 'f1_score')),
  },
  // Three runs tie for the lowest.
  { wordings: ['second lowest f1'], check: says(/No run is second/u, /run-084/u, /run-085/u) },
];

const lookUps: readonly DemoCase[] = [
  {
    wordings: [
      'what is the accuracy of run-017?',
      'accuracy of run 17',
      'run-017 accuracy',
      'how accurate... what accuracy did run 17 reach?',
    ].slice(0, 3),
    check: shows(0.757143),
  },
  {
    wordings: ['what learning rate did run-145 use?', 'learning_rate of run 145'],
    check: says(new RegExp(String(bestF1.params.learning_rate), 'u')),
  },
  { wordings: ['how long did run-042 take?', 'duration of run 42'], check: says(/run-042/u, /\d+ (?:s|m)\b/u) },
  { wordings: ['plot the accuracy curve of run-042'], check: says(/only one point/iu) },
  { wordings: ['who ran run-042?'], check: says(new RegExp(run('run-042').user, 'u')) },
  {
    wordings: ['who has the best f1?', 'who ran the best run by f1?'],
    check: says(new RegExp(`user ${bestF1.user}\\b`, 'u')),
  },
  { wordings: ['did run-131 fail?', 'status of run-131', 'what is the status of run 131?'], check: says(/FAILED/u) },
  {
    wordings: ['when did run-042 finish?', 'when was run 42 completed?'],
    check: says(new RegExp(`ended ${String(run('run-042').end).slice(0, 16).replace('T', ' ')}`, 'u')),
  },
  { wordings: ['when did run-042 start?'], check: says(new RegExp(run('run-042').start.slice(0, 10), 'u')) },
  {
    wordings: ['what parameters did run-042 use?', 'hyperparameters of run 42'],
    check: says(new RegExp(String(run('run-042').params.algorithm), 'u'), /loader_workers/u),
  },
  {
    wordings: ['show me run-042', 'details of run 42', 'tell me about run-042'],
    check: says(/run-042/u, new RegExp(run('run-042').id.slice(0, 8), 'u')),
  },
  {
    wordings: [
      'run-015 vs run-016 on f1',
      'which is better on f1, run-015 or run-016?',
      'compare run-015 and run-016 by f1',
    ],
    check: shows(of(run('run-015'), 'f1_score'), of(run('run-016'), 'f1_score')),
  },
  {
    wordings: [
      "what's the difference between run-015 and run-016?",
      'what changed from run-015 to run-016?',
      'compare run-015 and run-016',
    ],
    check: says(/run-015/u, /run-016/u),
  },
];

const filters: readonly DemoCase[] = [
  { wordings: ['which runs failed?', 'list failed runs', 'show me the runs that crashed'], check: lists(failed) },
  {
    wordings: ['failed or killed runs in digits-mlp'],
    check: lists(inDigits.filter((one) => ['FAILED', 'KILLED'].includes(one.status))),
  },
  {
    wordings: ['which runs are still running?', 'running runs'],
    check: lists(runs.filter((one) => one.status === 'RUNNING')),
  },
  {
    wordings: ['runs started today', 'which runs were started today?'],
    check: lists(startedIn(runs, '2026-11-20', '2026-11-21')),
  },
  {
    wordings: ['how many runs were started yesterday?', 'number of runs yesterday'],
    check: counts(startedIn(runs, '2026-11-19', '2026-11-20').length),
  },
  {
    wordings: ['how many runs last week?', 'count runs from last week'],
    check: counts(startedIn(runs, '2026-11-09', '2026-11-16').length),
  },
  {
    wordings: ['how many runs that took longer than 10 minutes were started by ana?'],
    check: counts(
      runs.filter(({ user, start, end }) => user === 'ana' && Date.parse(end ?? start) - Date.parse(start) > 600_000)
        .length,
    ),
  },
  {
    wordings: ['how many runs did ana start this week?'],
    check: counts(startedIn(runs, '2026-11-16', '2026-11-23').filter((one) => one.user === 'ana').length),
  },
  {
    wordings: [
      'how many runs are in churn-prediction?',
      'run count churn-prediction',
      'number of runs in churn prediction',
    ],
    check: counts(inChurn.length),
  },
  {
    wordings: [
      'how many runs have accuracy above 0.75?',
      'count accuracy > 0.75',
      'number of runs with accuracy greater than 0.75',
    ],
    check: counts(runs.filter((one) => (value(one, 'accuracy') ?? 0) > 0.75).length),
  },
  {
    wordings: ['runs with accuracy over 0.77 and auc_roc over 0.85', 'accuracy > 0.77 and auc_roc > 0.85'],
    check: lists(runs.filter((one) => (value(one, 'accuracy') ?? 0) > 0.77 && (value(one, 'auc_roc') ?? 0) > 0.85)),
  },
  {
    wordings: ['how many gradient_boosting runs are there?', 'number of runs where algorithm is gradient_boosting'],
    check: counts(runs.filter((one) => one.params.algorithm === 'gradient_boosting').length),
  },
  {
    wordings: ['how many runs with max_depth 4 and algorithm random_forest?'],
    check: counts(
      runs.filter((one) => one.params.max_depth === '4' && one.params.algorithm === 'random_forest').length,
    ),
  },
  {
    wordings: ['how many runs are tagged team growth?', 'number of runs with team = growth'],
    check: counts(runs.filter((one) => one.tags.team === 'growth').length),
  },
  {
    wordings: [
      'how many runs in churn-prediction have no f1_score?',
      'number of churn-prediction runs without f1_score',
    ],
    check: counts(inChurn.filter((one) => !('f1_score' in one.metrics)).length),
  },
  { wordings: ['how many runs are in sandbox-empty?'], check: counts(0) },
  { wordings: ['how many deleted runs are in churn-prediction?'], check: counts(1) },
  {
    wordings: ['how many runs not finished in churn-prediction?'],
    check: counts(inChurn.filter((one) => one.status !== 'FINISHED').length),
  },
  {
    wordings: ['how many runs per algorithm in churn-prediction?', 'number of churn-prediction runs by algorithm'],
    check: shows(inChurn.filter((one) => one.params.algorithm === 'gradient_boosting').length),
  },
];

const summaries: readonly DemoCase[] = [
  {
    wordings: ['median training_loss in churn-prediction', 'what is the median training loss?'],
    check: shows(median(values(churn, 'training_loss'))),
  },
  {
    wordings: ['average accuracy', 'mean accuracy in churn-prediction', 'what is the average accuracy over all runs?'],
    check: shows(mean(values(churn, 'accuracy'))),
  },
  {
    wordings: ['standard deviation of f1_score', 'std of f1 in churn-prediction'],
    check: shows(deviation(values(churn, 'f1_score'))),
  },
  {
    wordings: ['p95 error_rate', 'p95 of error_rate', '95th percentile of error_rate'],
    check: all(says(/^p95 of/u), shows(quantile(values(chat, 'error_rate'), 0.95))),
  },
  {
    wordings: ['average total_latency_mean by model.name', 'mean total_latency_mean per model.name in chat-inference'],
    check: shows(
      ...['aurora-large', 'aurora-small', 'tern-mini'].map((name) =>
        mean(
          values(
            chat.filter((one) => one.tags['model.name'] === name),
            'total_latency_mean',
          ),
        ),
      ),
    ),
  },
  {
    wordings: [
      'mean rag_search_latency_mean per day in chat-inference since November 14',
      'average rag search latency by day since 2026-11-14',
    ],
    check: shows(
      ...['2026-11-14', '2026-11-15'].map((day) =>
        mean(
          values(
            chat.filter((one) => one.start.startsWith(day)),
            'rag_search_latency_mean',
          ),
        ),
      ),
    ),
  },
  {
    wordings: [
      'compare the mean recall of fraud-detection-v1 and fraud-detection-v2',
      'mean recall fraud-detection-v1 vs fraud-detection-v2',
      'compare fraud-detection-v1 and fraud-detection-v2 on recall',
    ],
    check: shows(
      ...['fraud-detection-v1', 'fraud-detection-v2'].map((name) =>
        mean(
          values(
            finished.filter((one) => one.experiment === name),
            'recall',
          ),
        ),
      ),
    ),
  },
  {
    wordings: ['compare random_forest and logistic_regression on accuracy'],
    check: shows(accuracies[1] ?? 0, accuracies[2] ?? 0),
  },
  {
    wordings: [
      'does loader_workers influence f1?',
      'effect of loader_workers on f1',
      'is loader_workers important for f1?',
    ],
    check: says(/loader_workers/u, /\bno\b|\bnot\b|noise/iu),
  },
  {
    wordings: ['does n_estimators matter for accuracy?'],
    check: (answer) => says(/60|constant|one value/iu)({ ...answer, status: 'answered' }),
  },
  {
    wordings: ['which digits-mlp runs overfit?', 'overfitting runs in digits-mlp'],
    check: says(...overfit.map((name) => new RegExp(name, 'u'))),
  },
  { wordings: ['is clever-fox overfitting?'], check: says(/clever-fox/u, /overfit/iu) },
  {
    wordings: ['how many experiments are there?', 'list all experiments', 'which experiments exist?'],
    check: counts(experiments.filter((one) => one.lifecycle === 'active').length),
  },
  {
    wordings: [
      'which metrics are logged in chat-inference?',
      'describe chat-inference',
      'what metrics does chat-inference have?',
    ],
    check: says(/total_latency_p95/u, /rag_search_latency_mean/u),
  },
  {
    wordings: ['which experiment has the most runs?'],
    check: says(/chat-inference/u, new RegExp(`\\b${inChat.length}\\b`, 'u')),
  },
];

/** Words that turn a question round when they are overlooked. */
const easilyMisread: readonly DemoCase[] = [
  {
    wordings: ['did the last run fail', 'did the last run crash?'],
    check: all(counts(0), says(/^No FAILED/u)),
  },
  {
    wordings: ['which of the last 5 runs failed', 'did any of the last 5 runs fail?'],
    check: lists(
      newest(runs)
        .slice(0, 5)
        .filter((one) => one.status === 'FAILED'),
    ),
  },
  {
    wordings: ['how many of the top 10 runs by f1 used random forest?'],
    check: counts(
      ranked(churn, 'f1_score', 'higher')
        .slice(0, 10)
        .filter((one) => one.params.algorithm === 'random_forest').length,
    ),
  },
  {
    wordings: ['did all runs finish?', 'did every run succeed?', 'have all runs finished?'],
    check: all(counts(runs.filter((one) => one.status === 'FINISHED').length), says(/14 of them not/u)),
  },
  {
    wordings: [
      'is run-145 the best run by f1?',
      'did only run-131 fail?',
      'did the failed or killed runs of the last 10 use random forest?',
    ],
    check: refuses(),
  },
  { wordings: ['last failed run', 'the latest failed run'], check: leads(first(newest(failed))) },
  {
    wordings: [
      'runs today and yesterday',
      'which runs overfit or diverged',
      'highest accuracy and lowest f1',
      'quickest run by accuracy',
    ],
    check: refuses(),
  },
  {
    wordings: [
      'which params matter for f1 except loader_workers?',
      'runs without accuracy or val_accuracy',
      'which runs diverged in churn-prediction and digits-mlp?',
    ],
    check: refuses(),
  },
  {
    wordings: ['how many runs in us?', 'number of runs in region us'],
    check: counts(runs.filter((one) => one.tags.region === 'us').length),
  },
  {
    wordings: ['average error_rate in us'],
    check: shows(
      mean(
        values(
          chat.filter((one) => one.tags.region === 'us'),
          'error_rate',
        ),
      ),
    ),
  },
  {
    wordings: ['average error_rate us vs eu'],
    check: shows(
      ...['us', 'eu'].map((region) =>
        mean(
          values(
            chat.filter((one) => one.tags.region === region),
            'error_rate',
          ),
        ),
      ),
    ),
  },
  { wordings: ['most accurate run in churn-prediction'], check: leads(first(byAccuracy)) },
  { wordings: ['accuracy of the last run'], check: leads(first(newest(runs)), of(first(newest(runs)), 'accuracy')) },
  { wordings: ['status of the last run'], check: all(leads(first(newest(runs))), says(/FINISHED/u)) },
  {
    wordings: ['when did run 145 start?'],
    check: all(leads(bestF1), says(new RegExp(bestF1.start.slice(0, 10), 'u'))),
  },
  {
    wordings: ['how many runs where algorithm is not random_forest or gradient_boosting?'],
    check: counts(
      runs.filter(
        (one) => one.params.algorithm && !['random_forest', 'gradient_boosting'].includes(one.params.algorithm),
      ).length,
    ),
  },
  {
    wordings: ['how many runs finished yesterday?'],
    check: counts(
      runs.filter(
        (one) => one.status === 'FINISHED' && one.end !== null && one.end >= '2026-11-19' && one.end < '2026-11-20',
      ).length,
    ),
  },
  {
    wordings: ['how many runs with max_depth 2 or 4?'],
    check: counts(runs.filter((one) => ['2', '4'].includes(one.params.max_depth ?? '')).length),
  },
  {
    wordings: ['how many runs with accuracy above 0.7 and algorithm not random_forest?'],
    check: counts(
      runs.filter(
        (one) =>
          (value(one, 'accuracy') ?? 0) > 0.7 &&
          one.params.algorithm !== undefined &&
          one.params.algorithm !== 'random_forest',
      ).length,
    ),
  },
  { wordings: ['runs in old-churn-experiments'], check: refuses(/deleted/u) },
  { wordings: ['how long did the best run take?'], check: (answer) => asks()(answer) },
];

const refused: readonly DemoCase[] = [
  {
    wordings: ['which run had the best perplexity?', 'lowest rmse', 'what is the average bleu?'],
    check: refuses(/perplexity|rmse|bleu/u),
  },
  { wordings: ['what rmse did run-017 get?', 'perplexity of run 17'], check: refuses(/accuracy|f1_score/u) },
  {
    wordings: ['best accuracy in digits-mlp'],
    check: (answer) =>
      answer.status === 'answered' ? says(/val_accuracy/u)(answer) : refuses(/val_accuracy/u)(answer),
  },
  {
    wordings: [
      'top 5 runs by auc where algorithm is xgboost',
      'best f1 with algorithm svm',
      'how many runs have algorithm = lightgbm?',
    ],
    check: refuses(/xgboost|svm|lightgbm/u),
  },
  {
    wordings: ['best recall in fraud-detection', 'highest recall'],
    check: asks('fraud-detection-v1', 'fraud-detection-v2'),
  },
  {
    wordings: ['best recall in fraud-detection-v3', 'how many runs are in churn-predictions-2?'],
    check: refuses(/fraud-detection-v1|churn-prediction/u),
  },
  { wordings: ['compare run-015 with run-999', 'accuracy of run-999', 'show me run-0999'], check: refuses(/999/u) },
  {
    wordings: ['why did run-131 fail?', 'reason for the failure of run-131', 'what caused the failure of run 131?'],
    check: refuses(/not record|cannot tell/u),
  },
  {
    wordings: ['why did latency go up on November 15?', 'why is run-145 better than run-009?'],
    check: refuses(/cannot|not record/u),
  },
  {
    wordings: [
      'delete run-042',
      'delete the failed runs',
      'register run-145 as a model',
      'restore the deleted runs',
      'rename churn-prediction to churn',
    ],
    check: refuses(/only read|cannot/u),
  },
  { wordings: ['what is the weather today?', 'tell me a joke'], check: refuses(/cannot/u) },
  {
    wordings: ['which traces were slow yesterday?', 'show me the champion model', 'feature importance of run-042'],
    check: refuses(/cannot/u),
  },
  { wordings: ['how do I log a metric?', 'which learning rate should I try next?'], check: refuses(/cannot/u) },
  { wordings: ['which run is the frobnicated one?', 'quux of run-017'], check: refuses(/Not understood/u) },
  { wordings: ['best run'], check: (answer) => asks()(answer) },
  { wordings: ['compare wide and strict on recall'], check: (answer) => asks()(answer) },
];

/** By what they ask for. */
export const demoCategories: Readonly<Record<string, readonly DemoCase[]>> = {
  'main job': mainJob,
  rankings: [...rankings, ...places],
  'look-ups': lookUps,
  'filters and counts': filters,
  summaries,
  'easily misread': easilyMisread,
  widened,
  'to be refused': refused,
  'out of reach': outOfReach,
};
export const demoCases: readonly DemoCase[] = Object.values(demoCategories).flat();
export const refusedCases: readonly DemoCase[] = [...refused, ...outOfReach];
