/** Values that can be set against one another: which end of them is meant, and who stands there. */
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
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';
import { type CellFact, extremesOf, type FactColumn, type Facts, labelOwner, type Owner } from './facts.ts';
import {
  clauseOf,
  comparable,
  type Sentence,
  segmentOf,
  shapesAfter,
  shapesBefore,
  statisticsIn,
  type Thing,
} from './sentence.ts';

/** Measures by their keys; or whatever tells how long, or when. Empty: any. */
export type WantedMeasure = readonly ReadonlySet<string>[] | 'duration' | 'time';

const COUNT_WORDS =
  /^(?:(?:of|the|populated|common|frequent|frequently|active|used|finished|numerous|often|number) ?)*(?:runs?|entries|common|populated|frequent|frequently|used|numerous|often|number)(?: |$)/;
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

const EXPLAINS =
  /(?:^| )(?:explains?|explained|explaining|accounts? for|influential|important|impactful|decisive)(?: |$)/;
const STEPS: readonly ReadonlySet<string>[] = [new Set(['step'])];
const DISTINCT: readonly ReadonlySet<string>[] = [new Set(['distinct'])];
const POINTS: readonly ReadonlySet<string>[] = [new Set(['points'])];
const EXPLAINED: readonly ReadonlySet<string>[] = [new Set(['explained'])];
const COUNTS: readonly ReadonlySet<string>[] = [new Set(['runs', 'count', 'run', 'n'])];

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
  if (mentioned.length > 0)
    return [...mentioned]
      .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))
      .slice(0, 1)
      .map(({ keys }) => keys);
  return sentence.context.measures.size > 0 ? [sentence.context.measures] : [];
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

export const isNumber = ({ value, kind }: CellFact): boolean => typeof value === 'number' && kind !== 'delta';

const owns = (owners: ReadonlySet<Owner>, { owner }: CellFact): boolean => owner !== undefined && owners.has(owner);

/** Lists that hold a value of these: each finding's own, and one of all findings together. */
function listsWith(
  owners: ReadonlySet<Owner>,
  wanted: WantedMeasure,
  { facts }: Evidence,
  onlyMain = true,
  statistics: ReadonlySet<SaidStatistic> = new Set(),
): { column: FactColumn; facts: CellFact[] }[] {
  const lists: { column: FactColumn; facts: CellFact[] }[] = [];
  for (const column of facts.columns) {
    if (
      !fitsMeasure(column.measure, wanted) ||
      (onlyMain && wanted.length === 0 && !column.isMain && !tellsOf(column.facts, statistics))
    )
      continue;
    const numbers = column.facts.filter(isNumber);
    if (numbers.some((fact) => owns(owners, fact))) lists.push({ column, facts: numbers });
  }
  for (const [measure, all] of facts.byMeasure) {
    if (!fitsMeasure(measure, wanted)) continue;
    const numbers = all.filter((fact) => isNumber(fact) && (wanted.length > 0 || fact.column.isMain));
    if (new Set(numbers.map(({ column }) => column.finding)).size > 1 && numbers.some((fact) => owns(owners, fact)))
      lists.push({ column: numbers[0]!.column, facts: numbers });
  }
  return lists;
}

/** Which values count: of which things, of no more than two of them, of which statistics. */
export interface RankedList {
  readonly among: (fact: CellFact) => boolean;
  readonly isOfTwo?: boolean;
  readonly statistics: ReadonlySet<SaidStatistic>;
}

/** The statistics that facts have, of those that are spoken of where there are any. */
function meant(facts: readonly CellFact[], spoken: ReadonlySet<SaidStatistic>): Set<SaidStatistic | undefined> {
  const all = new Set(facts.map(({ statistic }) => statistic));
  const some = [...all].filter((one) => one !== undefined && spoken.has(one));
  return some.length > 0 ? new Set(some) : all;
}

const tellsOf = (facts: readonly CellFact[], spoken: ReadonlySet<SaidStatistic>): boolean =>
  facts.some(({ statistic }) => statistic !== undefined && spoken.has(statistic));

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

