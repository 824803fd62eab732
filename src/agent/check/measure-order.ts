/** "Its f1 is higher than its accuracy", "the mean lies above the median": two measures, or two statistics, of one thing. */
import { type ComparisonSide, SPAN_WORDS, TIME_WORDS } from '../terms/comparison.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { clauseOf, shapesBefore, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import { statisticsIn } from './mentions.ts';
import { AGAINST, SAID } from './operands.ts';
import { isNumber } from './ranks.ts';
import type { Sentence } from './sentence.ts';
import { labelOwner, type Owner } from './table-shape.ts';
import { fitsMeasure, wantedEnd } from './wanted-measure.ts';

interface Operand {
  readonly keys: ReadonlySet<string> | undefined;
  readonly statistic: SaidStatistic | undefined;
}

export function measureOrder(
  sentence: Sentence,
  at: number,
  side: ComparisonSide,
  evidence: Evidence,
): boolean | undefined {
  const word = sentence.tokens[at]!.lower;
  if (side === 'better' || side === 'worse' || TIME_WORDS.has(word) || SPAN_WORDS.has(word)) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const pair = operandPair(sentence, from, at, to);
  if (pair === undefined) return undefined;
  const owner = ownerHere(sentence, evidence);
  const some = owner === undefined ? evidence.facts.all : (evidence.facts.byOwner.get(owner) ?? []);
  const [xs, ys] = pair.map(({ keys, statistic }) =>
    some.filter(
      (fact) =>
        isNumber(fact) &&
        fitsMeasure(fact.measure, keys === undefined ? [] : [keys]) &&
        (statistic === undefined || fact.statistic === (statistic === 'best' ? bestOf(fact) : statistic)),
    ),
  );
  let seen = false;
  for (const x of xs!) {
    for (const y of ys!) {
      if (!isOfOne(x, y, pair)) continue;
      seen = true;
      if (side === 'up' ? x.value > y.value : x.value < y.value) return true;
    }
  }
  return seen ? false : undefined;
}

/** Which end of a curve is its best. */
function bestOf({ column }: CellFact): SaidStatistic {
  const end = wantedEnd('better', 'best', column);
  return end === undefined || column.facts.some(({ statistic }) => statistic === 'best')
    ? 'best'
    : end === 'high'
      ? 'max'
      : 'min';
}

/** Of the same thing, or each of the row that bears its name; and of one measure or one statistic. */
function isOfOne(x: CellFact, y: CellFact, [a, b]: readonly [Operand, Operand]): boolean {
  const isSame = x.owner === y.owner || (x.owner === labelOwner(x.measure) && y.owner === labelOwner(y.measure));
  const isOneStatistic = a.statistic === b.statistic;
  return isSame && x !== y && x.column.finding === y.column.finding
    ? isOneStatistic
      ? x.statistic === y.statistic && x.measure !== y.measure
      : x.measure === y.measure && x.column.finding === y.column.finding
    : isSame && x !== y && isOneStatistic && x.statistic === y.statistic && x.measure !== y.measure;
}

const BEYOND = /(?:^| )than(?: |$)|^(?:exceed(?:s|ed)?|surpass(?:es|ed)|above|below|under|over) /;

