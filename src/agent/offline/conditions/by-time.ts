/** Conditions on how long a run took. */
import type { Comparator } from '../../../query/filter.ts';
import { isKind, type Segment } from '../meanings.ts';
import { type ReadingDraft, spanOf } from '../slots.ts';
import { loosen } from '../tokens.ts';
import { RUN_DURATION } from './fields.ts';
import { comparing, type Match } from './match.ts';

/** A time with its unit is the run's own duration, unless a metric may be meant: nobody wrote down that one's unit. */
export function timeComparison(
  key: Segment,
  comparator: Comparator,
  operand: Segment,
  length: number,
  draft: ReadingDraft,
): Match | undefined {
  if (!isKind(key, 'key') || !isKind(operand, 'number')) return undefined;
  const { name, kinds } = key.meaning;
  const isDuration = name === 'duration' && kinds.includes('attribute');
  const metric = kinds.includes('metric') ? name : isDuration ? metricCalled(key.text.toLowerCase(), draft) : undefined;
  if (!isDuration && metric === undefined) return undefined;
  if (metric !== undefined)
    draft.obstacle ??= {
      kind: 'which-time',
      at: spanOf(key),
      metric,
      amount: spanOf(operand),
      bare: operand.meaning.text.replace(/\p{L}+$/u, ''),
    };
  return comparing(RUN_DURATION, comparator, operand.meaning.value, length);
}

/** The metric whose name holds the words of a time, or is one of them: `time`, `training_time_s` for "training time". */
function metricCalled(words: string, { names }: ReadingDraft): string | undefined {
  // Who writes the prefix means no metric.
  if (words.startsWith('attributes.')) return undefined;
  const asked = new Set(loosen(words).split(' '));
  const metrics = names.keys.filter(({ kind }) => kind === 'metric').map(({ key }) => key);
  return metrics.find((key) => {
    const own = loosen(key).split(' ');
    return own.every((word) => asked.has(word)) || [...asked].every((word) => own.includes(word));
  });
}

/** longer than 10 minutes · took under 5 s */
export function durationComparison(segments: readonly Segment[], at: number): Match | undefined {
  const [sign, number] = segments.slice(at, at + 2);
  if (!isKind(sign, 'comparator') || !isKind(number, 'number') || number.meaning.unit !== 'ms') return undefined;
  return comparing(RUN_DURATION, sign.meaning.comparator, number.meaning.value, 2);
}
