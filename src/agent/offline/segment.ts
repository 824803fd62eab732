/** Cuts a question into spans with one meaning each: the cut that accounts for most, by names rather than by words. */
import { firstSense, type Lexicon, LONGEST_PHRASE, type Sense } from './lexicon.ts';
import type { Meaning, Segment } from './meanings.ts';
import { FIT, isAsWritten, type NameIndex } from './names.ts';
import { dueAt } from './quoted.ts';
import { type Clock, readTimePhrase } from './time-phrases.ts';
import { loosen, type Token } from './tokens.ts';

/** Longest store name that is looked for, in tokens. */
const LONGEST_NAME = 12;
/** A span of k words weighs more than its words apart: the longest name wins. */
const COHESION = 7;
const STRUCTURAL_FIT = 11;
/** A full name of several words outweighs any words of the language. */
const NAME_BONUS = 3;
const UNKNOWN_PENALTY = -20;
/** Words after which a value may stand. */
export const VALUE_PLACE = /^(?:in|from|for|by|with|vs|versus|against|and|or|between|=|is)$/u;
const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  hrs: 3_600_000,
};

interface Candidate {
  readonly meaning: Meaning;
  readonly length: number;
  readonly weight: number;
}

/** A span that is no name there, or none of a kind. */
export interface Barred {
  readonly start: number;
  readonly end: number;
  readonly kind?: Meaning['kind'];
}

export function segmentQuestion(
  question: string,
  tokens: readonly Token[],
  names: NameIndex,
  clock: Clock,
  barred: readonly Barred[] = [],
): Segment[] {
  const best: { weight: number; candidate: Candidate | undefined }[] = [{ weight: 0, candidate: undefined }];
  for (let at = 0; at < tokens.length; at++) {
    const here = best[at];
    if (!here) continue;
    for (const candidate of candidatesAt(question, tokens, at, names, clock, barred)) {
      const end = at + candidate.length;
      const weight = here.weight + candidate.weight;
      const known = best[end];
      if (!known || weight > known.weight) best[end] = { weight, candidate };
    }
  }
  const segments: Segment[] = [];
  for (let end = tokens.length; end > 0; ) {
    const candidate = best[end]?.candidate;
    if (!candidate) throw new Error('a token without a meaning');
    segments.unshift(makeSegment(question, tokens, end - candidate.length, end, candidate.meaning));
    end -= candidate.length;
  }
  return segments;
}

export function makeSegment(
  question: string,
  tokens: readonly Token[],
  from: number,
  to: number,
  meaning: Meaning,
): Segment {
  const [first, last] = [tokens[from], tokens[to - 1]];
  if (!first || !last) throw new Error('an empty segment');
  const { start } = first;
  const { end } = last;
  if (first.kind === 'quoted' && first === last)
    return { meaning, text: first.text, norm: first.norm, start, end, quoted: true };
  const text = first === last ? first.text : question.slice(start, end);
  return { meaning, text, norm: text.toLowerCase().replace(/\s+/gu, ' '), start, end };
}

function candidatesAt(
  question: string,
  tokens: readonly Token[],
  at: number,
  names: NameIndex,
  clock: Clock,
  barred: readonly Barred[],
): Candidate[] {
  const first = tokens[at];
  if (!first) return [];
  if (first.kind === 'quoted') return quotedCandidates(first, dueAt(tokens, at, names), names);
  const candidates: Candidate[] = [{ meaning: { kind: 'unknown', quoted: false }, length: 1, weight: UNKNOWN_PENALTY }];
  for (let length = 1; length <= LONGEST_NAME && at + length <= tokens.length; length++) {
    const last = tokens[at + length - 1];
    if (!last || last.kind === 'quoted') break;
    const text = length === 1 ? first.text : question.slice(first.start, last.end);
    const place = { beforeThat: tokens[at - 2], before: tokens[at - 1], after: tokens[at + length] };
    const isBarred = (meaning: Meaning) => barred.some((bar) => bars(bar, meaning, first.start, last.end));
    candidates.push(...spanCandidates(text, length, names, place, isBarred));
  }
  candidates.push(...numberCandidates(tokens, at, names.lexicon));
  const time = readTimePhrase(tokens, at, clock);
  if (time) {
    const { length, ...window } = time;
    candidates.push({ meaning: { kind: 'window', ...window }, length, weight: weigh(STRUCTURAL_FIT, length) + 1 });
  }
  return candidates;
}

