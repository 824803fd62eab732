/** Whose a value is said to be, and of which measure: read from where things, measures and values stand in a sentence. */
import type { SaidStatistic } from '../terms/statistics.ts';
import {
  clauseOf,
  type MeasureMention,
  type Sentence,
  shapesAfter,
  shapesBefore,
  statisticsIn,
  type Thing,
} from './sentence.ts';

export interface Assignment {
  /** Things that the value may be of; each set is one reading, the likeliest first. Empty: nothing is named. */
  readonly owners: readonly (readonly Thing[])[];
  /** Whether it may as well be of a thing that is told by its place only: `the runner-up`, `the week after`. */
  readonly isOpen: boolean;
  /** Whether the measure is said elsewhere, so that another one of the same thing may be meant. */
  readonly isLoose: boolean;
  /** Experiments that the sentence is about. */
  readonly experiments: readonly Thing[];
  readonly measures: readonly ReadonlySet<string>[];
  readonly statistic: SaidStatistic | undefined;
  /** All that are spoken of in the sentence and before it: the highest of the means is a mean. */
  readonly statistics: ReadonlySet<SaidStatistic>;
}

export function assign(sentence: Sentence, at: number): Assignment {
  const [from, to] = clauseOf(sentence, at);
  const owners = ownersFor(sentence, at);
  const { readings, isLoose } = measuresFor(sentence, at);
  return {
    owners,
    isOpen: !sentence.context.isCell && isOpenAt(sentence, at, from, to),
    isLoose: isLoose && owners.length > 0,
    experiments: sentence.things.filter((thing) => thing.isExperiment),
    measures: readings,
    statistic: statisticFor(sentence, at),
    statistics: new Set([
      ...(sentence.context.statistics ?? []),
      ...statisticsIn(sentence, 0, at).map((one) => one.statistic),
    ]),
  };
}

/** Values stand where these shapes do. */
const VALUE = new Set(['N', 'D', 'W', 'V']);
const isValueAt = (sentence: Sentence, at: number): boolean => VALUE.has(sentence.shapes[at] ?? '');

/** What may stand between the members of a list. */
const LIST_WORD =
  /^(?:id|runs?|as|opposed|compared|rather|than|,|and|&|or|\/|vs|versus|then|to|→|->|-|>|<|=|\(|\)|both|with|against|respectively|;|\||U|)$/;

function ownersFor(sentence: Sentence, at: number): Thing[][] {
  const own = sentence.things.filter((thing) => !thing.isExperiment);
  const named = own.length > 0 || sentence.things.length > 0 ? own : sentence.groups;
  const pure = named.filter(({ isLabel }) => !isLabel);
  const readings = readOwners(sentence, pure, at);
  // `learning_rate` may be whom a row is about as well as what is measured.
  return pure.length === named.length ? readings : [...readings, ...readOwners(sentence, named, at)];
}

/** A place told before, and nobody named since. */
function isOpenAt({ shapes, things }: Sentence, at: number, from: number, to: number): boolean {
  const pure = things.filter((thing) => !thing.isExperiment);
  const named = (pure.length > 0 ? pure : things).filter((thing) => thing.at < at).at(-1)?.at ?? -1;
  const last = shapes
    .slice(0, at)
    .findLastIndex((shape, index) => index >= from && BY_PLACE.test(shape) && !isOwnBest(shapes, index));
  if (PLACED_AFTER.test(shapes.slice(at + 1, at + 5).join(' '))) return true;
  return last > named || (named < from && shapes.slice(at, to).some((shape) => BY_PLACE.test(shape)));
}

const PLACED_AFTER = /^(?:is|was|comes|came|being|ranks?) (?:the )?(?:O|next|second|runner-up|last)/;

/** `run-145 has the best f1`: the place is that of the one named. */
const isOwnBest = (shapes: readonly string[], at: number): boolean =>
  shapes[at + 1] === 'M' &&
  /(?:^| )(?:has|have|had|with|got|gets)(?: the)?$/.test(shapes.slice(Math.max(0, at - 2), at).join(' '));

