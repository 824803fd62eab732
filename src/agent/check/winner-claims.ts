/** Who is said to be first: the best, the longest, the newest, the most frequent. */
import { ALONE, COMPARATIVES, PLACES, SUPERLATIVES } from '../terms/comparison.ts';
import { LANGUAGE } from '../terms/language.ts';
import { COMMON_SUBJECTS } from '../terms/naming.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import type { Claim } from './claim.ts';
import { clauseOf, segmentOf, shapesAfter } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { statusesIn } from './mentions.ts';
import { placeClaim } from './place-claims.ts';
import { isExtreme, type RankedList } from './ranks.ts';
import { isRow, rivalsOf } from './rivals.ts';
import type { Sentence, Thing } from './sentence.ts';
import { countsByStatus } from './status-counts.ts';
import { superlativeAt } from './superlatives.ts';
import { EXPLAINED, spokenOf, wantedFor } from './wanted-measure.ts';
import { claimAt, winnerOf } from './winner-of.ts';

export function* winnerClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  let things: readonly Thing[] | undefined;
  for (const [at, { lower, numeral }] of sentence.tokens.entries()) {
    if (
      !SUPERLATIVES.has(lower) &&
      !COMPARATIVES.has(lower) &&
      !PLACES.has(lower) &&
      lower !== 'next' &&
      numeral?.spelled !== 'ordinal' &&
      numeral?.unit !== 'ordinal'
    )
      continue;
    things ??= rivalsOf(sentence, evidence);
    const claim =
      statusWinner(sentence, at, evidence) ??
      winner(sentence, at, things, evidence) ??
      placeClaim(sentence, at, things, evidence);
    if (claim !== undefined) yield claim;
  }
}

function winner(sentence: Sentence, at: number, things: readonly Thing[], evidence: Evidence): Claim | undefined {
  const word = superlativeAt(sentence, at);
  if (word === undefined) return undefined;
  const wanted = wantedFor(sentence, at, word);
  // Of parameters the measure that they are held against is none.
  const who = winnerOf(sentence, at, wanted === EXPLAINED ? sentence.things.filter(isRow) : things);
  if (who === undefined) return unknownWinner(sentence, at, evidence);
  const side = SUPERLATIVES.get(word) ?? COMPARATIVES.get(word) ?? 'better';
  const verdict = isExtreme(who.owners, side, word, wanted, evidence, fieldFor(sentence, at, word, things, evidence));
  return verdict === undefined ? undefined : claimAt(sentence, at, who.at, verdict);
}

/** "the best of the finished runs": among those whose status is known to be that; "the better one": of the two spoken of. */
function fieldFor(
  sentence: Sentence,
  at: number,
  word: string,
  things: readonly Thing[],
  { facts }: Evidence,
): RankedList {
  const common = { statistics: spokenOf(sentence, at), isAlone: saysAlone(sentence, at) };
  if (!SUPERLATIVES.has(word) && word !== 'best') {
    const named = new Set([...things.flatMap(({ owners }) => [...owners]), ...sentence.context.named]);
    return named.size === 2
      ? { among: ({ owner }) => owner !== undefined && named.has(owner), ...common }
      : { among: () => true, isOfTwo: true, ...common };
  }
  const [from, to] = segmentOf(sentence, at);
  const status = sentence.tokens
    .slice(from, to)
    .map(({ lower }) => STATUS_WORDS.get(lower))
    .find((one) => one !== undefined);
  const isSaidOf =
    status !== undefined && sentence.things.length <= 1
      ? status
      : sentence.shapes.includes('finished') || sentence.shapes.includes('completed')
        ? 'FINISHED'
        : undefined;
  if (isSaidOf === undefined) return { among: () => true, ...common };
  return {
    among: ({ owner }) => owner === undefined || facts.of(owner, 'status').every(({ value }) => value === isSaidOf),
    ...common,
  };
}

/** "the outright best", "alone ranks first": no tie. */
function saysAlone(sentence: Sentence, at: number): boolean {
  const [from, to] = segmentOf(sentence, at);
  const words = sentence.tokens.slice(from, to).map(({ lower }) => lower);
  return words.some((word, index) => ALONE.has(word) && !/^(?:not?|n't|isn't|never)$/.test(words[index - 1] ?? ''));
}

/** "the most common status is FAILED". */
function statusWinner(sentence: Sentence, at: number, evidence: Evidence): Claim | undefined {
  const side =
    sentence.tokens[at]!.lower === 'most' ? 1 : /^(?:least|rarest)$/.test(sentence.tokens[at]!.lower) ? -1 : undefined;
  const [from, to] = clauseOf(sentence, at);
  if (
    side === undefined ||
    !/(?:^| )status(?: |$)/.test(sentence.shapes.slice(from, to).join(' ')) ||
    !/^(?:common|frequent|often|frequently)(?: |$)/.test(shapesAfter(sentence, at, 2))
  )
    return undefined;
  const found = statusesIn(sentence, from, to);
  const [said] = found;
  if (said === undefined || found.length > 1 || said.negated) return undefined;
  const all = countsByStatus(evidence);
  if (all.length === 0) return undefined;
  const supported = all.some((counts) =>
    [...counts].every(
      ([status, count]) => status === said.status || side * count <= side * (counts.get(said.status) ?? 0),
    ),
  );
  return claimAt(sentence, at, said.at, supported);
}

/** "golden is best": nobody has heard of it. */
function unknownWinner(sentence: Sentence, at: number, evidence: Evidence): Claim | undefined {
  const [from] = segmentOf(sentence, at);
  const words = sentence.tokens.slice(from, at);
  const verb = words.findLastIndex(({ lower }) => /^(?:is|was|leads|wins|won)$/.test(lower));
  const subject = verb === 1 || verb === 2 ? words[verb - 1] : undefined;
  if (
    subject === undefined ||
    subject.type !== 'word' ||
    !/^[a-z][a-z-]+$/.test(subject.text) ||
    COMMON_SUBJECTS.has(subject.lower)
  )
    return undefined;
  const known =
    evidence.names.find(subject.text) !== undefined ||
    evidence.words.has(subject.lower) ||
    STATUS_WORDS.has(subject.lower) ||
    LANGUAGE.has(subject.lower);
  return known ? undefined : { start: subject.start, end: subject.end, supported: false };
}
