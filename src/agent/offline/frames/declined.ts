/** Questions that are recognised in order to be declined, each for its own reason. */

import type { Measure, Query, Things } from '../../../query/query.ts';
import type { Mark } from '../meanings.ts';
import type { Reading } from '../slots.ts';
import type { Plan, QuestionKind } from './frame.ts';
import { attribute, measured, metricsOf, queryRuns } from './query-parts.ts';
import { rankQuery } from './rank.ts';

const SUBJECT =
  'I answer questions about MLflow experiments and runs: list, rank, filter, count, compare, plot a metric, group, and which parameters matter.';

function declined(
  mark: Mark,
  answers: string,
  examples: readonly string[],
  text: (reading: Reading, words: string) => string,
  facts: (reading: Reading) => readonly Query[] = () => [],
  lead: (reading: Reading) => string = () => 'What there is of the run:',
): QuestionKind {
  return {
    name: `decline-${mark}`,
    answers,
    examples,
    fits: (reading) => mark in reading.marks,
    plan: (reading): Plan => ({
      kind: 'refuse',
      text: text(reading, reading.marks[mark] ?? ''),
      lead: lead(reading),
      queries: facts(reading),
    }),
  };
}

/** Whether a question of this kind is recognised in order to be declined. */
export const isDeclined = (kind: QuestionKind): boolean => declinedKinds.includes(kind);

const NO_CAUSE = 'I cannot tell causes: MLflow records what happened, not why.';

/** "why is run-145 the best?" asks about a ranking or a comparison, "why did it fail?" about how a run ended. */
function isRanked({ slots }: Reading): boolean {
  return slots.superlatives.length > 0 || slots.comparative !== undefined;
}

function causeText(reading: Reading): string {
  const { slots } = reading;
  const isNamed = slots.runs.length > 1 || metricsOf(slots).length > 0;
  if (isRanked(reading))
    return isNamed
      ? NO_CAUSE
      : `${NO_CAUSE} Name a metric, and I show where a run stands and which parameters go along with it: “best run by <metric>”, “which parameters matter for <metric>?”.`;
  if (slots.runs.length > 0) return 'MLflow does not record why a run ended as it did, so I cannot tell the reason.';
  return `${NO_CAUSE} I can show what differs (“compare A and B”) or what is associated with a metric (“which parameters matter for …?”).`;
}

function causeLead(reading: Reading): string {
  if (!isRanked(reading)) return 'What it does record:';
  return reading.slots.runs.length > 1 ? 'What differs:' : 'How it stands, and what goes along with it:';
}

function causeFacts(reading: Reading): readonly Query[] {
  const { slots } = reading;
  const [metric] = metricsOf(slots);
  const [superlative = { order: 'best' } as const] = slots.superlatives;
  if (slots.runs.length > 1 && isRanked(reading))
    return [queryRuns('compare', slots, { from: runsNamed(slots.runs), where: undefined, measure: measured(metric) })];
  if (isRanked(reading) && metric)
    return [
      rankQuery(slots, superlative, metric),
      queryRuns('impact', slots, { where: undefined, measure: measured(metric) }),
    ];
  if (isRanked(reading)) return [];
  const asked = ['status', 'duration', 'start_time', 'source'].map(attribute);
  return slots.runs.slice(0, 3).map((run) => detailOf(run, asked));
}

/** Wherever they are: a run that is named needs no experiment. */
const runsNamed = (named: readonly string[]): Things => ({ kind: 'run', scope: { named } });

const detailOf = (run: string, measure: readonly Measure[] = []): Query => ({
  verb: 'detail',
  from: runsNamed([run]),
  measure,
  by: [],
});

export const declinedKinds: readonly QuestionKind[] = [
  declined(
    'howto',
    'how MLflow is used: that is not in the data',
    ['how do I log a metric?', 'what is the difference between an experiment and a run?'],
    () => `I cannot help with how to use MLflow: I only answer from what was logged. ${SUBJECT}`,
  ),
  declined(
    'action',
    'any change: it only reads',
    ['delete the failed runs', 'register the best model'],
    (_, words) =>
      `I cannot do that: I only read, and “${words}” would change something. Nothing was changed. Use MLflow's UI or client for it; a new experiment is made by runsight create-experiment.`,
  ),
  declined(
    'advice',
    'advice: what to try next is a judgement, not a fact',
    ['which learning rate should I try next?'],
    () =>
      'I cannot advise what to do: I only report what was logged. “Which parameters matter for <metric>?” shows what was associated with better values so far.',
  ),
  declined(
    'improve',
    'improving or mending anything: it only reads',
    ['improve my model'],
    () => `I cannot change or improve anything: I only read. ${SUBJECT}`,
  ),
  declined(
    'outside',
    'what is not in runs: traces, the model registry, artifacts, prompts (for now), and the future',
    ['show me the failed traces', 'list the registered models', 'feature importance of run-042', 'will run-157 fail?'],
    ({ slots }, detail) =>
      `I cannot answer questions about ${detail}: for now I read experiments, runs, metrics, params and tags.${slots.runs.length > 0 ? '' : ` ${SUBJECT}`}`,
    ({ slots }) => slots.runs.slice(0, 1).map((run) => detailOf(run)),
  ),
  declined(
    'unlogged',
    'what runs do not record: errors, issues, schemas, deployments',
    ['show me all errors from the last hour', 'any issues with my runs?'],
    (_, detail) => `I cannot answer questions about ${detail}: runs do not record them. ${SUBJECT}`,
  ),
  declined(
    'cause',
    'causes: they are not recorded; what differs and what goes along with a metric is shown',
    ['why did run-042 fail?', 'why is run-145 the best by f1?'],
    causeText,
    causeFacts,
    causeLead,
  ),
  declined(
    'vague',
    'words of degree without a number',
    ['models with high accuracy'],
    (_, words) =>
      `“${words}” is no number. Say one (“runs with accuracy > 0.9”), or ask for an order (“top 5 runs by accuracy”).`,
  ),
  declined(
    'help',
    'itself: it says what can be asked',
    ['what can you do?'],
    () => `${SUBJECT} I do not change anything.`,
  ),
  declined('greeting', 'small talk', ['hello'], () => SUBJECT),
];
