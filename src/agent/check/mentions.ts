/** What a stretch of a sentence mentions: statistics, statuses, what is counted, what is compared. */
import { COUNTED } from '../terms/counting.ts';
import { type SaidStatistic, STATISTICS } from '../terms/statistics.ts';
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { TextToken } from './lexer.ts';
import type { Sentence, Thing } from './sentence.ts';

export function statisticsIn(sentence: Sentence, from: number, to: number): { at: number; statistic: SaidStatistic }[] {
  const found: { at: number; statistic: SaidStatistic }[] = [];
  for (let at = from; at < to; at++) {
    const token = sentence.tokens[at]!;
    const statistic = token.type === 'word' || shapeIsPlain(token) ? STATISTICS.get(token.lower) : undefined;
    const isEnd =
      token.lower === 'end' &&
      !/(?:^| )(?:at|by|until|in|toward|towards) (?:the|its)$/.test(shapesBefore(sentence, at, 2));
    const isBest =
      token.lower === 'best' &&
      !/^(?:M|value|N|was|at|of N|=|step|:)(?: |$)/.test(shapesAfter(sentence, at, 2)) &&
      !/(?:^| )(?:its|their|'s|’s|above|than)$/.test(shapesBefore(sentence, at, 1));
    if (statistic !== undefined && !isEnd && !isBest) found.push({ at, statistic });
  }
  return found;
}

const shapeIsPlain = ({ type, quoted }: TextToken): boolean => type === 'name' && quoted !== true;

export function statusesIn(
  sentence: Sentence,
  from: number,
  to: number,
): { at: number; status: StatusName; negated: boolean }[] {
  const found: { at: number; status: StatusName; negated: boolean }[] = [];
  for (let at = from; at < to; at++) {
    const token = sentence.tokens[at]!;
    if (token.type !== 'word' && token.type !== 'name') continue;
    const word = token.lower.replaceAll('`', '');
    const status = STATUS_WORDS.get(word) ?? (word === 'unfinished' ? 'FINISHED' : undefined);
    if (status === undefined) continue;
    const before = shapesBefore(sentence, at, 3);
    found.push({
      at,
      status,
      negated:
        word === 'unfinished' ||
        /(?:^| )(?:other than|beyond|except|besides)(?: \w+)?$/.test(before) ||
        /(?:^| )(?:not|never|\w*n't|without|non|un)(?: \w+)?$/.test(before),
    });
  }
  return found;
}

/** What is counted by the words behind a number, and where they end. */
export function nounAfter(sentence: Sentence, at: number): { readonly unit: string; readonly at: number } | undefined {
  let seen = 0;
  for (let index = at + 1; index < sentence.tokens.length && seen < 5; index++) {
    const { lower, type } = sentence.tokens[index]!;
    if (sentence.shapes[index] === '') continue;
    if (
      type === 'number' &&
      sentence.shapes.slice(at + 1, index).every((shape) => /^(?:of|the|out|all|its|)$/.test(shape)) &&
      index - at <= 4 &&
      sentence.shapes.slice(at + 1, index).includes('of')
    )
      continue;
    if (
      type === 'number' ||
      /^(?:[,.;:(|)=—]|and|but|is|was|are|were|has|have|had|at|in|on|by|for|from|with|without|between|over|above|below|to|than|as|that|which|when)$/.test(
        lower,
      )
    )
      return undefined;
    const unit = COUNTED.get(lower) ?? sentence.kinds.get(lower);
    if (unit !== undefined && type !== 'duration') return { unit, at: index };
    seen += 1;
  }
  return undefined;
}

/** Everything that can be compared in a sentence: things, statuses that label rows; else experiments; else rows named like measures. */
export function comparable(sentence: Sentence): readonly Thing[] {
  const things = [...sentence.things, ...sentence.groups].sort((a, b) => a.at - b.at);
  const pure = things.filter(({ isExperiment, isLabel }) => !isExperiment && isLabel !== true);
  if (pure.length > 0) return pure;
  const experiments = things.filter(({ isExperiment }) => isExperiment);
  return experiments.length > 0 ? experiments : things;
}
