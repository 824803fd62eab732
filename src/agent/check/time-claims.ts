/** Durations and moments of a sentence, held against what the findings say of them. */
import { LESS_THAN, MORE_THAN, ROUGHLY } from '../terms/amounts.ts';
import { isDifferenceOf, pairsOf } from './amounts.ts';
import { assign } from './assignment.ts';
import { shapesBefore } from './clauses.ts';
import { leaders } from './compared-pairs.ts';
import { type Evidence, isContentWord } from './evidence.ts';
import type { Sentence } from './sentence.ts';
import { TimeSet } from './times.ts';
import { isInText, isValueOf, type Written } from './values.ts';

export function isDuration(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { duration } = sentence.tokens[at]!;
  if (duration === undefined) return true;
  const named = assign(sentence, at);
  const said = {
    ...named,
    measures: named.measures.filter((keys) => [...keys].some((key) => /duration|time|latency/.test(key))),
  };
  const rough = ROUGHLY.test(shapesBefore(sentence, at, 5)) ? 0.06 : 0;
  const written: Written = {
    value: duration.ms,
    slack: duration.tolerance + duration.ms * (rough + 1e-9),
    isPercent: false,
    isDuration: true,
    signed: false,
  };
  const words = new Set(sentence.tokens.map(({ lower }) => lower).filter(isContentWord));
  if (isValueOf(written, said, evidence) || isInText(written, said, words, evidence)) return true;
  if (duration.single !== undefined && !/\s?(?:h|d|hours?|days?|min|minutes?|m)$/.test(duration.text)) {
    const amount = Number(duration.single.replaceAll(',', ''));
    const decimals = duration.single.split('.')[1]?.length ?? 0;
    const alone: Written = {
      value: amount,
      slack: 0.5 * 10 ** -decimals,
      isPercent: false,
      isDuration: false,
      signed: false,
    };
    if (isValueOf(alone, said, evidence)) return true;
  }
  const before = shapesBefore(sentence, at, 5);
  const bound = MORE_THAN.test(before) ? 1 : LESS_THAN.test(before) ? -1 : 0;
  if (bound !== 0) {
    const spans = evidence.facts.all.filter(({ kind, value }) => kind === 'duration' && typeof value === 'number');
    if (
      spans.some(
        ({ value }) =>
          (value as number) * bound >= duration.ms * bound &&
          Math.abs((value as number) - duration.ms) < duration.ms * 0.6,
      )
    )
      return true;
  }
  const owners = [...new Set([...sentence.things.flatMap((thing) => [...thing.owners]), ...sentence.context.named])];
  const pairs = [...pairsOf(owners.length >= 2 ? owners : [...owners, ...leaders(evidence)], [], evidence)].filter(
    ([a, b]) => a.kind === b.kind && (a.kind === 'duration' || a.kind === 'time'),
  );
  return (
    isDifferenceOf(written, pairs) ||
    pairs.some(
      ([a, b]) =>
        a.kind === 'time' &&
        Math.abs(Math.abs((a.value as number) - (b.value as number)) - duration.ms) <=
          Math.max(duration.tolerance * 2, 60_000, duration.ms * rough),
    )
  );
}

export function isMoment(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { moment, meaning } = sentence.tokens[at]!;
  if (moment === undefined || (meaning !== undefined && meaning.owners.size > 0)) return true;
  const has = (times: TimeSet) => moment.parts.every((part) => times.has(part));
  const said = assign(sentence, at);
  const isTime = (value: unknown, kind: string): value is number => kind === 'time' && typeof value === 'number';
  const all = new TimeSet(evidence.timeZone);
  for (const { value, kind } of evidence.facts.all) if (isTime(value, kind)) all.add(value);
  if (!has(all)) return has(evidence.times) || hasDigits(sentence, at, evidence);
  for (const things of said.owners) {
    const own = evidence.facts.all.filter(
      ({ owner, kind, value }) =>
        isTime(value, kind) && owner !== undefined && things.some((thing) => thing.owners.has(owner)),
    );
    if (own.length === 0) return true;
    const times = new TimeSet(evidence.timeZone);
    for (const { value } of own) times.add(value as number);
    if (has(times)) return true;
  }
  return said.owners.length === 0 || has(evidence.times);
}

/** `12:30` may be a ratio or a place: what it says stands in a text. */
const hasDigits = (sentence: Sentence, at: number, evidence: Evidence): boolean =>
  evidence.names.find(sentence.tokens[at]!.text) !== undefined;
