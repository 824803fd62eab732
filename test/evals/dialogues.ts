/** Conversations over the demo, each turn with what its answer must hold per the demo's own truth. */

import { expect } from 'vitest';
import { idsOfKind } from '../../src/finding/refs.ts';
import { all, asks, type Check, counts, leads, lists, ordered, refuses, says, shows } from './checks.ts';
import {
  chat,
  churn,
  digits,
  mean,
  median,
  newest,
  ranked,
  run,
  runs,
  seconds,
  startedIn,
  type TruthRun,
  value,
  values,
} from './truth.ts';

export type Turn = readonly [question: string, check: Check];

/** Holds for the offline reader's own words. */
function offline(check: Check): Check {
  return (answer) => {
    if (answer.usage.model === 'offline') check(answer);
  };
}

/** Offline, the note that says what a follow-up took over names all of these. */
function keeps(...words: readonly string[]): Check {
  return offline(({ text }) => {
    const note = /^From before: .*$/mu.exec(text)?.[0] ?? '';
    for (const word of words) expect(note, text).toContain(word);
  });
}

/** Nothing was taken over. */
const keepsNothing: Check = ({ text }) => expect(text).not.toContain('From before:');

/** The answer draws these curves and no others. */
function draws(metric: string, ...drawn: readonly TruthRun[]): Check {
  return ({ charts, text }) => {
    const series = charts.flatMap((chart) => ('series' in chart ? chart.series : []));
    expect(series.map((one) => `${one.metric} ${one.of.name}`).sort(), text).toEqual(
      drawn.map(({ name }) => `${metric} ${name}`).sort(),
    );
  };
}

/** Only these runs are compared. */
function compares(...compared: readonly TruthRun[]): Check {
  return ({ findings, text }) => {
    const ids = findings.flatMap(({ tool, subject }) =>
      tool === 'compare_runs' ? idsOfKind(subject.refs, 'run') : [],
    );
    expect([...ids].sort(), text).toEqual(compared.map(({ id }) => id).sort());
  };
}

const at = (population: readonly TruthRun[], place: number): TruthRun => {
  const found = population[place];
  if (found === undefined) throw new Error(`no run at ${place}`);
  return found;
};
const of = (one: TruthRun, metric: string): number => value(one, metric) ?? Number.NaN;
const using = (algorithm: string): TruthRun[] => churn.filter((one) => one.params.algorithm === algorithm);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const lastFinished = newest(runs)
  .slice(0, 10)
  .filter(({ status }) => status === 'FINISHED');
const finishedLast = newest(runs)
  .slice(0, 5)
  .filter(({ status }) => status === 'FINISHED');

/** Its points have the time at which they were logged. */
const isOverTime: Check = ({ findings, text }) => {
  const [series] = findings.flatMap(({ data }) => data.series ?? []);
  expect(series?.axis, text).toBe('time');
};

const finishedOf = (some: readonly TruthRun[]): number => some.filter(({ status }) => status === 'FINISHED').length;
const meanOfNewest = (count: number): number => {
  const picked = new Set(newest(inChurn).slice(0, count));
  return mean(
    values(
      churn.filter((one) => picked.has(one)),
      'f1_score',
    ),
  );
};

const byF1 = ranked(churn, 'f1_score', 'higher');
const byAccuracy = ranked(churn, 'accuracy', 'higher');
const byAuc = ranked(churn, 'auc_roc', 'higher');
const byValAccuracy = ranked(digits, 'val_accuracy', 'higher');
const byValLoss = ranked(digits, 'val_loss', 'lower');
const [best, second] = [at(byF1, 0), at(byF1, 1)];
const inChurn = runs.filter((one) => one.experiment === 'churn-prediction');
const inDigits = runs.filter((one) => one.experiment === 'digits-mlp');
const failed = runs.filter((one) => one.status === 'FAILED');
const forests = inChurn.filter((one) => one.params.algorithm === 'random_forest');
const accurate = inDigits.filter((one) => of(one, 'val_accuracy') > 0.95);
const [third, middle, last] = [at(newest(inChurn), 2), at(newest(inChurn), 1), at(newest(inChurn), 0)];
const sinceTenth = startedIn(churn, '2026-11-10', '2026-11-21');
const inDigitsRanked = digits.filter((one) => of(one, 'val_accuracy') > 0.95);
const slowest = [...inDigits].filter((one) => one.end !== null).sort((a, b) => seconds(b) - seconds(a));

