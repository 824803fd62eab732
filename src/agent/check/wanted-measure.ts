/** Which measure a comparison is of, which of its statistics, and which end of it is meant. */
import {
  type ComparisonSide,
  LONGEST,
  NEWEST,
  SPAN_WORDS,
  STEP_WORDS,
  SUPERLATIVES,
  TIME_WORDS,
} from '../terms/comparison.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { clauseOf, segmentOf, shapesAfter } from './clauses.ts';
import type { FactColumn } from './facts.ts';
import { statisticsIn } from './mentions.ts';
import { isRow } from './rivals.ts';
import type { MeasureMention, Sentence } from './sentence.ts';

/** Measures by their keys; or whatever tells how long, or when. Empty: any. */
export type WantedMeasure = readonly ReadonlySet<string>[] | 'duration' | 'time';

export function wantedFor(sentence: Sentence, at: number, word: string): WantedMeasure {
  const [from, to] = clauseOf(sentence, at);
  const next = shapesAfter(sentence, at, 3);
  if (TIME_WORDS.has(word) && sentence.shapes.slice(from, to).some((shape) => STEP_WORDS.has(shape))) return STEPS;
  if (NEWEST.has(word) || TIME_WORDS.has(word) || /^recent(?:ly)?(?: |$)/.test(next)) return 'time';
  if (
    /^(?:most|more|strongest|strong|stronger)$/.test(word) &&
    EXPLAINS.test(sentence.shapes.slice(from, to).join(' '))
  )
    return EXPLAINED;
  if (LONGEST.has(word) || SPAN_WORDS.has(word)) return 'duration';
  if (/^(?:most|more|fewest|fewer)$/.test(word) && /^points(?: |$)/.test(next)) return POINTS;
  if (
    /^(?:most|more|fewest|fewer|largest|smallest)$/.test(word) &&
    /^(?:number of )?(?:(?:distinct|different) |values(?: |$))/.test(next)
  )
    return DISTINCT;
  if (
    (!/^(?:best|better|worst|worse|top|first)$/.test(word) && COUNT_WORDS.test(next)) ||
    /^(?:most|fewest|busiest|commonest|outnumber|outnumbers|outnumbered)$/.test(word)
  )
    return COUNTS;
  const labels = new Set(
    sentence.things.some((thing) => !thing.isLabel && !isRow(thing)) ? [] : sentence.things.map((thing) => thing.at),
  );
  const measures = sentence.measures.filter((one) => !labels.has(one.at));
  const near = measures.filter((one) => one.at >= from && one.at < to && !isAside(sentence, at, one.at));
  const mentioned = near.length > 0 ? near : measures.filter((one) => !isAside(sentence, at, one.at));
  if (mentioned.length > 0) return [nearest(sentence, at, mentioned).keys];
  return sentence.context.measures.size > 0 ? [sentence.context.measures] : [];
}

/** The one in the same part of the sentence, else the one before: what follows may be said of something else. */
function nearest(sentence: Sentence, at: number, mentioned: readonly MeasureMention[]): MeasureMention {
  const [from, to] = segmentOf(sentence, at);
  const here = mentioned.filter((one) => one.at >= from && one.at < to);
  const before = mentioned.filter((one) => one.at < at);
  const some = here.length > 0 ? here : before.length > 0 ? before : mentioned;
  return some.reduce((best, one) => (Math.abs(one.at - at) < Math.abs(best.at - at) ? one : best));
}

const COUNT_WORDS =
  /^(?:(?:of|the|populated|common|frequent|frequently|active|used|finished|numerous|often|number) ?)*(?:runs?|entries|common|populated|frequent|frequently|used|numerous|often|number)(?: |$)/;

const EXPLAINS =
  /(?:^| )(?:explains?|explained|explaining|accounts? for|influential|important|impactful|decisive|associated|linked|correlated|related|associates|correlates|association|link|matters?)(?: |$)/;

export const STEPS: readonly ReadonlySet<string>[] = [new Set(['step'])];

const DISTINCT: readonly ReadonlySet<string>[] = [new Set(['distinct'])];

const POINTS: readonly ReadonlySet<string>[] = [new Set(['points'])];

export const EXPLAINED: readonly ReadonlySet<string>[] = [new Set(['explained'])];

const COUNTS: readonly ReadonlySet<string>[] = [new Set(['runs', 'count', 'run', 'n'])];

/** ", which uses one loader worker": said of the thing and not of the comparison. */
function isAside(sentence: Sentence, at: number, measure: number): boolean {
  const [start] = segmentOf(sentence, measure);
  return (
    start > at &&
    /^(?:which|who|whose|it|they|its)$/.test(
      sentence.shapes[start] === ',' ? sentence.shapes[start + 1]! : sentence.shapes[start]!,
    )
  );
}

export function fitsMeasure(measure: string, wanted: WantedMeasure): boolean {
  if (wanted === 'duration') return measure !== 'start_time' && /duration|(?:^|_)time$|latency/.test(measure);
  if (wanted === 'time') return /^(?:start_time|started|last_activity|activity|week|day|month|end_time)$/.test(measure);
  return wanted.length === 0 || wanted.some((keys) => keys.has(measure));
}

export function wantedEnd(
  side: ComparisonSide,
  word: string,
  { direction, measure }: FactColumn,
): 'high' | 'low' | undefined {
  if (/^(?:fastest|quickest|shortest|faster|quicker|shorter)$/.test(word)) return 'low';
  if (side === 'up') return 'high';
  if (side === 'down') return 'low';
  const better =
    direction ?? (/^(?:runs|count|explained)$|map\d|precision|recall|accuracy/.test(measure) ? 'higher' : undefined);
  if (better === undefined) return undefined;
  return (better === 'higher') === (side === 'better') ? 'high' : 'low';
}

/** Statistics that a clause speaks of besides the word of the comparison: `the longest mean`, `started lower`. */
export function spokenOf(sentence: Sentence, at: number): ReadonlySet<SaidStatistic> {
  const [from, to] = clauseOf(sentence, at);
  const found = statisticsIn(sentence, from, to).filter(
    (one) =>
      one.at !== at &&
      !SUPERLATIVES.has(sentence.tokens[one.at]!.lower) &&
      !/^(?:best|first|last)$/.test(sentence.tokens[one.at]!.lower),
  );
  const final = sentence.shapes
    .slice(from, to)
    .some((shape, index) => shape === 'last' && /^(?:M|value)(?: |$)/.test(shapesAfter(sentence, from + index, 1)));
  return new Set([...found.map(({ statistic }) => statistic), ...(final ? (['last'] as const) : [])]);
}
