/** Who is said to be second, third, next. */
import { PLACES } from '../terms/comparison.ts';
import type { Claim } from './claim.ts';
import { shapesAfter, shapesBefore, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { isAtPlace } from './ranks.ts';
import type { Sentence, Thing } from './sentence.ts';
import { wantedFor } from './wanted-measure.ts';
import { claimAt } from './winner-of.ts';

/** "the runner-up, run-009", "run-009 came second", "third place goes to run-154", "the next best is run-154". */
export function placeClaim(
  sentence: Sentence,
  at: number,
  things: readonly Thing[],
  evidence: Evidence,
): Claim | undefined {
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
    TAKES.test(shapesBetween(sentence, subject.at + 1, at)) &&
    PLACE_END.test(shapesAfter(sentence, at, 2))
  )
    return subject;
  const next = things.find((thing) => thing.at > at);
  const link = next === undefined ? '' : shapesBetween(sentence, at + 1, next.at);
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
