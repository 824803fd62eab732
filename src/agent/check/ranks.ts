/** Values that can be set against one another: who stands first, at some place, or ahead of whom. */
import type { ComparisonSide } from '../terms/comparison.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import type { Evidence } from './evidence.ts';
import { type CellFact, extremesOf, type FactColumn } from './facts.ts';
import type { Owner } from './table-shape.ts';
import { fitsMeasure, STEPS, type WantedMeasure, wantedEnd } from './wanted-measure.ts';

/** Which values count: of which things, of no more than two of them, of which statistics. */
export interface RankedList {
  readonly among: (fact: CellFact) => boolean;
  readonly isOfTwo?: boolean;
  /** Whether nobody else may stand there too. */
  readonly isAlone?: boolean;
  readonly statistics: ReadonlySet<SaidStatistic>;
}

/** Whether one of them stands at the end that is meant of some list; undefined where no list has it beside others. */
export function isExtreme(
  owners: ReadonlySet<Owner>,
  side: ComparisonSide,
  word: string,
  wanted: WantedMeasure,
  evidence: Evidence,
  { among, isOfTwo = false, isAlone = false, statistics }: RankedList,
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
      const first = end === 'high' ? high! : low!;
      const isShared = alike.some((fact) => fact.value === first && !owns(owners, fact));
      if (own.includes(first) && !(isAlone && isShared)) return true;
    }
  }
  return seen ? false : undefined;
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

const owns = (owners: ReadonlySet<Owner>, { owner }: CellFact): boolean => owner !== undefined && owners.has(owner);

export const isNumber = ({ value, kind }: CellFact): boolean => typeof value === 'number' && kind !== 'delta';

/** The statistics that facts have, of those that are spoken of where there are any. */
function meant(facts: readonly CellFact[], spoken: ReadonlySet<SaidStatistic>): Set<SaidStatistic | undefined> {
  const all = new Set(facts.map(({ statistic }) => statistic));
  const some = [...all].filter((one) => one !== undefined && spoken.has(one));
  return some.length > 0 ? new Set(some) : all;
}

const tellsOf = (facts: readonly CellFact[], spoken: ReadonlySet<SaidStatistic>): boolean =>
  facts.some(({ statistic }) => statistic !== undefined && spoken.has(statistic));