/** Everything that can be compared: also by initials, `rf` for `random_forest`, and by rows' labels that are plain words. */
export function rivalsOf(sentence: Sentence, { names, facts }: Evidence): readonly Thing[] {
  const pure = comparable(sentence);
  const things =
    pure.length > 0 && pure.every(isRow)
      ? [...new Set([...pure, ...sentence.things.filter(isRow)])].sort((a, b) => a.at - b.at)
      : pure;
  const others: Thing[] = [];
  const initials = initialsOf(facts);
  for (const [at, { type, lower }] of sentence.tokens.entries()) {
    if (type !== 'word' || things.some((thing) => thing.at === at) || STATUS_WORDS.has(lower)) continue;
    const short = initials.get(lower);
    if (short !== undefined && !ARTICLES.test(shapesBefore(sentence, at, 1)))
      others.push({ at, owners: new Set([short]), isExperiment: false });
    else if (facts.byOwner.has(labelOwner(lower)) && names.find(lower) !== undefined && isBare(sentence, at))
      others.push({ at, owners: new Set([labelOwner(lower)]), isExperiment: false });
  }
  return others.length === 0 ? things : [...things, ...others].sort((a, b) => a.at - b.at);
}

/** A labelled row, whose label may be the name of a measure as well. */
const isRow = ({ owners }: Thing): boolean => [...owners].every((owner) => owner.startsWith('group:'));

