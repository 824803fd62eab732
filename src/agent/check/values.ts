/** Whether a number is the value that a sentence says it is: of that thing, that measure, that statistic, that unit. */
import { type SaidStatistic, STATISTICS } from '../terms/statistics.ts';
import type { Assignment } from './assignment.ts';
import type { Evidence, TextFact } from './evidence.ts';
import type { CellFact } from './facts.ts';
import type { Numeral } from './numerals.ts';
import type { Thing } from './sentence.ts';
import type { Owner } from './table-shape.ts';
import { labelOwner } from './table-shape.ts';

/** What is written, as the values that it may stand for. */
export interface Written {
  readonly value: number;
  readonly slack: number;
  readonly isPercent: boolean;
  readonly isDuration: boolean;
  readonly signed: boolean;
}

export function writtenNumber(numeral: Numeral, extra = 0): Written {
  // Who rounds what a table shows rounded is off by a little more than half a unit.
  const slack = numeral.tolerance * 1.06 + Math.abs(numeral.value) * (1e-9 + extra);
  return {
    value: numeral.value,
    slack,
    isPercent: numeral.unit === 'percent',
    isDuration: false,
    signed: numeral.signed,
  };
}

/** Values of measures that are themselves logged in percent. */
const LOGGED_PERCENT = /percent|pct|%/;

function factsWith(written: Written, evidence: Evidence): CellFact[] {
  const { value, slack, signed } = written;
  const exact = [
    ...evidence.facts.near(value, slack),
    ...(signed || value === 0 ? [] : evidence.facts.near(-value, slack).filter(isDifference)),
  ];
  if (written.isDuration) return exact.filter(({ kind }) => kind === 'duration');
  const plain = exact.filter(({ kind }) => kind !== 'time' && kind !== 'duration');
  if (!written.isPercent) return plain.filter(({ kind }) => kind !== 'percent');
  const parts = evidence.facts.near(value / 100, slack / 100);
  const sized = signed ? [] : evidence.facts.near(-value / 100, slack / 100).filter(isDifference);
  const isShare = ({ kind, value: part }: CellFact) =>
    kind === 'percent' ||
    (typeof part === 'number' &&
      (Math.abs(part) <= 1 || kind === 'metric') &&
      kind !== 'count' &&
      kind !== 'delta' &&
      kind !== 'duration' &&
      kind !== 'time');
  return [
    ...[...parts, ...sized].filter(isShare),
    ...plain.filter(
      ({ measure, value: whole }) =>
        LOGGED_PERCENT.test(measure) ||
        (typeof whole === 'number' &&
          Math.abs(whole) > 1.5 &&
          Math.abs(whole) <= 100 &&
          LOGGED_IN_HUNDREDS.test(measure)),
    ),
  ];
}

const LOGGED_IN_HUNDREDS = /acc|f1|map|recall|precision|utili[sz]ation|util|usage/;
const isDifference = ({ kind }: CellFact): boolean =>
  kind === 'delta' || kind === 'percent' || kind === 'metric' || kind === 'number';

/** Any reading of whose it is and of what will do; the likeliest come first. */
export function isValueOf(written: Written, said: Assignment, evidence: Evidence): CellFact | undefined {
  const alike = factsWith(written, evidence).filter(
    (fact) => statisticFits(fact, said.statistic, said.statistics) && scopeFits(fact, said.experiments),
  );
  const candidates = alike.filter((fact) => measureFits(fact, said.measures));
  if (said.owners.length === 0) return candidates[0];
  for (const owners of said.owners) {
    const found = allOwn(candidates, owners) ?? (said.isLoose ? allOwn(alike, owners) : undefined);
    if (found !== undefined) return found;
  }
  return said.isOpen ? candidates[0] : undefined;
}

/** Whether it is a value of what is named, but another statistic of it: the median said to be the maximum. */
export function isOtherStatistic(written: Written, said: Assignment, evidence: Evidence): boolean {
  if (said.statistic === undefined || isValueOf(written, said, evidence) !== undefined) return false;
  const any = isValueOf(written, { ...said, statistic: undefined }, evidence);
  return any?.statistic !== undefined;
}

