/** Which way a value is said to have gone: over time, along a curve, from one thing to another. */
import { refKey } from '../../finding/refs.ts';
import { TRENDS } from '../terms/comparison.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { clauseOf, shapesBefore, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import { ownerHere } from './measure-order.ts';
import { comparable } from './mentions.ts';
import { isNumber } from './ranks.ts';
import type { Sentence } from './sentence.ts';
import type { Owner } from './table-shape.ts';
import { fitsMeasure, spokenOf } from './wanted-measure.ts';

/** "keeps falling right up to the last step", "turns back up": the last value of a curve against its ends. */
export function ending(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  const before = shapesBefore(sentence, at, 3);
  const turned = TURNS.test(before) ? TURNED.get(lower) : undefined;
  const way = TRENDS.get(lower) ?? turned;
  if (way === undefined || isDenied(sentence, at)) return undefined;
  const path = shapesBetween(sentence, at + 1, clauseOf(sentence, at)[1]);
  const isTurn = turned !== undefined || /^(?:back|again)(?: |$)/.test(path) || /(?:^| )(?:back|again)$/.test(before);
  if (!isTurn && !TO_THE_END.test(path)) return undefined;
  const owner = ownerHere(sentence, evidence);
  const near = sentence.measures.filter((one) => one.at < at).at(-1)?.keys ?? sentence.context.measures;
  if (owner === undefined || near.size === 0) return undefined;
  const told = (statistic: SaidStatistic) =>
    (evidence.facts.byOwner.get(owner) ?? []).find((fact) => fact.statistic === statistic && near.has(fact.measure))
      ?.value as number | undefined;
  const [first, last, low, high] = (['first', 'last', 'min', 'max'] as const).map(told);
  if (first === undefined || last === undefined || low === undefined || high === undefined) return undefined;
  if (isTurn) return way === 'up' ? last > low && low < first : last < high && high > first;
  return way === 'up' ? last === high : last === low;
}

const TURNED: ReadonlyMap<string, 'up' | 'down'> = new Map([
  ['up', 'up'],
  ['down', 'down'],
]);
const TURNS =
  /(?:^| )(?:turns?|turned|turning|goes|went|ticks?|ticked|creeps?|crept|heads?|headed|bends?|bent)(?: (?:back|again))?$/;
/** What happens "at the end" may have begun there. */
const TO_THE_END =
  /^(?:\w+ ){0,3}(?:to|until|till|through) (?:the |its )?(?:very )?(?:end|last|final)(?: (?:step|epoch|point))?(?: |$)/;

/** "acc falls with each newer run", "the mean drops from week to week": first and last by time. */
export function movement(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const way = TRENDS.get(sentence.tokens[at]!.lower);
  if (way === undefined || isDenied(sentence, at)) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const said = shapesBetween(sentence, from, to);
  const since = keptSince(sentence, at, way, evidence);
  if (since !== undefined) return since;
  const isBackwards =
    /(?:newest|latest|last|newer) (?:run )?to (?:the )?(?:oldest|earliest|first|older)|(?:each|every) older/.test(said);
  if (!isBackwards && !OVER_TIME.test(said)) return undefined;
  const keys = sentence.measures.filter((one) => one.at >= from && one.at < to).map(({ keys: some }) => some);
  const wanted = keys.length > 0 ? keys : sentence.context.measures.size > 0 ? [sentence.context.measures] : [];
  const statistics = spokenOf(sentence, at);
  let seen = false;
  for (const { facts, cut, isMain } of evidence.facts.columns) {
    if (cut > 0 || facts.length < 3 || (wanted.length === 0 && !isMain) || !fitsMeasure(facts[0]!.measure, wanted))
      continue;
    const path = facts
      .filter(
        (fact) =>
          isNumber(fact) && (statistics.size === 0 || fact.statistic === undefined || statistics.has(fact.statistic)),
      )
      .flatMap((fact) => {
        const time = timeOf(fact, evidence);
        return time === undefined ? [] : [{ time, value: fact.value as number }];
      });
    if (path.length < 3) continue;
    path.sort((a, b) => (isBackwards ? b.time - a.time : a.time - b.time));
    seen = true;
    if (
      path.every(
        ({ value }, index) =>
          index === 0 || (way === 'up' ? value >= path[index - 1]!.value : value <= path[index - 1]!.value),
      )
    )
      return true;
  }
  return seen ? false : undefined;
}

const OVER_TIME =
  /(?:each|every) (?:newer|later|new|next|further|passing)|from (?:run to run|week to week|one (?:run|week|N) to the next)|(?:week|run) (?:by|after) (?:week|run)|(?:oldest|earliest) (?:run |N )?to (?:the )?(?:newest|latest)|with every (?:run|week)|each (?:run|week)|over the weeks|(?:week|run) on (?:week|run)|steadily over time/;