/** Words that stand for a thing by its place: which one it is, the sentence does not say. */
const BY_PLACE =
  /^(?:each|all|rest|more|O|runner-up|runner|next|former|latter|second-best|second-placed|others?|rest|winner|leader|best|worst|top|champion|lowest|highest|first|last|bottom|front-runner|baseline|following|previous|preceding|subsequent|before|after|then|again|afterwards|later|earlier|second|third|fourth|fifth|remaining|newest|oldest|latest|earliest|longest|shortest|fastest|slowest|largest|smallest)$/;

function readOwners(sentence: Sentence, things: readonly Thing[], at: number): Thing[][] {
  const { context } = sentence;
  const [clauseFrom, clauseTo] = clauseOf(sentence, at);
  const byPlace = sentence.shapes.slice(clauseFrom, clauseTo).some((shape) => BY_PLACE.test(shape));
  if (sentence.things.length === 0 && byPlace && !context.isCell) return [];
  if (
    /(?:^| )(?:former|latter|other|each|both|respectively|runner-up|runner)(?: |$)/.test(
      sentence.shapes.slice(clauseFrom, at).join(' '),
    ) &&
    !things.some((thing) => thing.at >= clauseFrom && thing.at < at)
  ) {
    const all = [...things.filter((thing) => thing.at < at), ...context.topic];
    if (all.length > 0) return all.map((one) => [one]);
  }
  if (things.length === 0) {
    const experiments = sentence.things.filter((thing) => thing.isExperiment);
    const pair = pairedOwner(sentence, experiments, at);
    if (pair !== undefined) return [[pair]];
    if (context.isCell) return context.topic.length > 0 ? [[...context.topic]] : [];
    const topics = context.topic.length > 0 ? context.topic.map((thing) => [thing]) : [];
    return experiments.length > 0 ? [...experiments.map((one) => [one])] : topics;
  }
  const placed = /^(?:for|of|by|in|from|with) the (former|latter)(?: |$)/.exec(shapesAfter(sentence, at, 3))?.[1];
  const ahead = things.filter((thing) => thing.at < at);
  if (placed !== undefined && ahead.length >= 2) return [[placed === 'former' ? ahead.at(-2)! : ahead.at(-1)!]];
  const paired = pairedOwner(sentence, things, at);
  if (paired !== undefined) return [[paired]];
  const following = followingOwner(sentence, things, at);
  if (following !== undefined) return [[following]];
  if (isSecondOf(sentence, things, at)) return context.topic.map((one) => [one]);
  const [from, to] = clauseOf(sentence, at);
  const inClause = things.filter((thing) => thing.at >= from && thing.at < to);
  const pool = inClause.length > 0 ? inClause : things;
  const before = pool.filter((thing) => thing.at < at);
  if (before.length === 0 && valueList(sentence, at).length > 1)
    return sentence.shapes[at + 1] === 'T'
      ? [[things.find((thing) => thing.at === at + 1)!]].filter(([thing]) => thing !== undefined)
      : [];
  if (before.length === 0) {
    const pronoun = sentence.shapes.slice(from, at).some((shape) => PRONOUN.test(shape));
    const first = pronoun && context.topic.length === 0 ? [] : pool.filter((thing) => thing.at > at).slice(0, 1);
    const earlier = things.filter((thing) => thing.at < from).slice(-1);
    const readings = pronoun
      ? [...earlier.map((one) => [one]), ...context.topic.map((one) => [one]), first]
      : [first, ...earlier.map((one) => [one])];
    return readings.filter((reading) => reading.length > 0);
  }
  const nearest = before.at(-1)!;
  const list = listEndingAt(sentence, before);
  if (
    list.length > 1 &&
    !sentence.shapes.slice(nearest.at + 1, at).some((_, index) => isValueAt(sentence, nearest.at + 1 + index))
  )
    return [list, [nearest], [before[0]!]];
  const subject = before[0]!;
  if (subject === nearest || POSSESSIVE.test(sentence.tokens[nearest.at + 1]?.lower ?? '')) return [[nearest]];
  const between = sentence.shapes.slice(nearest.at + 1, at).filter((shape) => shape !== '');
  const bracket = sentence.shapes[nearest.at + 1] === '(' || between.length <= 1;
  if (bracket) return [[nearest]];
  return SUBJECT_LINK.test(between.join(' ')) ? [[subject], [nearest]] : [[nearest]];
}