export const dialogues: Readonly<Record<string, readonly Turn[]>> = {
  'from a best run to its curves and on': [
    ['which run had the best f1?', leads(best, of(best, 'f1_score'))],
    ['and the second?', all(leads(second, of(second, 'f1_score')), keeps('churn-prediction', 'f1_score'))],
    ['compare them', all(compares(best, second), keeps('run-145', 'run-009'))],
    ['plot training loss for both', draws('training_loss', best, second)],
    ['only the ones from this week', draws('training_loss', best)],
    ['same for accuracy', says(/accuracy.*run-145.*only one point/u)],
    [
      'why that one?',
      all(leads(best, of(best, 'f1_score'), of(second, 'f1_score')), offline(says(/no proof of a cause/u))),
    ],
    ['no, I meant digits', all(says(/digits-mlp/u), keeps('accuracy'))],
  ],
  'a topic change inherits nothing': [
    ['best run by val_loss in digits-mlp', leads(at(byValLoss, 0))],
    ['how many runs are there?', all(counts(runs.length), keepsNothing)],
    ['and in churn-prediction?', counts(inChurn.length)],
    ['which run had the highest auc_roc?', all(leads(at(byAuc, 0)), keepsNothing)],
  ],
  'the better one and the other': [
    ['compare run-015 and run-016 on accuracy', says(/is better/u)],
    ['how long did the better one take?', says(/duration/u, new RegExp(betterOf('run-015', 'run-016').name, 'u'))],
    ['and the other?', says(/duration/u, new RegExp(worseOf('run-015', 'run-016').name, 'u'))],
    ['what learning rate did it use?', says(new RegExp(worseOf('run-015', 'run-016').name, 'u'))],
  ],
  'another experiment, then an average, then groups': [
    ['best run by accuracy in churn-prediction', leads(at(byAccuracy, 0))],
    ['the mean there?', all(shows(mean(values(churn, 'accuracy'))), keeps('churn-prediction', 'accuracy'))],
    ['by algorithm?', shows(mean(values(using('random_forest'), 'accuracy')))],
    ['median instead', all(shows(median(values(using('random_forest'), 'accuracy'))), keeps('algorithm'))],
    [
      'only since November 10',
      shows(
        median(
          values(
            sinceTenth.filter((one) => one.params.algorithm === 'random_forest'),
            'accuracy',
          ),
        ),
      ),
    ],
    [
      'and f1?',
      shows(
        median(
          values(
            sinceTenth.filter((one) => one.params.algorithm === 'random_forest'),
            'f1_score',
          ),
        ),
      ),
    ],
  ],
  'a set, its size, its best and its mean': [
    ['which runs in digits-mlp have val_accuracy above 0.95?', counts(accurate.length)],
    ['how many of them finished?', counts(accurate.filter((one) => one.status === 'FINISHED').length)],
    ['which of them has the lowest val_loss?', leads(at(ranked(inDigitsRanked, 'val_loss', 'lower'), 0))],
    ['their mean val_loss?', shows(mean(values(inDigitsRanked, 'val_loss')))],
  ],
  'one of a set, and its params': [
    ['runs in digits-mlp with val_accuracy above 0.95', counts(accurate.length)],
    ['which one is the best?', leads(at(ranked(inDigitsRanked, 'val_accuracy', 'higher'), 0))],
    ['show its parameters', says(/`hidden` 16/u, /`weight_decay` 0.001/u)],
    ['who ran it?', says(new RegExp(`user ${at(byValAccuracy, 0).user}`, 'u'))],
  ],
  'places in a list': [
    ['top 3 runs by auc_roc', ordered(byAuc.slice(0, 3))],
    ['what about accuracy?', all(ordered(byAccuracy.slice(0, 3)), keeps('churn-prediction'))],
    ['compare the first and the third', compares(at(byAccuracy, 0), at(byAccuracy, 2))],
    ['what learning rate did they use?', says(new RegExp(`${at(byAccuracy, 0).params.learning_rate}`, 'u'))],
    ['plot their training loss', draws('training_loss', at(byAccuracy, 0), at(byAccuracy, 2))],
  ],
  'the first of a list together': [
    ['top 5 runs by accuracy', ordered(byAccuracy.slice(0, 5))],
    ['compare the first two', compares(at(byAccuracy, 0), at(byAccuracy, 1))],
  ],
  'the top of a list together': [
    ['top 5 runs by accuracy', ordered(byAccuracy.slice(0, 5))],
    ['compare the top 3', compares(at(byAccuracy, 0), at(byAccuracy, 1), at(byAccuracy, 2))],
  ],
  'counted, then listed, then one of them': [
    ['how many runs failed?', counts(failed.length)],
    ['which ones?', lists(failed)],
    ['when did the first one start?', says(new RegExp(at(newest(failed), 0).name, 'u'), /2026-11-20 10:42/u)],
    ['why did it fail?', refuses(/does not record why/u, /FAILED/u)],
  ],
  'the last three and what is left of them': [
    ['compare the last 3 runs', compares(last, middle, third)],
    [
      'which one is better on f1?',
      says(new RegExp(`${at(ranked([last, middle, third], 'f1_score', 'higher'), 0).name}.*is the best`, 'u')),
    ],
    ['how long did it take?', says(/8 m 6 s/u)],
    ['and the others?', says(new RegExp(middle.name, 'u'), new RegExp(third.name, 'u'))],
  ],
  'a run, described and held against others': [
    ['which run had the best f1?', leads(best)],
    ['describe it', says(/run-145/u, /11 m 42 s/u)],
    ['what is its accuracy?', shows(of(best, 'accuracy'))],
    ['how does it compare to run-009?', compares(best, second)],
    ['and to run-123?', compares(best, run('run-123'))],
  ],
  'corrections of what was asked': [
    ['best run by val_accuracy in digits-mlp', leads(at(byValAccuracy, 0))],
    ['no, the worst', leads(at(ranked(digits, 'val_accuracy', 'lower'), 0))],
    ['by val_loss instead', leads(at(ranked(digits, 'val_loss', 'higher'), 0))],
    ['top 5', ordered(byValLoss.slice(0, 5))],
    ['no, i meant churn-prediction', refuses(/val_loss/u)],
  ],
  'the same question of another metric and experiment': [
    ['which parameters matter most for f1?', says(/learning_rate/u)],
    ['and for accuracy?', all(says(/`learning_rate`.*`accuracy`/u), keeps('churn-prediction'))],
    ['in digits-mlp', all(says(/weight_decay/u, /val_accuracy/u), keeps('accuracy'))],
  ],
  'curves of one run, another and both': [
    ['plot the training loss of run 17', draws('training_loss', run('run-017'))],
    ['and run 18?', all(draws('training_loss', run('run-018')), keeps('training_loss'))],
    ['both together', draws('training_loss', run('run-017'), run('run-018'))],
  ],
  'another run in its place': [
    ['plot val_loss of calm-heron', draws('val_loss', run('calm-heron'))],
    ['and train_loss', draws('train_loss', run('calm-heron'))],
    ['for the best run instead', draws('train_loss', at(ranked(digits, 'train_loss', 'lower'), 0))],
    ['and for the worst run', draws('train_loss', at(ranked(digits, 'train_loss', 'higher'), 0))],
  ],
  'experiments by their place and as "it"': [
    ['list the experiments', says(/churn-prediction/u)],
    ['describe the second one', says(/`digits-mlp`.*29 runs/u)],
    ['how many runs does it have?', counts(inDigits.length)],
    ['which run is the slowest there?', leads(at(slowest, 0))],
  ],
  'an edit that finds nothing says so': [
    ['average accuracy by algorithm in churn-prediction', shows(mean(values(using('random_forest'), 'accuracy')))],
    ['in digits-mlp?', refuses(/algorithm/u, /digits-mlp/u)],
    [
      'by learning_rate then',
      shows(
        mean(
          values(
            digits.filter((one) => one.params.learning_rate === '0.003'),
            'val_accuracy',
          ),
        ),
      ),
    ],
  ],
  'a metric that is not there, and one that is': [
    ['best f1 in churn-prediction', leads(best)],
    ['what about digits?', refuses(/f1_score/u, /val_accuracy/u)],
    ['how about val_loss?', leads(at(byValLoss, 0))],
    ['and its hidden size?', says(/`hidden`/u)],
  ],
  'filters replaced and narrowed': [
    ['runs with algorithm random_forest', counts(forests.length)],
    [
      'same for gradient_boosting',
      counts(inChurn.filter((one) => one.params.algorithm === 'gradient_boosting').length),
    ],
    [
      'just the failed ones',
      lists(inChurn.filter((one) => one.params.algorithm === 'gradient_boosting' && one.status === 'FAILED')),
    ],
  ],
  'asked back, and answered with a name': [
    ['which run is best in digits-mlp?', asks('val_accuracy', 'val_loss')],
    ['val_loss', leads(at(byValLoss, 0))],
    ['and the runner-up?', leads(at(byValLoss, 1))],
  ],
  'the run that is meant is asked for': [
    ['compare run-015 and run-016', compares(run('run-015'), run('run-016'))],
    ['how long did it take?', asks('run-015', 'run-016')],
  ],
  'handles of earlier answers': [
    ['top 3 runs by auc_roc', ordered(byAuc.slice(0, 3))],
    ['how many runs failed?', counts(failed.length)],
    ['compare #1', compares(at(byAuc, 0), at(byAuc, 1), at(byAuc, 2))],
  ],
  'nothing to point back to': [
    ['compare them', refuses(/them/u)],
    ['and the second?', refuses(/second/u)],
    ['best run by val_loss in digits-mlp', leads(at(byValLoss, 0))],
    ['and the second?', leads(at(byValLoss, 1))],
  ],
  'a fragment takes the scope and no more': [
    ['runs in digits-mlp with hidden 16', says(/digits-mlp/u)],
    ['how many failed?', all(counts(inDigits.filter((one) => one.status === 'FAILED').length), keeps('digits-mlp'))],
    ['average accuracy by algorithm', all(shows(mean(values(using('random_forest'), 'accuracy'))), keepsNothing)],
  ],
  'the same of more runs than were picked first': [
    ['how many of the last 10 runs finished?', counts(finishedOf(newest(runs).slice(0, 10)))],
    ['and of the last 20?', counts(finishedOf(newest(runs).slice(0, 20)))],
    ['average f1 of the last 5 runs in churn-prediction', shows(meanOfNewest(5))],
    ['and of the last 10?', shows(meanOfNewest(10))],
  ],
  'of runs that were picked first': [
    [
      'how many of the last 10 runs failed?',
      counts(
        newest(runs)
          .slice(0, 10)
          .filter(({ status }) => status === 'FAILED').length,
      ),
    ],
    [
      'and how many finished?',
      counts(
        newest(runs)
          .slice(0, 10)
          .filter(({ status }) => status === 'FINISHED').length,
      ),
    ],
    [
      'which of them used random_forest?',
      lists(lastFinished.filter(({ params }) => params.algorithm === 'random_forest')),
    ],
  ],
  'the best of the last few, the next, and its settings': [
    ['which of the last 5 runs had the best f1?', leads(at(ranked(finishedLast, 'f1_score', 'higher'), 0))],
    ['and the second?', leads(at(ranked(finishedLast, 'f1_score', 'higher'), 1))],
    [
      'what learning rate did it use?',
      says(new RegExp(`${at(ranked(finishedLast, 'f1_score', 'higher'), 1).params.learning_rate}`, 'u')),
    ],
  ],
  'a share, of another experiment, and the runs themselves': [
    ['what percentage of runs failed?', shows((100 * failed.length) / runs.length)],
    ['and in digits-mlp?', says(/^2 FAILED runs in `digits-mlp`: 6\.9% of 29 runs/u)],
    ['which ones?', lists(inDigits.filter(({ status }) => status === 'FAILED'))],
  ],
  'groups, other groups, and the one that leads': [
    [
      'sum of total_requests by region in chat-inference',
      shows(
        sum(
          values(
            chat.filter(({ tags }) => tags.region === 'eu'),
            'total_requests',
          ),
        ),
      ),
    ],
    [
      'and by model?',
      shows(
        sum(
          values(
            chat.filter(({ params }) => params.model === 'aurora-large'),
            'total_requests',
          ),
        ),
      ),
    ],
    ['which one is the highest?', says(/^aurora-large has the highest sum/u)],
  ],
  'a filter kept where its runs are put in order': [
    [
      'runs tagged stage=baseline in churn-prediction',
      counts(inChurn.filter(({ tags }) => tags.stage === 'baseline').length),
    ],
    [
      'their median f1',
      shows(
        median(
          values(
            churn.filter(({ tags }) => tags.stage === 'baseline'),
            'f1_score',
          ),
        ),
      ),
    ],
    [
      'sorted by accuracy',
      all(
        leads(
          at(
            ranked(
              churn.filter(({ tags }) => tags.stage === 'baseline'),
              'accuracy',
              'higher',
            ),
            0,
          ),
        ),
        keeps('stage'),
      ),
    ],
  ],
  'the one run that a search found': [
    ['which runs diverged in digits-mlp?', says(/hushed-koi/u)],
    ['plot their train_loss', draws('train_loss', run('hushed-koi'))],
    ['details of the first one', says(/^`hushed-koi`/u)],
  ],
  'a curve over another axis': [
    ['plot val_loss of calm-heron', draws('val_loss', run('calm-heron'))],
    ['over wall time', all(draws('val_loss', run('calm-heron')), keeps('calm-heron'), isOverTime)],
  ],
  'what was talked about settles what would be asked back': [
    ['describe digits-mlp', says(/digits-mlp/u)],
    ['which run has the best learning curve?', ({ status }) => expect(['cannot', 'clarify']).toContain(status)],
    ['best run by val_accuracy', leads(at(byValAccuracy, 0))],
  ],
};

function betterOf(a: string, b: string): TruthRun {
  return at(ranked([run(a), run(b)], 'accuracy', 'higher'), 0);
}

function worseOf(a: string, b: string): TruthRun {
  return at(ranked([run(a), run(b)], 'accuracy', 'higher'), 1);
}
