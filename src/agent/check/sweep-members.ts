/** "All six tie", "every run has a max_depth": of a population it is told how many hold what is said of each. */
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';
import type { Sentence } from './sentence.ts';
import { anyOf, inScope, type Sweep } from './sweep.ts';
import { holds, type Predicate, predicateOf } from './sweep-predicate.ts';
import { type SweptSubject, subjectOf } from './sweep-subject.ts';
import { type Member, sizeOf, type Tally, talliesOf } from './tallies.ts';

export function saidOfEach(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, kind, end, at } = sweep;
  if (kind === 'only') return undefined;
  const subject = subjectOf(sweep);
  const predicate = subject && predicateOf(sentence, subject.to, end, evidence);
  if (predicate === undefined || (subject!.isPair && predicate.kind !== 'alike')) return undefined;
  const tallies = talliesFor(predicate, sentence, at, evidence)
    .map((one) => ofStatus(one, subject!.status, evidence))
    .filter((one) => fitsUnit(subject!.unit, one) && fitsSize(subject!, one, sweep));
  const readings = tallies.map((one) => verdictOf(sweep, subject!, predicate, one));
  // "no ties in either ranking" is said of each of them.
  return kind === 'none' && predicate.keys === undefined && readings.includes(false) ? false : anyOf(readings);
}

/** Of the measure that is named there or before; where none is, of those that have such a value. */
export function talliesFor(
  predicate: Predicate,
  { measures, context, things }: Sentence,
  at: number,
  evidence: Evidence,
): readonly Tally[] {
  const experiments = things.filter(({ isExperiment }) => isExperiment).flatMap(({ owners }) => [...owners]);
  const asksWhether = predicate.kind === 'given' || predicate.kind === 'lacking';
  const all = talliesOf(evidence).filter(
    ({ finding, isPresence }) =>
      (experiments.length === 0 || inScope(finding, experiments)) && (isPresence !== true || asksWhether),
  );
  const { keys, values } = predicate;
  if (keys !== undefined) return all.filter(({ measure }) => keys.has(measure));
  const near = measures.findLast((one) => one.at < at)?.keys ?? context.measures;
  const spoken = all.filter(({ measure }) => near.has(measure));
  if (values.length === 0) return spoken.length > 0 ? spoken : all.filter(isRanking);
  const hasSuch = ({ members }: Tally) => members.some((member) => values.some((one) => one(member)));
  const found = spoken.filter(hasSuch);
  return found.length > 0 ? found : all.filter(hasSuch);
}

const isRanking = ({ finding, measure }: Tally): boolean =>
  finding.direction !== undefined && measure === finding.subject.measure;

/** Rankings tell of finished runs only; of other runs a status has to be known. */
function ofStatus(one: Tally, status: StatusName | undefined, { facts }: Evidence): Tally {
  if (status === undefined) return one;
  const members = one.members.filter(({ owner }) => {
    if (owner === undefined) return false;
    const own = facts.of(owner, 'status').map(({ value }) => STATUS_WORDS.get(String(value).toLowerCase()));
    return own.length > 0 ? own.includes(status) : status === 'FINISHED';
  });
  return { ...one, members, size: sizeOf(members) };
}

/** A run's columns tell nothing of parameters, nor a group's of runs. */
function fitsUnit(unit: string | undefined, one: Tally): boolean {
  if (unit === undefined || unit === one.unit) return true;
  return one.unit === 'group' && !/^(?:run|param|metric|tag|experiment|dataset)$/.test(unit);
}

/** "them" may be a part that was spoken of before: then no smaller number may have been said. */
function fitsSize({ count, isNamed }: SweptSubject, { size, finding }: Tally, { sentence, at }: Sweep): boolean {
  if (size < 2) return false;
  if (count !== undefined) return count === size || count === finding.coverage.matched;
  if (isNamed) return true;
  if (sentence.things.some((thing) => thing.at < at && !thing.isExperiment && thing.isLabel !== true)) return false;
  const said = sentence.tokens.slice(0, at).flatMap(({ numeral }) => (numeral === undefined ? [] : [numeral.value]));
  return [...said, ...(sentence.context.numbers ?? [])].every((number) => number <= 1 || number >= size);
}

function verdictOf(
  { kind }: Sweep,
  { count, isShown, status }: SweptSubject,
  predicate: Predicate,
  { members, size, isWhole }: Tally,
): boolean | undefined {
  const isAll = isShown || count === size || (isWhole && status === undefined);
  const isCompared = predicate.values.length === 0 && (predicate.kind === 'alike' || predicate.kind === 'unlike');
  if (isCompared) return compared(kind, predicate.kind === 'alike', members, isAll);
  return settlePart(kind, sizeOf(members.filter((one) => holds(predicate, one))), size, isAll);
}

/** What those that are told of can refute, they refute of all; to bear it out they must be all. */
function settlePart(kind: Sweep['kind'], holding: number, size: number, isAll: boolean): boolean | undefined {
  const bears = kind === 'all' ? holding === size : kind === 'none' ? holding === 0 : undefined;
  if (bears !== undefined) return bears ? isAll || undefined : false;
  return holding < size ? true : isAll ? false : undefined;
}

/** Whether all have one value, or no two the same. */
function compared(
  kind: Sweep['kind'],
  saysAlike: boolean,
  members: readonly Member[],
  isAll: boolean,
): boolean | undefined {
  const given = members.filter(({ value }) => value !== undefined);
  if (given.length < 2) return undefined;
  const distinct = new Set(given.map(({ value }) => value)).size;
  // "no two are the same" and "all are different" say one thing.
  if ((kind === 'none') === saysAlike)
    return settlePart(kind, kind === 'none' ? sizeOf(given) - distinct : distinct, sizeOf(given), isAll);
  const alike = distinct === 1 ? given.length : 0;
  return settlePart(kind, kind === 'none' ? given.length - alike : alike, given.length, isAll);
}
