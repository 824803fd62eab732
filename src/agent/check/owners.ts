/** Whose a value is said to be. */
import {
  LINKS_TO_NEXT,
  LINKS_TO_SUBJECT,
  PLACED_AFTER,
  POINTS_BACK,
  POSSESSIVE_MARK,
  SOME_COUNTED,
  STANDS_FOR_NAMED,
  TOLD_BY_PLACE,
} from '../terms/owning.ts';
import { clauseOf, shapesAfter, shapesBetween } from './clauses.ts';
import type { Sentence, Thing } from './sentence.ts';
import { hasValueBetween, isValueAt, listEndingAt, listStartingAt, valuesBeside } from './value-lists.ts';

export function ownersFor(sentence: Sentence, at: number): Thing[][] {
  const own = sentence.things.filter((thing) => !thing.isExperiment);
  const named = own.length > 0 || sentence.things.length > 0 ? own : sentence.groups;
  const pure = named.filter(({ isLabel }) => !isLabel);
  const readings = readOwners(sentence, pure, at);
  // `learning_rate` may be whom a row is about as well as what is measured.
  return pure.length === named.length ? readings : [...readings, ...readOwners(sentence, named, at)];
}

function readOwners(sentence: Sentence, things: readonly Thing[], at: number): Thing[][] {
  const { context } = sentence;
  const [from, to] = clauseOf(sentence, at);
  const byPlace = sentence.shapes.slice(from, to).some((shape) => TOLD_BY_PLACE.test(shape));
  if (sentence.things.length === 0 && byPlace && !context.isCell) return [];
  const pointedAt = pointedOwners(sentence, things, at, from);
  if (pointedAt.length > 0) return pointedAt;
  if (things.length === 0) return ownersUnnamed(sentence, at);
  const bound =
    formerOrLatter(sentence, things, at) ?? pairedOwner(sentence, things, at) ?? followingOwner(sentence, things, at);
  if (bound !== undefined) return [[bound]];
  if (isSecondOf(sentence, things, at)) return each(context.topic);
  const inClause = things.filter((thing) => thing.at >= from && thing.at < to);
  const pool = inClause.length > 0 ? inClause : things;
  const before = pool.filter((thing) => thing.at < at);
  if (before.length > 0) return ownersBefore(sentence, before, at);
  if (valuesBeside(sentence, at).length === 1) return ownersBehind(sentence, things, pool, at, from);
  const next = things.find((thing) => thing.at === at + 1);
  return sentence.shapes[at + 1] === 'T' && next !== undefined ? [[next]] : [];
}

const each = (things: readonly Thing[]): Thing[][] => things.map((thing) => [thing]);

/** `both`, `the other`, `respectively`: any of those named before. */
function pointedOwners(sentence: Sentence, things: readonly Thing[], at: number, from: number): Thing[][] {
  const isPointedAt = POINTS_BACK.test(sentence.shapes.slice(from, at).join(' '));
  if (!isPointedAt || things.some((thing) => thing.at >= from && thing.at < at)) return [];
  return each([...things.filter((thing) => thing.at < at), ...sentence.context.topic]);
}

/** No run and no row is named: an experiment's, or what the text before was about. */
function ownersUnnamed(sentence: Sentence, at: number): Thing[][] {
  const { topic, isCell } = sentence.context;
  const experiments = sentence.things.filter((thing) => thing.isExperiment);
  const pair = pairedOwner(sentence, experiments, at);
  if (pair !== undefined) return [[pair]];
  if (isCell) return topic.length > 0 ? [[...topic]] : [];
  return each(experiments.length > 0 ? experiments : topic);
}

/** `0.73 for the former`. */
function formerOrLatter(sentence: Sentence, things: readonly Thing[], at: number): Thing | undefined {
  const placed = /^(?:for|of|by|in|from|with) the (former|latter)(?: |$)/.exec(shapesAfter(sentence, at, 3))?.[1];
  const ahead = things.filter((thing) => thing.at < at);
  if (placed === undefined || ahead.length < 2) return undefined;
  return ahead.at(placed === 'former' ? -2 : -1);
}

/** Nobody is named in the clause before the value. */
function ownersBehind(
  { shapes, context }: Sentence,
  things: readonly Thing[],
  pool: readonly Thing[],
  at: number,
  from: number,
): Thing[][] {
  const pronoun = shapes.slice(from, at).some((shape) => STANDS_FOR_NAMED.test(shape));
  const behind = pool.filter((thing) => thing.at > at && !hasOtherValueBetween(shapes, at, thing.at)).slice(0, 1);
  const first = pronoun && context.topic.length === 0 ? [] : behind;
  const earlier = each(things.filter((thing) => thing.at < from).slice(-1));
  const readings = pronoun ? [...earlier, ...each(context.topic), first] : [first, ...earlier];
  return readings.filter((reading) => reading.length > 0);
}

/** `0.95, which five share, and 0.91, which belongs to A`: who comes behind another value of the kind is that one's. */
const hasOtherValueBetween = (shapes: readonly string[], from: number, to: number): boolean =>
  shapes.slice(from + 1, to).includes(shapes[from]!);

