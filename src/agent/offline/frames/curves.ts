/** Metric histories: drawn for named runs, searched for how they went otherwise. */
import type { Measure, Query } from '../../../query/query.ts';
import type { KeyRef, Slots } from '../slots.ts';
import { asking, type Frame } from './frame.ts';
import { isMetric, isNamedTwice, measured, metricsOf, queryRuns, runsOf } from './query-parts.ts';
import { rankQuery } from './rank.ts';

/** "when did it diverge?" is answered by the diagnosis itself. */
function isCurveOrTime(key: KeyRef): boolean {
  return isMetric(key) || key.name === 'start_time';
}

function drawn(slots: Slots): Measure[] {
  const others = slots.keys.filter((key) => key.role !== 'by' && isMetric(key));
  return measured(...(others.length > 0 ? others : metricsOf(slots)));
}

export const plotHistory: Frame = {
  name: 'plot-history',
  answers: 'the curve of a metric over steps, with its diagnosis, or its value at one step',
  examples: [
    'plot the training loss curve for run 17',
    'val_loss history of the best run by val_accuracy',
    'training_loss of run 17 at step 20',
    'val_loss of calm-heron over wall time',
  ],
  marks: ['plot', 'wall-time', 'compare', 'step'],
  nouns: ['run', 'metric', 'value', 'config'],
  slots: ['step', 'runs', 'keys', 'experiments', 'superlatives', 'top', 'conditions', 'window'],
  fits: ({ marks, slots }) => {
    if (!slots.keys.every(isMetric) || isNamedTwice(slots)) return false;
    // "the lowest val_loss of run-017" is a point of its curve.
    if (slots.step !== undefined)
      return slots.runs.length > 0 && slots.keys.length > 0 && slots.superlatives.length === 0;
    const isDrawn = 'plot' in marks || 'wall-time' in marks;
    if (slots.runs.length > 0) return isDrawn || (slots.superlatives.length === 1 && slots.keys.length === 1);
    return isDrawn && (slots.superlatives.length === 1 || slots.keys.length > 0);
  },
  plan: ({ slots, marks }) => {
    const [superlative] = slots.superlatives;
    const output = 'wall-time' in marks ? { output: { axis: 'time' } as const } : {};
    const measure = drawn(slots);
    if (slots.runs.length > 0 || !superlative) {
      const points = slots.step === undefined ? measure : measure.map((one) => ({ ...one, step: slots.step }));
      return asking(queryRuns('history', slots, { from: runsOf(slots, slots.runs), measure: points, ...output }));
    }
    const by = slots.keys.find((key) => key.role === 'by') ?? metricsOf(slots)[0];
    const from = rankQuery(slots, superlative, superlative.of === 'start_time' ? undefined : by);
    const curves: Query = { verb: 'history', from, measure, by: [], ...output };
    return asking(curves);
  },
};

export const diagnoseCurves: Frame = {
  name: 'diagnose-curves',
  answers: 'which runs diverged, overfit, reached a plateau or were still improving',
  examples: ['which runs diverged?', 'is run-017 overfitting?'],
  marks: ['count', 'plot'],
  nouns: ['run', 'metric', 'value', 'config'],
  slots: ['diagnosis', 'runs', 'keys', 'experiments', 'everywhere', 'conditions', 'window'],
  fits: ({ slots }) => slots.diagnosis !== undefined && slots.keys.every(isCurveOrTime) && !isNamedTwice(slots),
  plan: ({ slots }) =>
    asking(
      queryRuns('diagnose', slots, {
        from: runsOf(slots, slots.runs),
        measure: drawn(slots),
        diagnosis: slots.diagnosis,
      }),
    ),
};