/** The name itself where it stands, and within it what is but a part of a name. */
function bars(bar: Barred, meaning: Meaning, start: number, end: number): boolean {
  if (start < bar.start || end > bar.end) return false;
  const isWhole = start === bar.start && end === bar.end;
  const isPart = (meaning.kind === 'key' || meaning.kind === 'experiment') && !meaning.exact;
  return isPart || (isWhole && (bar.kind === undefined || bar.kind === meaning.kind));
}

/** Quotes bind: what is inside is a name, never a word of the language. */
function quotedCandidates({ text }: Token, ranks: readonly string[], names: NameIndex): Candidate[] {
  const matches = names.matchQuoted(text).filter(({ kind }) => ranks.includes(kind));
  const weight = (meaning: Meaning) => (isAsWritten(meaning, text) ? 200 : 100) - ranks.indexOf(meaning.kind);
  const found = matches.map((meaning) => ({ meaning, length: 1, weight: weight(meaning) }));
  return found.length > 0 ? found : [{ meaning: { kind: 'unknown', quoted: true }, length: 1, weight: 0 }];
}

interface Place {
  readonly beforeThat: Token | undefined;
  readonly before: Token | undefined;
  readonly after: Token | undefined;
}

/**
 * Where only a name of one kind can stand, even one spelt like a word of the language: a key before a sign or after
 * its noun, a value where a place is named ("in us"), a part of an experiment's name after "in" ("in best models").
 */
function isDue(text: string, meaning: Meaning, { before, after, beforeThat }: Place, names: NameIndex): boolean {
  if (meaning.kind === 'key')
    return /^[=<>≤≥!]/u.test(after?.norm ?? '') || /^(?:metric|param|parameter|tag)$/u.test(before?.norm ?? '');
  if (meaning.kind === 'value') {
    const isAfterKey =
      before !== undefined &&
      names.match(before.text).some((match) => match.fit === FIT.exact && match.meaning.kind === 'key');
    // "country in": a word that holds questions together is a value only beside its own key.
    const keyOf = loosen((SIGN.test(before?.norm ?? '') ? beforeThat : before)?.text ?? '');
    if (isGlueWord(text, names.lexicon))
      // Who quotes the key quotes its value too.
      return before?.kind !== 'quoted' && meaning.options.some(({ key }) => loosen(key) === keyOf);
    return isAfterKey || VALUE_PLACE.test(before?.norm ?? '') || /^(?:vs|versus|against)$/u.test(after?.norm ?? '');
  }
  return meaning.kind === 'experiment' && /^(?:in|experiment)$/u.test(before?.norm ?? '');
}

const SIGN = /^(?:=|==|is|:)$/u;

function isGlueWord(text: string, lexicon: Lexicon): boolean {
  const sense = firstSense(lexicon, text.toLowerCase());
  return sense?.structural === true && sense.meaning.kind === 'glue';
}

/** "runs with no augment" lack it, though a run may be called `no augment`. */
function isNegatedKey(text: string, meaning: Meaning, { before }: Place): boolean {
  return (
    meaning.kind === 'run' &&
    /^(?:no|not|without)\b/iu.test(text) &&
    /^(?:with|have|has|having|had)$/u.test(before?.norm ?? '')
  );
}

/** Words that say what is asked, where a question starts with them and goes on: "failed runs", "compare a and b". */
const ASKING: ReadonlySet<Meaning['kind']> = new Set(['mark', 'status', 'statistic', 'superlative']);

/** Whether a name spelt like it needs quotes there, or a word beside it. */
function isOfLanguage({ meaning, structural, isField }: Sense, { before, after }: Place, lexicon: Lexicon): boolean {
  if (isField) return false;
  const isFollowed = after !== undefined && firstSense(lexicon, after.norm)?.meaning.kind !== 'glue';
  return structural || (before === undefined && isFollowed && ASKING.has(meaning.kind));
}

/** Signs alone are a name only in quotes. */
const SIGNS = /^(?:(?!\p{Extended_Pictographic})[\p{P}\p{S}\s])+$/u;