function operandPair(
  sentence: Sentence,
  from: number,
  at: number,
  to: number,
): readonly [Operand, Operand] | undefined {
  const path = shapesBetween(sentence, at, to);
  const own = statisticsFor(sentence, from, at);
  const all = sentence.measures.filter((one) => one.at >= from && one.at < to);
  const others = all.filter((one) => !sentence.things.some((thing) => thing.at === one.at));
  const measures = others.length > 1 ? others : all;
  const a = measures.filter((one) => one.at < at).at(-1)?.keys;
  if (!BEYOND.test(`${path} `)) return comparedBefore(sentence, at, path, own, a);
  if (
    /^(?:over|under|above|below)$/.test(sentence.tokens[at]!.lower) &&
    !/(?:^| )(?:is|was|are|were|lies|lay|stays|stayed|remains|remained|sits|M|mean|median|N|ends|ended|,)$/.test(
      shapesBefore(sentence, at, 1),
    )
  )
    return undefined;
  const next = measures.find((one) => one.at > at);
  const b = next === undefined || sentence.shapes.slice(at, next.at).includes(',') ? undefined : next.keys;
  const other = statisticsFor(sentence, at + 1, to);
  if (a !== undefined && b !== undefined && !sameKeys(a, b)) {
    const shared = other[0] ?? own.at(-1);
    const isShared = own.length === 0 || other.length === 0 || own.at(-1) === other[0];
    return isShared
      ? [
          { keys: a, statistic: shared },
          { keys: b, statistic: shared },
        ]
      : undefined;
  }
  const [first, second] = [
    own.at(-1) ?? (own.length === 0 ? other[1] : undefined),
    other[0] ?? (/(?:above|below|over|under|than) it /.test(`${path} `) ? own.at(-2) : undefined),
  ];
  if (first === undefined || second === undefined || first === second) return undefined;
  const keys = a ?? b ?? (sentence.context.measures.size > 0 ? sentence.context.measures : undefined);
  return [
    { keys, statistic: first },
    { keys, statistic: second },
  ];
}

/** "the mean, if compared with the median, is the larger"; "max val_loss 1.6 vs max train_loss 1.5: val_loss higher". */
function comparedBefore(
  sentence: Sentence,
  at: number,
  path: string,
  own: readonly SaidStatistic[],
  keys: ReadonlySet<string> | undefined,
): readonly [Operand, Operand] | undefined {
  const [first, second] = own;
  if (!AGAINST.test(sentence.shapes.slice(0, at).join(' ')) || !SAID.test(path.split(' ').slice(1, 2).join(' ')))
    return undefined;
  if (own.length === 2 && first !== second)
    return [
      { keys, statistic: first },
      { keys, statistic: second },
    ];
  const other =
    keys === undefined ? undefined : sentence.measures.find((one) => one.at < at && !sameKeys(one.keys, keys))?.keys;
  const isShared = own.every((one) => one === first);
  return other === undefined || !isShared
    ? undefined
    : [
        { keys, statistic: first },
        { keys: other, statistic: first },
      ];
}

export const sameKeys = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((key) => b.has(key));

/** Statistics in their order, `largest` and `smallest` among them. */
function statisticsFor(sentence: Sentence, from: number, to: number): SaidStatistic[] {
  const found = statisticsIn(sentence, from, to).map(({ at, statistic }) => ({ at, statistic }));
  for (let at = from; at < to; at++) {
    const { lower } = sentence.tokens[at]!;
    if (/^(?:largest|greatest|biggest)$/.test(lower)) found.push({ at, statistic: 'max' });
    else if (lower === 'smallest') found.push({ at, statistic: 'min' });
    else if (lower === 'best' && /(?:^| )at its$/.test(shapesBefore(sentence, at, 2)))
      found.push({ at, statistic: 'best' });
  }
  return found.sort((x, y) => x.at - y.at).map(({ statistic }) => statistic);
}

/** The one thing that is spoken of: by its name, as the row that a measure's coefficient is of, or since only it was asked for. */
export function ownerHere({ things, context, measures }: Sentence, evidence: Evidence): Owner | undefined {
  const named = things.filter(({ isExperiment, isLabel }) => !isExperiment && !isLabel);
  const labels = things.filter(({ isLabel }) => isLabel);
  const who = named.length > 0 ? named : labels.length === 1 && measures.length > 2 ? labels : context.topic;
  const owners = [...new Set(who.flatMap((thing) => [...thing.owners]))];
  return owners.length === 1 ? owners[0] : owners.length === 0 ? evidence.onlyOwner : undefined;
}
