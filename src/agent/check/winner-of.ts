/** Whom a superlative is said of. */
import type { Claim } from './claim.ts';
import { clauseOf, segmentOf, shapesBefore, shapesBetween } from './clauses.ts';
import type { Sentence, Thing } from './sentence.ts';

/** "run-145 is the best", "the best is run-145", "run-145, the best run, …", "Longest: keen-robin". */
export function winnerOf(sentence: Sentence, at: number, things: readonly Thing[]): Thing | undefined {
  const [from, to] = segmentOf(sentence, at);
  const before = things.filter((thing) => thing.at >= from && thing.at < at && !isMeasuredAgainst(sentence, thing));
  const after = things.filter((thing) => thing.at > at && thing.at < to && !isMeasuredAgainst(sentence, thing));
  const linked =
    after.find((thing) => isLinked(shapesBetween(sentence, at + 1, thing.at), thing)) ??
    beyond(sentence, at, to, things);
  if (linked !== undefined) return linked;
  const subject = before.at(-1);
  if (subject !== undefined) return LINKED.test(shapesBetween(sentence, subject.at + 1, at)) ? subject : undefined;
  const [next] = after;
  const link = next === undefined ? '' : shapesBetween(sentence, at + 1, next.at);
  if (next !== undefined && !AWAY.test(link) && link.split(' ').length <= 7) return next;
  const outside = things.filter((thing) => thing.at < from && !isMeasuredAgainst(sentence, thing)).at(-1);
  const shapes = sentence.shapes.slice(from, at).join(' ');
  if (
    PRONOUN.test(shapes) ||
    (outside !== undefined && ELLIPSIS.test(shapes)) ||
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
  const link = shapesBetween(sentence, at + 1, next.at);
  return /(?:^| )(?:was|were|is|are)(?: |$)/.test(shapesBetween(sentence, at + 1, to)) &&
    /(?:^| )(?:for|by)(?: the)?$/.test(link) &&
    !/ (?:and|then|followed|but) /.test(link)
    ? next
    : undefined;
}

const COPULA =
  /(?:^| )(?:is|was|are|were|:|=|→|—|–|to|by|being|remains|took|takes|has|have|had|from|named|called|of|run|shows|with|goes|for)(?: (?:the|run|runs|group|experiment|week|one|that of|that|in|only|that in|held by|for|from|to|algorithm|of|week of|the week of|still|again|then|now))*$|^(?:run|runs|group|experiment|week|algorithm|status|one)?$/;

/** What follows these is whom the winner stands before, or where. */
const AWAY =
  /(?:^| )(?:than|over|ahead of|followed by|then|before|above|beats|beating|beyond|next|behind|against|second|vs|in|among|across|within)(?: |$)/;

const LINKED = /^(?:(?!than|over|ahead|behind|beats|against).)*$/;

const PRONOUN =
  /(?:^| )(?:it|this|that|this run|that run|this one|they)(?: (?:is|was|has|had|also|still|got|takes|took|being|came|are|were|the|a|both))*$/;

/** ", but also the higher loss", "while its loss is the lower". */
const ELLIPSIS =
  /^(?:and |but )?(?:(?:also|still|with|has|have|had|shows?|gets?) )+the$|(?:^| )its (?:final |mean |median |last )?M (?:is|was) (?:also |even |still )?the$/;

/** "than run-009", "ahead of run-009": not who the sentence is about. */
const isMeasuredAgainst = (sentence: Sentence, { at }: Thing): boolean =>
  /(?:^| )(?:than|over|ahead of|beats|behind|above|below|vs|versus|against|beyond|unlike|like|followed by)(?: (?:that of|the|run|N (?:for|at|with|in|of)))*$/.test(
    shapesBefore(sentence, at, 4),
  );

/** The mark stands behind whichever of the two comes last. */
export function claimAt({ tokens }: Sentence, at: number, who: number, supported: boolean): Claim {
  const behind = tokens[Math.max(at, who)]!;
  return { start: behind.start, end: behind.end, supported };
}