/** The nearest before the value, the list that ends there, or the subject. */
function ownersBefore(sentence: Sentence, before: readonly Thing[], at: number): Thing[][] {
  const subject = before[0]!;
  const nearest = before.at(-1)!;
  const { shapes } = sentence;
  const list = listEndingAt(sentence, before);
  if (
    list.length > 1 &&
    !shapes.slice(nearest.at + 1, at).some((_, index) => isValueAt(sentence, nearest.at + 1 + index))
  )
    return [list, [nearest], [subject]];
  if (subject === nearest || POSSESSIVE_MARK.test(sentence.tokens[nearest.at + 1]?.lower ?? '')) return [[nearest]];
  const between = shapes.slice(nearest.at + 1, at).filter((shape) => shape !== '');
  if (shapes[nearest.at + 1] === '(' || between.length <= 1) return [[nearest]];
  return LINKS_TO_SUBJECT.test(between.join(' ')) ? [[subject], [nearest]] : [[nearest]];
}

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
  if (!LINKS_TO_NEXT.test(between)) return undefined;
  const before = things.filter((thing) => thing.at < at).at(-1);
  // `run-145: 0.73 (run-009: 0.72)`: what is bracketed with a value of its own does not take the one before.
  if (between === '(' && before !== undefined && ownsValue(sentence, next)) return undefined;
  if (/^(?:in|of|from)$/.test(between) && before !== undefined && before.at > at - 4) return undefined;
  return next;
}

function ownsValue(sentence: Sentence, thing: Thing): boolean {
  for (let at = thing.at + 1; at < Math.min(sentence.shapes.length, thing.at + 6); at++) {
    if (isValueAt(sentence, at)) return true;
    if (/^[)T]$/.test(sentence.shapes[at]!)) return false;
  }
  return false;
}

/** `A and B got 0.73 and 0.72`, `0.73 and 0.72 for A and B`, `A beats B, 0.73 vs 0.72`: pairs in order. */
function pairedOwner(sentence: Sentence, things: readonly Thing[], at: number): Thing | undefined {
  const values = valuesBeside(sentence, at);
  if (values.length < 2) return undefined;
  const before = things.filter((thing) => thing.at < values[0]!);
  const after = things.filter((thing) => thing.at > values.at(-1)!);
  const inOrder =
    listBeforeValues(sentence, before, values) ??
    listBehindValues(sentence, after, values) ??
    setAgainst(sentence, before, values);
  return inOrder?.[values.indexOf(at)];
}

function listBeforeValues(
  sentence: Sentence,
  before: readonly Thing[],
  values: readonly number[],
): Thing[] | undefined {
  const list = listEndingAt(sentence, before);
  return list.length === values.length ? list : undefined;
}

function listBehindValues(sentence: Sentence, after: readonly Thing[], values: readonly number[]): Thing[] | undefined {
  const list = listStartingAt(sentence, after);
  const { shapes } = sentence;
  if (list.length !== values.length) return undefined;
  const gap = shapes.slice(values.at(-1)! + 1, after[0]?.at ?? 0).filter((shape) => shape !== '');
  const isNear = gap.length <= 3 || (gap.includes('respectively') && gap.length <= 9);
  return isNear || shapes.slice(after[0]?.at).includes('respectively') ? list : undefined;
}

/** Those before the values, where none of them has a value of its own. */
function setAgainst(sentence: Sentence, before: readonly Thing[], values: readonly number[]): Thing[] | undefined {
  const [first = 0] = values;
  const distinct = before.filter((thing, index) => index === 0 || !sameThing(thing, before[index - 1]!));
  if (distinct.length < values.length) return undefined;
  if (distinct.some((thing, index) => hasValueBetween(sentence, thing.at, distinct[index + 1]?.at ?? first)))
    return undefined;
  const link = sentence.shapes.slice((distinct.at(-1)?.at ?? 0) + 1, first).join(' ');
  const isOfOne = /(?:^| )(?:which|who|it|its|got|has|had)(?: |$)/.test(link);
  return isOfOne ? undefined : distinct.slice(-values.length);
}

const sameThing = (a: Thing, b: Thing): boolean => [...a.owners].some((owner) => b.owners.has(owner));

/** `r1 has the higher f1 (0.6 vs 0.5)`: the second value is another one's. */
function isSecondOf(sentence: Sentence, things: readonly Thing[], at: number): boolean {
  const before = shapesBetween(sentence, 0, at);
  return (
    /(?:^| )(?:N|D) (?:vs|versus|against|to|and|compared (?:with|to)|as against|rather than|over|vs \.)$/.test(
      before,
    ) &&
    things.filter((thing) => thing.at < at).length === 1 &&
    !things.some((thing) => thing.at > at && thing.at < at + 4)
  );
}

/** A place told before, and nobody named since. */
export function isToldByPlace({ shapes, things }: Sentence, at: number, from: number, to: number): boolean {
  const pure = things.filter((thing) => !thing.isExperiment);
  const named = (pure.length > 0 ? pure : things).filter((thing) => thing.at < at).at(-1)?.at ?? -1;
  const last = shapes
    .slice(0, at)
    .findLastIndex((shape, index) => index >= from && TOLD_BY_PLACE.test(shape) && !isOwnBest(shapes, index));
  if (PLACED_AFTER.test(shapes.slice(at + 1, at + 5).join(' '))) return true;
  if (SOME_COUNTED.test(shapesBetween({ shapes }, Math.max(0, at - 9), at))) return true;
  return last > named || (named < from && shapes.slice(at, to).some((shape) => TOLD_BY_PLACE.test(shape)));
}

/** `run-145 has the best f1`: the place is that of the one named. */
const isOwnBest = (shapes: readonly string[], at: number): boolean =>
  shapes[at + 1] === 'M' &&
  /(?:^| )(?:has|have|had|with|got|gets)(?: the)?$/.test(shapes.slice(Math.max(0, at - 2), at).join(' '));
