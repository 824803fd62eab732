/** Who is said to be ahead of whom, and which way a value is said to have gone. */
import { COMPARATIVES, type ComparisonSide } from '../terms/comparison.ts';
import { association, tendency } from './association.ts';
import type { Claim } from './claim.ts';
import { shapesAfter, shapesBefore, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { measureOrder } from './measure-order.ts';
import { NO_ORDER, operands } from './operands.ts';
import { isAhead, isExtreme } from './ranks.ts';
import { rivalsOf } from './rivals.ts';
import type { Sentence, Thing } from './sentence.ts';
import { COUNTED_MORE, statusOrder } from './status-order.ts';
import { steady } from './steady-claims.ts';
import { ending, movement, trend } from './trends.ts';
import { spokenOf, wantedFor } from './wanted-measure.ts';

export function* orderClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, { type, start, end }] of sentence.tokens.entries()) {
    if (type !== 'word' && type !== 'mark') continue;
    const verdict =
      steady(sentence, at, evidence) ??
      order(sentence, at, evidence) ??
      ending(sentence, at, evidence) ??
      movement(sentence, at, evidence) ??
      trend(sentence, at, evidence) ??
      direction(sentence, at, evidence) ??
      association(sentence, at, evidence) ??
      tendency(sentence, at, evidence);
    if (verdict !== undefined) yield { start, end, supported: verdict };
  }
}

function order(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const word = sentence.tokens[at]!.lower;
  const side = COMPARATIVES.get(word);
  if (side === undefined) return undefined;
  const after = shapesAfter(sentence, at, 3);
  if (
    NO_ORDER.test(shapesBefore(sentence, at, 3)) ||
    /(?:^| )at no (?:point|step|time)(?: |$)/.test(shapesAfter(sentence, at, 8)) ||
    /^(?:is|=) (?:better|worse)|^or /.test(after)
  )
    return undefined;
  const byStatus = statusOrder(sentence, at, side, evidence);
  if (byStatus !== undefined) return byStatus;
  if (
    /^(?:more|less|fewer)$/.test(word) &&
    !/^(?:than|runs than|M than|(?:distinct |different )?(?:values|points) than)/.test(after) &&
    !COUNTED_MORE.test(after) &&
    !evidence.facts.byMeasure.has('explained')
  )
    return undefined;
  const things = rivalsOf(sentence, evidence);
  const isValue = /^N(?: |$)/.test(after) && sentence.tokens[at + 1]?.lower !== 'one';
  if (isValue && !things.some((thing) => thing.at === at + 1)) return undefined;
  if (
    /^(?:over|under|above|below|more|less)$/.test(word) &&
    /^(?:the (?:course|last|whole|next|points|steps|\w+ points)|all|N|values|than N|time|average|its|both|those)(?: |$)/.test(
      after,
    )
  )
    return measureOrder(sentence, at, side, evidence);
  const [first, second] = operands(sentence, at, things);
  const wanted = wantedFor(sentence, at, word);
  if (first !== undefined && second === undefined && EVERYONE.test(after)) {
    const verdict = isExtreme(first.owners, side, word, wanted, evidence, {
      among: () => true,
      isAlone: true,
      statistics: spokenOf(sentence, at),
    });
    if (verdict !== undefined) return verdict;
  }
  if (first !== undefined && second === undefined && isAlone(sentence, first.at, at)) {
    const verdict = isExtreme(first.owners, side, word, wanted, evidence, {
      among: () => true,
      isOfTwo: true,
      statistics: spokenOf(sentence, at),
    });
    if (verdict !== undefined) return verdict;
  }
  if (first !== undefined && second === undefined && LEADERS.test(shapesAfter(sentence, at, 7)))
    return beatsLeader(first, side, evidence);
  if (
    first === undefined ||
    second === undefined ||
    (first.isLabel && second.isLabel && wanted.length === 0 && !evidence.facts.byMeasure.has('explained'))
  )
    return measureOrder(sentence, at, side, evidence);
  const isRanked =
    /^(?:above|below|under|over)$/.test(word) &&
    sentence.shapes.some((shape) => /^(?:rank\w*|place[ds]?|list(?:ed)?|order|O)$/.test(shape));
  return isAhead(
    first.owners,
    second.owners,
    isRanked ? (side === 'up' ? 'better' : 'worse') : side,
    word,
    wanted,
    evidence,
    spokenOf(sentence, at),
  );
}

/** "run-009 comes out ahead on f1": of two, that is ahead of the other. */
const isAlone = (sentence: Sentence, subject: number, at: number): boolean =>
  subject < at &&
  ALONE.test(shapesBetween(sentence, subject + 1, at)) &&
  /^(?:$|[.;!]|on|in|by)(?: |$)/.test(shapesAfter(sentence, at, 1));

/** "ahead of everyone else", "beats all the others". */
const EVERYONE =
  /^(?:(?:M )?(?:of|than) )?(?:everyone|everybody|anyone|any|anything|every|everything|all|the (?:others|rest|field|pack))(?: |$)/;

const ALONE =
  /^(?:is|was|comes|came|performs|performed|scores|scored|does|did|ran|took|stays|stayed)(?: out| slightly| clearly| narrowly| a bit| N)*$/;

const LEADERS = /^(?:M )?(?:than )?(?:the |all )?(?:N |tied |other )*(?:leaders?|winners?|tied|champion)(?: |$)/;

/** "a lower rmse than the three leaders": nobody in the list is better than its first. */
function beatsLeader({ owners }: Thing, side: ComparisonSide, { facts }: Evidence): boolean | undefined {
  const column = facts.columns.find(
    (one) =>
      one.direction !== undefined &&
      one.isMain &&
      one.facts.some(({ owner }) => owner !== undefined && owners.has(owner)),
  );
  if (column === undefined) return undefined;
  const isBetter =
    side === 'better' ||
    (side === 'up' && column.direction === 'higher') ||
    (side === 'down' && column.direction === 'lower');
  return isBetter ? false : undefined;
}

/** "higher is better" against what the finding took for better. */
function direction(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  if (
    lower !== 'better' ||
    (!/(?:^| )(?:is|=|as|was|being|were|are|treated as|considered|:)(?: the)?$/.test(shapesBefore(sentence, at, 2)) &&
      !/(?:^| )(?:higher|lower)$/.test(shapesBefore(sentence, at, 1)))
  )
    return undefined;
  const said = sentence.tokens
    .slice(Math.max(0, at - 9), at)
    .map((token) =>
      /^(?:higher|larger|greater)$/.test(token.lower)
        ? 'higher'
        : /^(?:lower|smaller)$/.test(token.lower)
          ? 'lower'
          : undefined,
    )
    .findLast((one) => one !== undefined);
  const own = evidence.findings.flatMap((finding) =>
    finding.direction === undefined ? [] : [finding.direction.value],
  );
  if (said === undefined || own.length === 0) return undefined;
  return own.includes(said);
}