const ARTICLES = /^(?:M|and|the|a|an)$/;
const isBare = (sentence: Sentence, at: number): boolean =>
  /^(?:$|[.,;:()=→–—]|N|is|was|has|explains|comes|ranks|leads|the|than)(?: |$)/.test(shapesAfter(sentence, at, 1)) &&
  !/^(?:by|per|each|every|which|same|of|one|what|what's|an?|this|that|all|both)$/.test(shapesBefore(sentence, at, 1));

const INITIALS = new WeakMap<Facts, ReadonlyMap<string, Owner>>();

/** Initials that only one label of several words has. */
function initialsOf(facts: Facts): ReadonlyMap<string, Owner> {
  const known = INITIALS.get(facts);
  if (known !== undefined) return known;
  const found = new Map<string, Owner>();
  INITIALS.set(facts, found);
  for (const owner of facts.byOwner.keys()) {
    const words = owner.startsWith('group:') ? owner.slice(6).split('_') : [];
    if (words.length < 2 || words.some((word) => !/^[a-z]+$/.test(word))) continue;
    const short = words.map((word) => word[0]).join('');
    if (!found.has(short)) found.set(short, owner);
  }
  return found;
}

/** How many of each status there are, for each finding that tells of all: a status without a row has none. */
export function countsByStatus(evidence: Evidence): readonly ReadonlyMap<StatusName, number>[] {
  const known = STATUS_COUNTS.get(evidence) ?? readStatusCounts(evidence);
  STATUS_COUNTS.set(evidence, known);
  return known;
}

const STATUS_COUNTS = new WeakMap<Evidence, readonly ReadonlyMap<StatusName, number>[]>();

function readStatusCounts(evidence: Evidence): ReadonlyMap<StatusName, number>[] {
  const found: { readonly counts: ReadonlyMap<StatusName, number>; readonly matched: number }[] = [];
  for (const finding of evidence.findings) {
    const { matched } = finding.coverage;
    const said = evidence.texts
      .filter((text) => text.finding === finding && text.status !== undefined)
      .map(({ status, value }) => [status as StatusName, value] as const);
    const counted = evidence.facts.columns
      .filter((column) => column.finding === finding && /^(?:runs|count)$/.test(column.measure))
      .flatMap(({ facts }) => facts);
    const rows = counted.flatMap(({ owner, value }) => {
      const status = typeof value === 'number' ? STATUS_WORDS.get(owner?.slice('group:'.length) ?? '') : undefined;
      return status === undefined ? [] : [[status, value as number] as const];
    });
    for (const pairs of [said, rows]) {
      const counts = new Map(pairs);
      if (counts.size > 0 && [...counts.values()].reduce((sum, value) => sum + value, 0) === matched)
        found.push({ counts, matched });
    }
  }
  // What a narrow filter found says nothing of all runs.
  const most = Math.max(0, ...found.map(({ matched }) => matched));
  return found.filter(({ matched }) => matched * 5 >= most).map(({ counts }) => counts);
}

/** Whether one of them stands at that place of a list, from its better end, or from either where `anyEnd` or nobody knows which is better; ties share their places. */
export function isAtPlace(
  owners: ReadonlySet<Owner>,
  place: number,
  wanted: WantedMeasure,
  evidence: Evidence,
  anyEnd: boolean,
): boolean | undefined {
  let seen = false;
  const main = listsWith(owners, wanted, evidence);
  const lists =
    main.length > 0
      ? main
      : listsWith(owners, wanted, evidence, false).filter(({ column }) =>
          /^(?:distinct|runs|count)$/.test(column.measure),
        );
  for (const { column, facts } of lists) {
    const end = wantedEnd('better', 'best', column);
    for (const statistic of new Set(facts.map((fact) => fact.statistic))) {
      const alike = facts.filter((fact) => fact.statistic === statistic && Number.isFinite(fact.value as number));
      if (alike.length < Math.max(2, place)) continue;
      seen = true;
      const ends = anyEnd || end === undefined ? (['high', 'low'] as const) : [end];
      if (
        alike.some(
          (fact, index) =>
            owns(owners, fact) &&
            ((end === undefined && index + 1 === place) || ends.some((one) => isRanked(fact, alike, one, place))),
        )
      )
        return true;
    }
  }
  return seen ? false : undefined;
}

/** Those before it are counted one by one, or those alike once. */
function isRanked({ value }: CellFact, facts: readonly CellFact[], end: 'high' | 'low', place: number): boolean {
  const ahead = facts.filter((fact) => (end === 'high' ? fact.value > value : fact.value < value));
  const same = facts.filter((fact) => fact.value === value).length;
  return (
    (place > ahead.length && place <= ahead.length + same) ||
    place === new Set(ahead.map((fact) => fact.value)).size + 1
  );
}

/** Whether one of them stands at the end that is meant of some list; undefined where no list has it beside others. */
export function isExtreme(
  owners: ReadonlySet<Owner>,
  side: ComparisonSide,
  word: string,
  wanted: WantedMeasure,
  evidence: Evidence,
  { among, isOfTwo = false, statistics }: RankedList,
): boolean | undefined {
  let seen = false;
  const lists = listsWith(owners, wanted, evidence, true, statistics);
  const isSpoken = lists.some((list) => tellsOf(list.facts, statistics));
  for (const { column, facts } of lists) {
    if (isSpoken && !tellsOf(facts, statistics)) continue;
    const end = wantedEnd(side, word, column);
    if (end === undefined || (Array.isArray(wanted) && wanted.length === 0 && column.facts[0]?.kind === 'time'))
      continue;
    for (const statistic of meant(facts, statistics)) {
      const alike = facts.filter(
        (fact) => fact.statistic === statistic && among(fact) && Number.isFinite(fact.value as number),
      );
      const own = alike.filter((fact) => owns(owners, fact)).map(({ value }) => value as number);
      if (
        own.length === 0 ||
        alike.length < 2 ||
        (isOfTwo && new Set(alike.flatMap(({ owner }) => owner ?? [])).size > 2)
      )
        continue;
      const [low, high] = extremesOf(alike.map(({ value }) => value as number));
      seen = true;
      if (end === 'high' ? own.includes(high!) : own.includes(low!)) return true;
    }
  }
  return seen ? false : undefined;
}

/** Whether one of the first stands on that side of one of the second; undefined where no measure has both. */
export function isAhead(
  first: ReadonlySet<Owner>,
  second: ReadonlySet<Owner>,
  side: ComparisonSide,
  word: string,
  wanted: WantedMeasure,
  evidence: Evidence,
  statistics: ReadonlySet<SaidStatistic>,
): boolean | undefined {
  let seen = false;
  const lists = [...evidence.facts.byMeasure].flatMap(([measure, facts]) => {
    if (!fitsMeasure(measure, wanted) || (wanted.length === 0 && (facts[0]?.kind === 'time' || measure === 'step')))
      return [];
    const numbers = facts.filter(
      (fact) =>
        isNumber(fact) &&
        (wanted.length > 0 || fact.column.isMain || (fact.statistic !== undefined && statistics.has(fact.statistic))) &&
        (wanted !== STEPS || isSingle(fact)),
    );
    return [{ own: numbers.filter((fact) => owns(first, fact)), others: numbers.filter((fact) => owns(second, fact)) }];
  });
  const isSpoken = lists.some(({ own }) => tellsOf(own, statistics));
  for (const { own, others } of lists) {
    for (const a of own) {
      if (isSpoken && (a.statistic === undefined || !statistics.has(a.statistic))) continue;
      const end = wantedEnd(side, word, a.column);
      if (end === undefined) continue;
      for (const b of others) {
        if (a.statistic !== b.statistic || a === b) continue;
        seen = true;
        if (end === 'high' ? a.value > b.value : a.value < b.value) return true;
      }
    }
  }
  return seen ? false : undefined;
}

/** A curve has a step for each of its ends; a table has the one of the best value. */
const isSingle = ({ owner, column }: CellFact): boolean =>
  column.facts.filter((fact) => fact.owner === owner).length === 1;
