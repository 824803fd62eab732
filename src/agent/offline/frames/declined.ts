/** Questions that are recognised in order to be declined, each for its own reason. */
import type { Mark } from '../meanings.ts';
import type { Reading } from '../slots.ts';
import type { Kind, Plan, PlannedCall } from './frame.ts';

const SUBJECT =
  'I answer questions about MLflow experiments and runs: list, rank, filter, count, compare, plot a metric, group, and which parameters matter.';

function declined(
  mark: Mark,
  answers: string,
  examples: readonly string[],
  text: (reading: Reading, words: string) => string,
  facts: (reading: Reading) => readonly PlannedCall[] = () => [],
): Kind {
  return {
    name: `decline-${mark}`,
    answers,
    examples,
    fits: (reading) => reading.marks.has(mark),
    plan: (reading): Plan => ({
      kind: 'refuse',
      text: text(reading, reading.marks.get(mark) ?? ''),
      calls: facts(reading),
    }),
  };
}

export const declinedKinds: readonly Kind[] = [
  declined(
    'howto',
    'how MLflow is used is not in the data',
    ['how do I log a metric?'],
    () => `I cannot help with how to use MLflow: I only answer from what was logged. ${SUBJECT}`,
  ),
  declined(
    'action',
    'nothing is ever changed',
    ['delete the failed runs', 'register the best model'],
    (_, words) =>
      `I cannot do that: I only read, and “${words}” would change something. Nothing was changed. Use MLflow's UI or client for it.`,
  ),
  declined(
    'cause',
    'a cause is not recorded',
    ['why did run-042 fail?'],
    ({ slots }) =>
      slots.runs.length > 0
        ? 'MLflow does not record why a run ended as it did, so I cannot tell the reason. What it does record:'
        : 'I cannot tell causes: MLflow records what happened, not why. I can show what differs (“compare A and B”) or what is associated with a metric (“which parameters matter for …?”).',
    ({ slots }) =>
      slots.runs
        .slice(0, 3)
        .map((run) => ({ tool: 'get_run', input: { run, keys: ['status', 'duration', 'start_time', 'source'] } })),
  ),
  declined(
    'advice',
    'what to try next is a judgement, not a fact',
    ['which learning rate should I try next?'],
    () =>
      'I cannot advise what to do: I only report what was logged. “Which parameters matter for <metric>?” shows what was associated with better values so far.',
  ),
  declined(
    'improve',
    'nothing is ever changed',
    ['improve my model'],
    () => `I cannot change or improve anything: I only read. ${SUBJECT}`,
  ),
  declined(
    'outside',
    'what the runs do not hold',
    ['show me the failed traces', 'feature importance of run-042'],
    (_, detail) =>
      `I cannot answer questions about ${detail}: I read experiments, runs, metrics, params and tags. ${SUBJECT}`,
  ),
  declined('help', 'what can be asked', ['what can you do?'], () => `${SUBJECT} I do not change anything.`),
  declined('greeting', 'small talk', ['hello'], () => SUBJECT),
];
