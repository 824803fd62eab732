/** Of which measure and which statistic a value is said to be. */
import type { SaidStatistic } from '../terms/statistics.ts';
import { clauseOf, shapesBetween } from './clauses.ts';
import { statisticsIn } from './mentions.ts';
import type { MeasureMention, Sentence } from './sentence.ts';
import { hasValueBetween, isListGap, valuesBeside } from './value-lists.ts';

export function measuresFor(sentence: Sentence, at: number): { readings: ReadonlySet<string>[]; isLoose: boolean } {
  const { context } = sentence;
  // Labels are whom the values are of, unless runs are named.
  const labels = sentence.things.every(({ owners }) => [...owners].every((owner) => owner.startsWith('group:')))
    ? new Set(sentence.things.map((thing) => thing.at))
    : new Set<number>();
  const measures = sentence.measures.filter((one) => !labels.has(one.at) && !isKeyOfGroup(sentence, one.at));
  const fromContext = { readings: context.measures.size > 0 ? [context.measures] : [], isLoose: !context.isCell };
  if (measures.length === 0) return fromContext;
  const paired = pairedMeasure(sentence, at);
  if (paired !== undefined) return { readings: [paired.keys], isLoose: false };
  const [from, to] = clauseOf(sentence, at);
  const before = measures.filter((one) => one.at < at);
  const adjacent = measures.find((one) => one.at > at && isAdjacent(sentence, at, one.at));
  const previous = before.at(-1);
  const touches = previous !== undefined && isAdjacent(sentence, previous.at, at);
  if (touches) return { readings: [previous.keys], isLoose: false };
  if (adjacent !== undefined) return { readings: [adjacent.keys], isLoose: false };
  const isListed = valuesBeside(sentence, at).indexOf(at) > 0;
  const nearest = before.filter((one) => one.at >= from).at(-1);
  if (nearest !== undefined) return { readings: [nearest.keys], isLoose: isListed };
  const after = measures.find((one) => one.at > at && one.at < to);
  const other = before.at(-1) ?? after;
  const link = after === undefined ? '' : shapesBetween(sentence, at + 1, after.at);
  if (
    after !== undefined &&
    /(?:^| )(?:is|was|as|under|for|being) (?:its |the )?$|(?:^| )(?:is its|is the|was its|as its|as the|under|observed for|recorded for)$/.test(
      `${link}`,
    )
  )
    return { readings: [after.keys], isLoose: false };
  return other === undefined ? fromContext : { readings: [other.keys], isLoose: true };
}

/** `a batch size of 64`: it tells which group is meant, not what is measured. */
function isKeyOfGroup(sentence: Sentence, at: number): boolean {
  const next = sentence.things.find((thing) => thing.at > at);
  return (
    next !== undefined &&
    [...next.owners].every((owner) => owner.startsWith('group:')) &&
    /^(?:|of|=|is|was|size|size of|value|at)$/.test(shapesBetween(sentence, at + 1, next.at))
  );
}

/** `0.73 f1`, `f1 of 0.73`, `f1: 0.73`. */
function isAdjacent(sentence: Sentence, from: number, to: number): boolean {
  const between = shapesBetween(sentence, from + 1, to);
  return /^(?:|of|=|:|\(|at|is|was|for|in|the|for the|a|mean|on|→|≈|~|of about|of roughly)$/.test(between);
}

/** `f1 and accuracy of 0.73 and 0.80`. */
function pairedMeasure(sentence: Sentence, at: number): MeasureMention | undefined {
  const values = valuesBeside(sentence, at);
  if (values.length < 2) return undefined;
  const before = sentence.measures.filter((one) => one.at < values[0]!);
  const list: MeasureMention[] = [];
  for (let index = before.length - 1; index >= 0; index--) {
    const next = list[0];
    if (
      next !== undefined &&
      !isListGap(sentence, before[index]!.at, next.at) &&
      !NEAR_LIST.test(shapesBetween(sentence, before[index]!.at + 1, next.at))
    )
      break;
    list.unshift(before[index]!);
  }
  return list.length === values.length ? list[values.indexOf(at)] : undefined;
}

const NEAR_LIST = /^(?:(?![ND] )\S+ ){0,3}(?:and|,)(?: (?![ND])\S+){0,2}$/;

export function statisticFor(sentence: Sentence, at: number): SaidStatistic | undefined {
  const [from, to] = clauseOf(sentence, at);
  const found = statisticsIn(sentence, from, to);
  const before = found.filter((one) => one.at < at).at(-1);
  const after = found.find((one) => one.at > at && isStatisticAfter(sentence, at, one.at));
  if (after !== undefined && (before === undefined || hasValueBetween(sentence, before.at, at))) return after.statistic;
  if (before === undefined || hasValueBetween(sentence, before.at, at)) return sentence.context.statistic;
  return before.statistic;
}

/** `0.585 on average`, `0.58 (mean)`, `0.1 min`. */
function isStatisticAfter(sentence: Sentence, at: number, statistic: number): boolean {
  const between = shapesBetween(sentence, at + 1, statistic);
  return /^(?:|\(|on|in|at the|as the|as|on the|at|(?:\S+ ){0,3}(?:is|was|represents|as|being) (?:(?:to be )?(?:understood as |taken for )?)?(?:the|its|their|a))$/.test(
    between,
  );
}
