/** Who is said to be first: the best, the longest, the newest, the most frequent. */
import { COMPARATIVES, PLACES, SUPERLATIVES } from '../terms/comparison.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { countsByStatus, isAtPlace, isExtreme, type RankedList, rivalsOf, spokenOf, wantedFor } from './ranks.ts';
import { clauseOf, type Sentence, segmentOf, shapesAfter, shapesBefore, statusesIn, type Thing } from './sentence.ts';

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
  const who = winnerOf(sentence, at, things);
  if (who === undefined) return unknownWinner(sentence, at, evidence);
  const side = SUPERLATIVES.get(word) ?? COMPARATIVES.get(word) ?? 'better';
  const verdict = isExtreme(
    who.owners,
    side,
    word,
    wantedFor(sentence, at, word),
    evidence,
    fieldFor(sentence, at, word, things, evidence),
  );
  return verdict === undefined ? undefined : claimAt(sentence, at, who.at, verdict);
}

/** The mark stands behind whichever of the two comes last. */
function claimAt({ tokens }: Sentence, at: number, who: number, supported: boolean): Claim {
  const behind = tokens[Math.max(at, who)]!;
  return { start: behind.start, end: behind.end, supported };
}

const NEXT_TO =
  /(?:^| )(?:its|their|own|whose|his|second|third|fourth|fifth|sixth|next|not|nor|never|n't|without|if|whether|O|one of the|N of the|among the|the N|at|far)(?:-| )?(?:-|the|be|to|necessarily|always|as)?$/;
const NO_SUPERLATIVE =
  /^(?:at (?:step|epoch|O|N|the end|the start)|of (?:luck|chance)|known|for (?:a|each|every)|per|guess|to (?:N|date)|one can|step|epoch|possible|case|practice|N|O|value of each|error|among equals|row|rows|two|few|in (?:its|their)|excess|part|likely)(?: |$)/;
const SURE = /^(?:max|min|most|least|maximum|minimum|top|latest|first|last)$/;

/** The word of the superlative that stands here and is said of somebody. */
function superlativeAt(sentence: Sentence, at: number): string | undefined {
  const { lower, type } = sentence.tokens[at]!;
  const isFirst = sentence.tokens[at]!.numeral?.spelled === 'ordinal' && lower === 'first';
  if (type !== 'word' && type !== 'mark' && !isFirst) return undefined;
  const before = shapesBefore(sentence, at, 4);
  const after = wordsAfter(sentence, at, 4);
  if (/^(?:first|last)$/.test(lower) && STARTED.test(`${before} | ${wordsAfter(sentence, at, 9)}`))
    return lower === 'first' ? 'oldest' : 'newest';
  if (
    /^(?:first|O)$/.test(lower) &&
    /(?:^| )(?:is|was|ranks?|ranked|came|comes|placed|finished|in|on)$/.test(before) &&
    /^(?:$|[,.;:]|by|on|in|place|with|of|among|for|and|overall)/.test(after)
  )
    return 'best';
  if (lower === 'first' && /^place(?: |$)/.test(after)) return 'best';
  if (/^(?:highest|lowest)$/.test(lower) && /^(?:- )?(?:ranked|ranking|placed)(?: |$)/.test(after))
    return lower === 'highest' ? 'best' : 'worst';
  if (COMPARATIVES.has(lower) && /^$|[.:,]$/.test(before) && /^M (?::|=|→) T(?: |$)/.test(after)) return lower;
  if (
    COMPARATIVES.has(lower) &&
    /(?:^| )the$/.test(before) &&
    !sentence.shapes.includes('than') &&
    !/^(?:M )?(?:N|the|it|is better)/.test(after)
  )
    return lower;
  if (!SUPERLATIVES.has(lower)) return undefined;
  if (NEXT_TO.test(before) || NO_SUPERLATIVE.test(after)) return undefined;
  if (lower === 'most' && /(?:^| )(?:explains?|explained|accounts for)(?: the)?$/.test(before)) return lower;
  if (lower === 'most' && /^of(?: |$)/.test(after)) return undefined;
  if (SURE.test(lower) && !/(?:^| )(?:the|is|has|had|with|was|=|:|,|have|got)$|^$/.test(before)) return undefined;
  if (
    /^(?:leads|leading|leader)$/.test(lower) &&
    /^(?:to|by N|over|T)(?: |$)/.test(after) &&
    !sentence.things.some((thing) => thing.isExperiment && thing.at > at && thing.at <= at + 3)
  )
    return undefined;
  const isHeld =
    /(?:^| )(?:has|have|had|gets|got|achieves|achieved|delivers) the$/.test(before) &&
    /^M(?: (?:[.,;(]|of|in|and|on|with)|$)/.test(after);
  if (
    !isHeld &&
    /^(?:best|worst)$/.test(lower) &&
    /(?:^| )(?:(?:the|at|a|above|of|from|to|and|or|by|than)(?: T)?|T (?:'s|’s))$/.test(before) &&
    /^(?:M|value|at|was|of N|and (?:the )?(?:last|worst|final)|step|W|\)|,)/.test(after) &&
    !/^(?:M (?:(?:is|was|belongs|goes|came|,|has|have|:|=) ?)+|(?:was|is|of M) (?:T|the|by))/.test(after)
  )
    return undefined;

  return lower;
}

/** Numbers stand for themselves, but `one` for a thing: `the best one`. */
function wordsAfter({ tokens, shapes }: Sentence, at: number, most: number): string {
  const found: string[] = [];
  for (let index = at + 1; index < shapes.length && found.length < most; index++)
    if (shapes[index] !== '') found.push(tokens[index]!.lower === 'one' ? 'one' : shapes[index]!);
  return found.join(' ');
}
const STARTED =
  /(?:^| )(?:started|launched) \| (?:$|[.,(]|was|:)|\| (?:started|launched|of the N (?:runs|N) to (?:be )?start)/;

/** "run-145 is the best", "the best is run-145", "run-145, the best run, …", "Longest: keen-robin". */
function winnerOf(sentence: Sentence, at: number, things: readonly Thing[]): Thing | undefined {
  const [from, to] = segmentOf(sentence, at);
  const before = things.filter((thing) => thing.at >= from && thing.at < at && !isMeasuredAgainst(sentence, thing));
  const after = things.filter((thing) => thing.at > at && thing.at < to && !isMeasuredAgainst(sentence, thing));
  const linked =
    after.find((thing) => isLinked(between(sentence, at, thing.at), thing)) ?? beyond(sentence, at, to, things);
  if (linked !== undefined) return linked;
  const subject = before.at(-1);
  if (subject !== undefined) return LINKED.test(between(sentence, subject.at, at)) ? subject : undefined;
  const [next] = after;
  const link = next === undefined ? '' : between(sentence, at, next.at);
  if (next !== undefined && !AWAY.test(link) && link.split(' ').length <= 7) return next;
  const outside = things.filter((thing) => thing.at < from).at(-1);
  const shapes = sentence.shapes.slice(from, at).join(' ');
  if (
    PRONOUN.test(shapes) ||
    (at - from <= 2 &&
      outside !== undefined &&
      /^[,(—–-]$/.test(sentence.shapes[from - 1] ?? '') &&
      from - outside.at <= 6)
  ) {
    const [topic] = sentence.context.topic;
    const who = outside ?? (sentence.context.topic.length === 1 ? topic : undefined);
    return who === undefined ? undefined : { ...who, at };
  }
  return undefined;
}

/** A verb between the superlative and the thing makes it the winner, unless it is only where or before whom. */
function isLinked(link: string, { isExperiment }: Thing): boolean {
  if (!isExperiment && IN_GROUP.test(link)) return true;
  return COPULA.test(link) && !AWAY.test(link.split(VERB).at(-1)!);
}

const VERB = /(?:^| )(?:is|was|are|were|has|have|:|=|→|belongs|goes)(?= |$)/;
/** "The best mean was in the week of 2026-10-12." */
const IN_GROUP =
  /(?:^| )(?:is|was|are|were|counted|found|observed|seen|recorded|fell|fall|falls|lie|lies|happened|started|:)(?: also| again)? in (?:the |that )?(?:week|group|month|day|one)?(?: ?of| that of| the)*$/;

/** "Top mean acc → random_forest"; "the fewest runs were counted, of all three, for logistic_regression". */
function beyond(sentence: Sentence, at: number, to: number, things: readonly Thing[]): Thing | undefined {
  const next = things.find((thing) => thing.at >= to);
  if (
    next === undefined ||
    things.some((thing) => thing.at < at && thing.at >= clauseOf(sentence, at)[0]) ||
    next.at >= clauseOf(sentence, at)[1]
  )
    return undefined;
  if (sentence.shapes[to] === '→') return next.at <= to + 3 ? next : undefined;
  const link = between(sentence, at, next.at);
  return /(?:^| )(?:was|were|is|are)(?: |$)/.test(between(sentence, at, to)) &&
    /(?:^| )(?:for|by)(?: the)?$/.test(link) &&
    !/ (?:and|then|followed|but) /.test(link)
    ? next
    : undefined;
}

const between = (sentence: Sentence, from: number, to: number): string =>
  sentence.shapes
    .slice(from + 1, to)
    .filter((shape) => shape !== '')
    .join(' ');

const COPULA =
  /(?:^| )(?:is|was|are|were|:|=|→|—|–|to|by|being|remains|took|takes|has|have|had|from|named|called|of|run|shows|with|goes|for)(?: (?:the|run|runs|group|experiment|week|one|that of|that|in|only|that in|held by|for|from|to|algorithm|of|week of|the week of|still|again|then|now))*$|^(?:run|runs|group|experiment|week|algorithm|status|one)?$/;
/** What follows these is whom the winner stands before, or where. */
const AWAY =
  /(?:^| )(?:than|over|ahead of|followed by|then|before|above|beats|beating|beyond|next|behind|against|second|vs|in|among|across|within)(?: |$)/;
const LINKED = /^(?:(?!than|over|ahead|behind|beats|against).)*$/;
const PRONOUN =
  /(?:^| )(?:it|this|that|this run|that run|this one|they)(?: (?:is|was|has|had|also|still|got|takes|took|being|came|are|were|the|a|both))*$/;

/** "than run-009", "ahead of run-009": not who the sentence is about. */
const isMeasuredAgainst = (sentence: Sentence, { at }: Thing): boolean =>
  /(?:^| )(?:than|over|ahead of|beats|behind|above|below|vs|versus|against|beyond|unlike|like|followed by)(?: (?:that of|the|run))*$/.test(
    shapesBefore(sentence, at, 3),
  );

/** "the best of the finished runs": among those whose status is known to be that; "the better one": of the two spoken of. */
function fieldFor(
  sentence: Sentence,
  at: number,
  word: string,
  things: readonly Thing[],
  { facts }: Evidence,
): RankedList {
  const statistics = spokenOf(sentence, at);
  if (!SUPERLATIVES.has(word) && word !== 'best') {
    const named = new Set([...things.flatMap(({ owners }) => [...owners]), ...sentence.context.named]);
    return named.size === 2
      ? { among: ({ owner }) => owner !== undefined && named.has(owner), statistics }
      : { among: () => true, isOfTwo: true, statistics };
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
  if (isSaidOf === undefined) return { among: () => true, statistics };
  return {
    among: ({ owner }) => owner === undefined || facts.of(owner, 'status').every(({ value }) => value === isSaidOf),
    statistics,
  };
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

// ---- second, third, …

/** "the runner-up, run-009", "run-009 came second", "third place goes to run-154", "the next best is run-154". */
function placeClaim(sentence: Sentence, at: number, things: readonly Thing[], evidence: Evidence): Claim | undefined {
  const { lower, numeral } = sentence.tokens[at]!;
  const isNext = lower === 'next' && /^best(?: |$)/.test(shapesAfter(sentence, at, 1));
  const place = isNext ? 2 : (PLACES.get(lower) ?? (numeral?.unit === 'ordinal' ? numeral.value : undefined));
  if (place === undefined) return undefined;
  const who = placedThing(sentence, at, things);
  if (who === undefined) return undefined;
  const anyEnd = FROM_BELOW.test(sentence.shapes.join(' '));
  const verdict =
    isAtPlace(who.owners, place, wantedFor(sentence, at, lower), evidence, anyEnd) ??
    (sentence.measures.length === 0 ? isAtPlace(who.owners, place, [], evidence, anyEnd) : undefined);
  return verdict === undefined ? undefined : claimAt(sentence, at, who.at, verdict);
}

/** Words that let a place be counted from the worse end, or by something else than what is better. */
const FROM_BELOW =
  /(?:^| )(?:worst|lowest|highest|slowest|longest|fastest|shortest|largest|smallest|last|bottom|newest|oldest|latest|earliest|most|least|fewest|started|biggest|weakest)(?: |$)/;

function placedThing(sentence: Sentence, at: number, things: readonly Thing[]): Thing | undefined {
  const subject = things.filter((thing) => thing.at < at).at(-1);
  if (
    subject !== undefined &&
    TAKES.test(between(sentence, subject.at, at)) &&
    PLACE_END.test(shapesAfter(sentence, at, 2))
  )
    return subject;
  const next = things.find((thing) => thing.at > at);
  const link = next === undefined ? '' : between(sentence, at, next.at);
  const before = shapesBefore(sentence, at, 3);
  const isAppended = !link.startsWith(',') || sentence.tokens[at]!.lower === 'runner-up' || /(?:^| )the$/.test(before);
  return next !== undefined &&
    isAppended &&
    PLACE_OF.test(link) &&
    !/(?:^| )(?:every|each|a|the first and|than|to)(?: the)?$/.test(before)
    ? next
    : undefined;
}

const PLACE_OF =
  /^(?:(?:\w+est|place|spot|position|runs?|week|group|algorithm|experiment|parameter|mean|median|M|one|on M|by M|in M) ?)*(?:,|:|is|was|→|=|we find|we have|stands|comes|(?:goes|went|belongs) to|(?:came|comes|is taken by|was taken by|held by|is held by)) ?(?:still |again |then )?(?:the )?(?:run|week of|week|group)?$/;
const TAKES =
  /^(?:(?:is|was|comes|came|ranks|ranked|placed|finished|finishes|takes|took|gets|got|lands|landed|in|the|only|N|\(|\)|T|runs?|,) ?)*(?:is|was|comes|came|ranks|ranked|placed|finished|finishes|takes|took|in)(?: in)?(?: only)?(?: the)?$/;
const PLACE_END = /^(?:$|[.,;:]|with|at|by|on|and|but|place|spot|position|behind|after|overall)(?: |$)/;

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
    COMMON_SUBJECTS.test(subject.lower)
  )
    return undefined;
  const known =
    evidence.names.find(subject.text) !== undefined ||
    evidence.words.has(subject.lower) ||
    STATUS_WORDS.has(subject.lower);
  return known ? undefined : { start: subject.start, end: subject.end, supported: false };
}

const COMMON_SUBJECTS =
  /^(?:it|this|that|which|what|one|ones|runs?|values?|results?|scores?|here|there|who|he|she|they|former|latter|winner|leader|rest|others?|gap|difference|everything|nothing|metrics?|groups?|experiments?|direction|higher|lower|mean|median|best|worst|top|first|second|third|last|loss|accuracy|latency|duration|algorithms?|parameters?|answer|status|order|list|ranking|rank|lead|margin|question|spread|range|share|rate|error|runner-up|champion|weeks?|models?|overall|place|position|fourth|fifth|side|same|entry|pick|verdict|finding|test|association|relation|relationship|correlation|curves?|number|total|count|forest|boosting|regression)$/;