const PRONOUN = /^(?:it|its|it's|they|their|this|that|which|both|he|the)$/;
const POSSESSIVE = /^(?:'s|’s)$/;
/** After "X beats Y": what follows speaks of X. */
const SUBJECT_LINK =
  /^(?:,? ?)(?:with|at|by|scoring|reaching|posting|having|on|and|getting|in|for|as|,|its|—|–|-)(?: |$)/;

/** `0.73 for run-145`, `0.73 (run-145)`, `0.73 is what run-145 got`, `0.73 by run-145`. */
function followingOwner(sentence: Sentence, things: readonly Thing[], at: number): Thing | undefined {
  const next = things.find((thing) => thing.at > at);
  if (next === undefined) return undefined;
  const firstValue = sentence.shapes.findIndex((_, index) => isValueAt(sentence, index));
  const isFirst = firstValue >= 0 && firstValue < (things[0]?.at ?? 0);
  const close = sentence.shapes[at + 1] === '(' ? sentence.shapes.indexOf(')', at) : -1;
  if (close > 0 && close - at <= 5 && next.at === close + 1) return next;
  const touches = sentence.shapes.slice(at + 1, next.at).every((shape) => shape === '');
  const after = sentence.shapes[next.at + 1] ?? '';
  // `95 gradient_boosting runs`, `7 m 29 s FAILED, …`.
  if (touches && (/^(?:runs?|ones)$/.test(after) || (isFirst && !isValueAt(sentence, next.at + 1)))) return next;
  if (sentence.shapes[at - 1] === '(' && sentence.shapes[at + 1] === ',' && next.at === at + 2) return next;
  if (
    /^(?:and|,)$/.test(after) &&
    touches &&
    sentence.shapes.slice(next.at + 1).some((shape) => /^runs?$/.test(shape)) &&
    Number.isInteger(sentence.tokens[at]!.numeral?.value ?? 0.5)
  )
    return next;
  const between = sentence.shapes
    .slice(at + 1, next.at)
    .filter((shape) => shape !== '' && shape !== 'M')
    .join(' ');
  if (!FOLLOWING.test(between)) return undefined;
  const before = things.filter((thing) => thing.at < at).at(-1);
  // `run-145: 0.73 (run-009: 0.72)`: what is bracketed with a value of its own does not take the one before.
  if (between === '(' && before !== undefined && ownsValue(sentence, next)) return undefined;
  if (/^(?:in|of|from)$/.test(between) && before !== undefined && before.at > at - 4) return undefined;
  return next;
}

const FOLLOWING =
  /^(?:,? ?)(?:\(? ?(?:in the |of the )?week of(?: the)?|(?:for|by|of|in|from) (?:the )?(?:N|single|only|one)|for|by|from|of|in|on|with|at|is the of|was the of|that of|is that of|was that of|the of|\(|=|←|goes to|belongs to|(?:was|is|were|are) (?:for|by|from|of|reached by|what|that of|recorded for|obtained by|held by|the value of|achieved by)|(?:was )?(?:recorded|obtained|achieved|reached|held|logged|set|got|scored|reported) (?:for|by|in)|(?:f1 )?(?:runs? )?(?:for|of|in) (?:the )?(?:run|group|runs?|algorithm|week|status)?|in the case of|on the part of)$/;

function ownsValue(sentence: Sentence, thing: Thing): boolean {
  for (let at = thing.at + 1; at < Math.min(sentence.shapes.length, thing.at + 6); at++) {
    if (isValueAt(sentence, at)) return true;
    if (/^[)T]$/.test(sentence.shapes[at]!)) return false;
  }
  return false;
}

/** `A and B got 0.73 and 0.72`, `0.73 and 0.72 for A and B`, `A beats B, 0.73 vs 0.72`: pairs in order. */
function pairedOwner(sentence: Sentence, things: readonly Thing[], at: number): Thing | undefined {
  const values = valueList(sentence, at);
  if (values.length < 2) return undefined;
  const place = values.indexOf(at);
  const before = things.filter((thing) => thing.at < values[0]!);
  const after = things.filter((thing) => thing.at > values.at(-1)!);
  const behind = listEndingAt(sentence, before);
  if (behind.length === values.length) return behind[place];
  const ahead = listStartingAt(sentence, after);
  const gap = sentence.shapes.slice(values.at(-1)! + 1, after[0]?.at ?? 0).filter((shape) => shape !== '');
  if (
    ahead.length === values.length &&
    (gap.length <= 3 ||
      (gap.includes('respectively') && gap.length <= 9) ||
      sentence.shapes.slice(after[0]?.at).includes('respectively'))
  )
    return ahead[place];
  const distinct = before.filter((thing, index) => index === 0 || !sameThing(thing, before[index - 1]!));
  const unowned = distinct.filter(
    (thing, index) => !hasValueBetween(sentence, thing.at, distinct[index + 1]?.at ?? values[0]!),
  );
  const link = sentence.shapes.slice(distinct.at(-values.length)?.at ?? 0, values[0]).join(' ');
  const isSetAgainst =
    !/(?:^| )(?:which|who|it|its|got|has|had)(?: |$)/.test(
      sentence.shapes.slice((distinct.at(-1)?.at ?? 0) + 1, values[0]).join(' '),
    ) && link.length > 0;
  return distinct.length >= values.length && unowned.length === distinct.length && isSetAgainst
    ? distinct.slice(-values.length)[place]
    : undefined;
}

/** `r1 has the higher f1 (0.6 vs 0.5)`: the second value is another one's. */
function isSecondOf(sentence: Sentence, things: readonly Thing[], at: number): boolean {
  const before = sentence.shapes
    .slice(0, at)
    .filter((shape) => shape !== '')
    .join(' ');
  return (
    /(?:^| )(?:N|D) (?:vs|versus|against|to|and|compared (?:with|to)|as against|rather than|over|vs \.)$/.test(
      before,
    ) &&
    things.filter((thing) => thing.at < at).length === 1 &&
    !things.some((thing) => thing.at > at && thing.at < at + 4)
  );
}

const sameThing = (a: Thing, b: Thing): boolean => [...a.owners].some((owner) => b.owners.has(owner));

function hasValueBetween(sentence: Sentence, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (isValueAt(sentence, at) && sentence.shapes[at] !== 'D') return true;
  return false;
}

const MOST_LISTED = 12;

/** The values that stand beside this one in one list. */
function valueList(sentence: Sentence, at: number): number[] {
  const isListed = (index: number) => sentence.shapes[index] === sentence.shapes[at];
  const values = [at];
  for (let index = at - 1, gap = 0; index >= 0 && gap < 4 && values.length < MOST_LISTED; index--) {
    if (isListed(index)) {
      values.unshift(index);
      gap = 0;
    } else if (LIST_WORD.test(sentence.shapes[index]!) && !/^[;()|]$/.test(sentence.shapes[index]!))
      gap += sentence.shapes[index] === '' ? 0 : 1;
    else break;
  }
  for (
    let index = at + 1, gap = 0;
    index < sentence.shapes.length && gap < 4 && values.length < 2 * MOST_LISTED;
    index++
  ) {
    if (isListed(index)) {
      values.push(index);
      gap = 0;
    } else if (LIST_WORD.test(sentence.shapes[index]!) && !/^[;()|]$/.test(sentence.shapes[index]!))
      gap += sentence.shapes[index] === '' ? 0 : 1;
    else break;
  }
  return values;
}

function listEndingAt(sentence: Sentence, things: readonly Thing[]): Thing[] {
  const list: Thing[] = [];
  for (let index = things.length - 1; index >= 0; index--) {
    const thing = things[index]!;
    const next = list[0];
    if (next !== undefined && !isListGap(sentence, thing.at, next.at)) break;
    list.unshift(thing);
  }
  return list;
}

function listStartingAt(sentence: Sentence, things: readonly Thing[]): Thing[] {
  const list: Thing[] = [];
  for (const thing of things) {
    const last = list.at(-1);
    if (last !== undefined && !isListGap(sentence, last.at, thing.at)) break;
    list.push(thing);
  }
  return list;
}

function isListGap(sentence: Sentence, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++)
    if (!LIST_WORD.test(sentence.shapes[at]!) && sentence.shapes[at] !== 'T') return false;
  return true;
}

// ---- measures

function measuresFor(sentence: Sentence, at: number): { readings: ReadonlySet<string>[]; isLoose: boolean } {
  const { context } = sentence;
  // Labels are whom the values are of, unless runs are named.
  const labels = sentence.things.every(({ owners }) => [...owners].every((owner) => owner.startsWith('group:')))
    ? new Set(sentence.things.map((thing) => thing.at))
    : new Set<number>();
  const measures = sentence.measures.filter((one) => !labels.has(one.at));
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
  const isListed = valueList(sentence, at).indexOf(at) > 0;
  const nearest = before.filter((one) => one.at >= from).at(-1);
  if (nearest !== undefined) return { readings: [nearest.keys], isLoose: isListed };
  const after = measures.find((one) => one.at > at && one.at < to);
  const other = before.at(-1) ?? after;
  const link =
    after === undefined
      ? ''
      : sentence.shapes
          .slice(at + 1, after.at)
          .filter((shape) => shape !== '')
          .join(' ');
  if (
    after !== undefined &&
    /(?:^| )(?:is|was|as|under|for|being) (?:its |the )?$|(?:^| )(?:is its|is the|was its|as its|as the|under|observed for|recorded for)$/.test(
      `${link}`,
    )
  )
    return { readings: [after.keys], isLoose: false };
  return other === undefined ? fromContext : { readings: [other.keys], isLoose: true };
}

/** `0.73 f1`, `f1 of 0.73`, `f1: 0.73`. */
function isAdjacent(sentence: Sentence, from: number, to: number): boolean {
  const between = sentence.shapes
    .slice(from + 1, to)
    .filter((shape) => shape !== '')
    .join(' ');
  return /^(?:|of|=|:|\(|at|is|was|for|in|the|for the|a|mean|on|→|≈|~|of about|of roughly)$/.test(between);
}

/** `f1 and accuracy of 0.73 and 0.80`. */
function pairedMeasure(sentence: Sentence, at: number): MeasureMention | undefined {
  const values = valueList(sentence, at);
  if (values.length < 2) return undefined;
  const before = sentence.measures.filter((one) => one.at < values[0]!);
  const list: MeasureMention[] = [];
  for (let index = before.length - 1; index >= 0; index--) {
    const next = list[0];
    if (
      next !== undefined &&
      !isListGap(sentence, before[index]!.at, next.at) &&
      !NEAR_LIST.test(
        sentence.shapes
          .slice(before[index]!.at + 1, next.at)
          .filter((shape) => shape !== '')
          .join(' '),
      )
    )
      break;
    list.unshift(before[index]!);
  }
  return list.length === values.length ? list[values.indexOf(at)] : undefined;
}

const NEAR_LIST = /^(?:(?![ND] )\S+ ){0,3}(?:and|,)(?: (?![ND])\S+){0,2}$/;

// ---- statistics

function statisticFor(sentence: Sentence, at: number): SaidStatistic | undefined {
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
  const between = sentence.shapes
    .slice(at + 1, statistic)
    .filter((shape) => shape !== '')
    .join(' ');
  return /^(?:|\(|on|in|at the|as the|as|on the|at|(?:\S+ ){0,3}(?:is|was|represents|as|being) (?:(?:to be )?(?:understood as |taken for )?)?(?:the|its|their|a))$/.test(
    between,
  );
}

export { shapesAfter, shapesBefore };