function spanCandidates(
  text: string,
  length: number,
  names: NameIndex,
  place: Place,
  isBarred: (meaning: Meaning) => boolean,
): Candidate[] {
  const words = loosen(text).split(' ').length;
  const phrase = text.toLowerCase().replace(/\s+/gu, ' ').replace(/[’‘]/gu, "'");
  const senses = length <= LONGEST_PHRASE ? (names.lexicon.get(phrase) ?? []) : [];
  const isTaken = senses.some((sense) => isOfLanguage(sense, place, names.lexicon));
  const matches = SIGNS.test(text) ? [] : names.match(text).filter(({ meaning }) => !isBarred(meaning));
  const candidates: Candidate[] = matches.map(({ meaning, fit }) => {
    if (isNegatedKey(text, meaning, place)) return { meaning, length, weight: UNKNOWN_PENALTY };
    if (isDue(text, meaning, place, names))
      return { meaning, length, weight: weigh(STRUCTURAL_FIT + NAME_BONUS, words) };
    if (isTaken) return { meaning, length, weight: weigh(FIT.part, words) };
    // "runs with" is no part of the name `runs with lr`, "accuracy in" none of `accuracy in alpha`.
    const isPart = (meaning.kind === 'key' || meaning.kind === 'experiment') && !meaning.exact;
    const parts = phrase.split(' ').map((word) => firstSense(names.lexicon, word));
    if (
      isPart &&
      (parts.every((sense) => sense?.structural) || (parts.length > 1 && parts.at(-1)?.meaning.kind === 'glue'))
    )
      return { meaning, length, weight: UNKNOWN_PENALTY };
    const isSure = fit >= FIT.loose && words > 1;
    return { meaning, length, weight: weigh(isSure ? fit + NAME_BONUS : fit, words) };
  });
  for (const { meaning, structural } of senses)
    candidates.push({ meaning, length, weight: weigh(structural ? STRUCTURAL_FIT : FIT.lexicon, words) });
  return candidates;
}

function numberCandidates(tokens: readonly Token[], at: number, lexicon: Lexicon): Candidate[] {
  const token = tokens[at];
  if (!token) return [];
  if (token.kind === 'number') {
    const value = Number(token.text.replaceAll(',', ''));
    const plain: Candidate = { meaning: { kind: 'number', value, text: token.text }, length: 1, weight: FIT.exact };
    const unit = DURATION_UNITS[tokens[at + 1]?.norm ?? ''];
    if (unit === undefined) return [plain];
    return [
      plain,
      {
        meaning: { kind: 'number', value: value * unit, text: token.text, unit: 'ms' },
        length: 2,
        weight: weigh(FIT.exact, 2),
      },
    ];
  }
  const percent = /^(\d+(?:\.\d+)?)%$/u.exec(token.norm);
  if (percent)
    return [
      {
        meaning: { kind: 'number', value: Number(percent[1]) / 100, text: token.text, unit: 'percent' },
        length: 1,
        weight: FIT.exact,
      },
    ];
  const word = firstSense(lexicon, token.norm)?.meaning;
  const wordUnit = DURATION_UNITS[tokens[at + 1]?.norm ?? ''];
  if (word?.kind === 'number' && wordUnit !== undefined) {
    const meaning: Meaning = { ...word, value: word.value * wordUnit, unit: 'ms' };
    return [{ meaning, length: 2, weight: weigh(FIT.exact, 2) }];
  }
  // "longer than an hour"
  const isOne =
    /^an?$/u.test(token.norm) &&
    wordUnit !== undefined &&
    /^(?:than|over|under|above|below|least|most)$/u.test(tokens[at - 1]?.norm ?? '');
  if (isOne)
    return [
      { meaning: { kind: 'number', value: wordUnit, text: '1', unit: 'ms' }, length: 2, weight: weigh(FIT.exact, 2) },
    ];
  const glued = /^(\d+(?:\.\d+)?)(ms|s|min|h)$/u.exec(token.norm);
  const unit = DURATION_UNITS[glued?.[2] ?? ''];
  if (!glued || unit === undefined) return [];
  return [
    {
      meaning: { kind: 'number', value: Number(glued[1]) * unit, text: token.text, unit: 'ms' },
      length: 1,
      weight: FIT.exact,
    },
  ];
}

function weigh(fit: number, words: number): number {
  return fit * words + COHESION * (words - 1);
}
