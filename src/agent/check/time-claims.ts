/** Durations and moments of a sentence, held against what the findings say of them. */
import { LESS_THAN, MORE_THAN, ROUGHLY } from '../terms/amounts.ts';
import { isDifferenceOf, pairsOf } from './amounts.ts';
import { type Assignment, assign } from './assignment.ts';
import { shapesBefore } from './clauses.ts';
import { leaders } from './compared-pairs.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import type { TextToken } from './lexer.ts';
import type { Sentence } from './sentence.ts';
import { isContentWord } from './stretches.ts';
import { TimeSet } from './times.ts';
import { isInText, isValueOf, type Written } from './values.ts';

type Duration = NonNullable<TextToken['duration']>;

export function isDuration(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { duration } = sentence.tokens[at]!;
  if (duration === undefined) return true;
  const before = shapesBefore(sentence, at, 5);
  const rough = ROUGHLY.test(before) ? 0.06 : 0;
  const written = spanOf(duration.ms, duration.tolerance + duration.ms * (rough + 1e-9), true);
  const said = saidOfSpans(sentence, at);
  const words = new Set(sentence.tokens.map(({ lower }) => lower).filter(isContentWord));
  return (
    isValueOf(written, said, evidence) !== undefined ||
    isInText(written, said, words, evidence) !== undefined ||
    isAmountAlone(duration, said, evidence) ||
    isBoundOfSpans(before, duration.ms, evidence) ||
    isTimeBetween(sentence, written, Math.max(duration.tolerance * 2, 60_000, duration.ms * rough), evidence)
  );
}

const spanOf = (value: number, slack: number, isSpan: boolean): Written => ({
  value,
  slack,
  isPercent: false,
  isDuration: isSpan,
  signed: false,
});

/** Of the measures spoken of only those that are spans. */
function saidOfSpans(sentence: Sentence, at: number): Assignment {
  const said = assign(sentence, at);
  const isSpan = (keys: ReadonlySet<string>) => [...keys].some((key) => /duration|time|latency/.test(key));
  return { ...said, measures: said.measures.filter(isSpan) };
}

/** `0.8 s` of a metric that is logged in seconds. */
function isAmountAlone({ single, text }: Duration, said: Assignment, evidence: Evidence): boolean {
  if (single === undefined || /\s?(?:h|d|hours?|days?|min|minutes?|m)$/.test(text)) return false;
  const decimals = single.split('.')[1]?.length ?? 0;
  const alone = spanOf(Number(single.replaceAll(',', '')), 0.5 * 10 ** -decimals, false);
  return isValueOf(alone, said, evidence) !== undefined;
}

/** `over two minutes`. */
function isBoundOfSpans(before: string, ms: number, evidence: Evidence): boolean {
  const bound = MORE_THAN.test(before) ? 1 : LESS_THAN.test(before) ? -1 : 0;
  return (
    bound !== 0 &&
    evidence.facts.all.some(
      ({ kind, value }) =>
        kind === 'duration' &&
        typeof value === 'number' &&
        value * bound >= ms * bound &&
        Math.abs(value - ms) < ms * 0.6,
    )
  );
}

const MOST_TIMES = 100;

/** Between any two times that the findings tell. */
function isBetweenAny({ value }: Written, slack: number, { facts, moments }: Evidence): boolean {
  const told = facts.all.flatMap((fact) =>
    fact.kind === 'time' && typeof fact.value === 'number' ? [fact.value] : [],
  );
  const times = [...new Set([...moments, ...told])].slice(0, MOST_TIMES);
  return times.some((a) => times.some((b) => a > b && Math.abs(a - b - value) <= slack));
}

/** By how much one took longer, or started later, than another. */
function isTimeBetween(sentence: Sentence, written: Written, slack: number, evidence: Evidence): boolean {
  const owners = [...new Set([...sentence.things.flatMap((thing) => [...thing.owners]), ...sentence.context.named])];
  const pairs = [...pairsOf(owners.length >= 2 ? owners : [...owners, ...leaders(evidence)], [], evidence)].filter(
    ([a, b]) => a.kind === b.kind && (a.kind === 'duration' || a.kind === 'time'),
  );
  const isApart = ([a, b]: readonly [CellFact, CellFact]) =>
    Math.abs(Math.abs((a.value as number) - (b.value as number)) - written.value) <= slack;
  return (
    isBetweenAny(written, slack, evidence) ||
    isDifferenceOf(written, pairs) ||
    pairs.some((pair) => pair[0].kind === 'time' && isApart(pair))
  );
}

export function isMoment(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { moment, meaning } = sentence.tokens[at]!;
  if (/(?:^| )(?:before|after|by|until|since)$/.test(shapesBefore(sentence, at, 1))) return true;
  if (moment === undefined || (meaning !== undefined && meaning.owners.size > 0)) return true;
  const has = (times: TimeSet) => moment.parts.every((part) => times.has(part));
  const said = assign(sentence, at);
  const isTime = (value: unknown, kind: string): value is number => kind === 'time' && typeof value === 'number';
  const all = new TimeSet(evidence.timeZone);
  for (const { value, kind } of evidence.facts.all) if (isTime(value, kind)) all.add(value);
  const ends = endsOf(said, evidence);
  if (ends.some((end) => has(timesOf([end], evidence)))) return true;
  if (!has(all)) return has(evidence.times) || hasDigits(sentence, at, evidence);
  for (const things of said.owners) {
    const own = evidence.facts.all.filter(
      ({ owner, kind, value }) =>
        isTime(value, kind) && owner !== undefined && things.some((thing) => thing.owners.has(owner)),
    );
    if (own.length === 0) return true;
    if (
      has(
        timesOf(
          own.map(({ value }) => value as number),
          evidence,
        ),
      )
    )
      return true;
  }
  return said.owners.length === 0 || has(evidence.times);
}

function timesOf(times: readonly number[], { timeZone }: Evidence): TimeSet {
  const set = new TimeSet(timeZone);
  for (const time of times) set.add(time);
  return set;
}

/** When those named ended, told by when they began and how long they took. */
function endsOf({ owners }: Assignment, { facts, onlyOwner }: Evidence): number[] {
  const named = [...owners.flatMap((things) => things.flatMap((thing) => [...thing.owners])), onlyOwner ?? ''];
  return named.flatMap((owner) => {
    const own = facts.byOwner.get(owner) ?? [];
    const start = own.find(({ measure, kind }) => kind === 'time' && /start/.test(measure))?.value;
    const took = own.find(({ kind }) => kind === 'duration')?.value;
    return typeof start === 'number' && typeof took === 'number' ? [start + took] : [];
  });
}

/** `12:30` may be a ratio or a place: what it says stands in a text. */
const hasDigits = (sentence: Sentence, at: number, evidence: Evidence): boolean =>
  evidence.names.find(sentence.tokens[at]!.text) !== undefined;