/** Of several things named together the value is each one's. */
function allOwn(candidates: readonly CellFact[], things: readonly Thing[]): CellFact | undefined {
  let found: CellFact | undefined;
  for (const { owners, isExperiment } of things) {
    const own = candidates.find(
      ({ owner, column }) =>
        (owner !== undefined && owners.has(owner)) || (isExperiment && inScope(column.finding.coverage.scope, owners)),
    );
    if (own === undefined) return undefined;
    found ??= own;
  }
  return found;
}

function inScope(
  scope: 'all' | readonly { readonly kind: string; readonly id: string }[],
  owners: ReadonlySet<Owner>,
): boolean {
  return scope !== 'all' && scope.some(({ kind, id }) => owners.has(JSON.stringify([kind, id])));
}

function measureFits({ measure, owner }: CellFact, readings: readonly ReadonlySet<string>[]): boolean {
  if (readings.length === 0) return true;
  const bare = measure.split(' ')[0]!;
  return readings.some(
    (keys) =>
      keys.has(measure) ||
      keys.has(bare) ||
      (owner !== undefined && [...keys].some((key) => owner === labelOwner(key))),
  );
}

/** A statistic that is named must be the fact's; of a single value only its place among others can be. */
function statisticFits(fact: CellFact, said: SaidStatistic | undefined, seen: ReadonlySet<SaidStatistic>): boolean {
  if (said === undefined || fact.statistic === said) return true;
  if (said === 'first' && fact.statistic === 'best') return true;
  if ((said === 'first' || said === 'last') && fact.statistic !== undefined && !ENDS.has(fact.statistic)) return true;
  if (fact.statistic !== undefined) {
    if (fact.kind === 'count' || seen.has(fact.statistic)) return true;
    const better = fact.column.direction;
    return said === 'best' && (better === undefined || fact.statistic === (better === 'lower' ? 'min' : 'max'));
  }
  return !(said === 'mean' || said === 'median' || said === 'sd') || fact.kind === 'count' || fact.kind === 'param';
}

const ENDS: ReadonlySet<SaidStatistic> = new Set(['first', 'last', 'min', 'max', 'best']);

function scopeFits({ column, owner }: CellFact, experiments: readonly Thing[]): boolean {
  if (experiments.length === 0) return true;
  const { scope } = column.finding.coverage;
  return (
    scope === 'all' ||
    experiments.some(({ owners }) => (owner !== undefined && owners.has(owner)) || inScope(scope, owners))
  );
}

/** Whether text that code worded has the number, of the things and measures that the sentence names beside it. */
export function isInText(
  written: Written,
  said: Assignment,
  words: ReadonlySet<string>,
  evidence: Evidence,
  /** What a number must be there, where that is known: then no other word need be shared. */
  fits?: (one: TextFact) => boolean,
): TextFact | undefined {
  const isNamed = said.owners.length > 0 || said.measures.length > 0;
  return evidence.texts.find((one) => {
    const { value, isPercent, isDuration, around } = one;
    if (isDuration !== written.isDuration || isPercent !== written.isPercent) return false;
    if (
      Math.abs(value - written.value) > written.slack &&
      (written.signed || Math.abs(value + written.value) > written.slack)
    )
      return false;
    if (fits !== undefined && !fits(one)) return false;
    return (fits !== undefined && !isNamed) || fitsAround(around, said, words);
  });
}

export function fitsAround(around: TextFact['around'], said: Assignment, words: ReadonlySet<string>): boolean {
  const shares = [...words].some((word) => around.words.has(word));
  const owned =
    said.owners.length === 0 ||
    said.isOpen ||
    (around.owners.size === 0 && shares) ||
    said.owners.some((things) => things.every(({ owners }) => [...owners].some((owner) => around.owners.has(owner))));
  const measured =
    said.measures.length === 0 ||
    (around.measures.size === 0 && shares) ||
    said.measures.some((keys) => [...keys].some((key) => around.measures.has(key)));
  if (!owned || !measured) return false;
  const statistics = new Set([...around.words].flatMap((word) => STATISTICS.get(word) ?? []));
  if (said.statistic !== undefined && statistics.size > 0 && !statistics.has(said.statistic)) return false;
  if (said.owners.length > 0 || said.measures.length > 0) return true;
  return shares;
}