/** When a row's run started, or the day that labels it. */
function timeOf({ owner }: CellFact, { facts }: Evidence): number | undefined {
  if (owner === undefined) return undefined;
  const day = /^group:(\d{4})_(\d\d)_(\d\d)$/.exec(owner);
  if (day !== null) return Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  const started = facts
    .of(owner, 'start_time')
    .find(({ value }) => typeof value === 'number' || typeof value === 'string')?.value;
  const time = typeof started === 'string' ? Date.parse(started) : started;
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

/** "after step 26 it keeps falling": against the points of the curve. */
function keptSince(sentence: Sentence, at: number, way: 'up' | 'down', evidence: Evidence): boolean | undefined {
  const steps = sentence.tokens.flatMap(({ numeral }, index) =>
    numeral !== undefined &&
    /(?:^| )(?:after|from|since|past|beyond) (?:step|epoch)$/.test(shapesBefore(sentence, index, 2))
      ? [numeral.value]
      : [],
  );
  const owner = ownerHere(sentence, evidence);
  if (steps.length !== 1 || owner === undefined) return undefined;
  const path = sentence.shapes.slice(at + 1).join(' ');
  if (/(?:^| )(?:to|until|till) (?:step )?N(?: |$)/.test(path)) return undefined;
  const series = evidence.findings.flatMap(({ data }) => data.series ?? []).filter(({ of }) => refKey(of) === owner);
  const changes = series.flatMap(({ points }) => {
    const start = points.find(({ step }) => Number(step) >= steps[0]!);
    const end = points.at(-1);
    return start === undefined || end === undefined || !Number.isFinite(end.value - start.value) || start === end
      ? []
      : [end.value - start.value];
  });
  return changes.length === 0 ? undefined : changes.some((change) => (way === 'up' ? change > 0 : change < 0));
}

export const isDenied = (sentence: Sentence, at: number): boolean =>
  /(?:^| )(?:not|never|n't|no|if|nor|neither)(?: \w+)?$/.test(shapesBefore(sentence, at, 3));

/** "fell from 2.4 to 0.3" against its own numbers; "f1 dropped" against what was found. */
export function trend(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const way = TRENDS.get(sentence.tokens[at]!.lower);
  if (way === undefined || isDenied(sentence, at)) return undefined;
  const path = shapesBetween(sentence, at + 1);
  const numbers = sentence.tokens
    .slice(at + 1)
    .flatMap(({ numeral }) => (numeral === undefined ? [] : [numeral.value]));
  if (/^(?:\w+ )?from N to N/.test(path) && numbers.length >= 2)
    return way === 'up' ? numbers[1]! > numbers[0]! : numbers[1]! < numbers[0]!;
  const [from, to] = clauseOf(sentence, at);
  const keys = sentence.measures.filter((one) => one.at >= from && one.at < to).map(({ keys: some }) => some);
  const things = comparable(sentence).filter(({ isLabel }) => !isLabel);
  if (keys.length === 0 && things.length === 2 && /(?:^| )from /.test(path)) keys.push(sentence.context.measures);
  if (keys.length !== 1) return undefined;
  const isWay = (change: number) => (way === 'up' ? change > 0 : change < 0);
  if (things.length === 2) {
    const [a, b] = things.map(({ owners }) => centreOf(owners, keys, sentence, evidence));
    if (a !== undefined && b !== undefined && a !== b) return isWay(b - a);
  }
  const changes = evidence.facts.all.filter(
    ({ measure, value }) =>
      typeof value === 'number' && keys.some((some) => [...some].some((key) => measure === `${key} change`)),
  );
  if (changes.length > 0) return changes.some(({ value }) => isWay(value as number));
  const owner = ownerHere(sentence, evidence);
  if (owner === undefined) return undefined;
  const own = (evidence.facts.byOwner.get(owner) ?? []).filter(
    ({ measure, value }) => typeof value === 'number' && keys.some((some) => some.has(measure)),
  );
  const [first, last] = (['first', 'last'] as const).map(
    (statistic) => own.find((fact) => fact.statistic === statistic)?.value as number | undefined,
  );
  return first === undefined || last === undefined || !Number.isFinite(first - last) || first === last
    ? undefined
    : isWay(last - first);
}

function centreOf(
  owners: ReadonlySet<Owner>,
  keys: readonly ReadonlySet<string>[],
  sentence: Sentence,
  { facts }: Evidence,
): number | undefined {
  const isOwn = (fact: CellFact) =>
    fact.owner !== undefined &&
    owners.has(fact.owner) &&
    isNumber(fact) &&
    (keys.some((some) => some.size > 0) ? fitsMeasure(fact.measure, keys) : fact.column.isMain);
  const found = facts.all.filter(isOwn);
  const wantsMedian = sentence.shapes.includes('median');
  return (
    (found.find(({ statistic }) => statistic === (wantsMedian ? 'median' : 'mean'))?.value as number | undefined) ??
    (found.length === 1 ? (found[0]!.value as number) : undefined)
  );
}
