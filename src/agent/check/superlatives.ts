/** The word that says somebody is first. */
import { COMPARATIVES, SUPERLATIVES } from '../terms/comparison.ts';
import { clauseOf, shapesBefore } from './clauses.ts';
import type { Sentence } from './sentence.ts';

/** The word of the superlative that stands here and is said of somebody. */
export function superlativeAt(sentence: Sentence, at: number): string | undefined {
  const { lower, type } = sentence.tokens[at]!;
  const isFirst = sentence.tokens[at]!.numeral?.spelled === 'ordinal' && lower === 'first';
  if (type !== 'word' && type !== 'mark' && !isFirst) return undefined;
  const before = shapesBefore(sentence, at, 4);
  const after = wordsAfter(sentence, at, 7);
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
  if (
    COMPARATIVES.has(lower) &&
    /^$|[.:,]$/.test(before) &&
    /^(?:(?:final|mean|median|last|first|average) )?M (?::|=|→|(?:goes|went|belongs|belonged) to) [TMN](?: |$)/.test(
      after,
    )
  )
    return lower;
  if (
    COMPARATIVES.has(lower) &&
    /(?:^| )the$/.test(before) &&
    !isSetAgainst(sentence, at) &&
    !/^(?:M )?(?:N|the|it|is better)/.test(after)
  )
    return lower;
  if (!SUPERLATIVES.has(lower)) return undefined;
  if (NEXT_TO.test(before) || (NO_SUPERLATIVE.test(after) && !WINNERS.test(lower))) return undefined;
  if (lower === 'most' && /(?:^| )(?:explains?|explained|accounts for)(?: the)?$/.test(before)) return lower;
  if (lower === 'most' && /^of(?: |$)/.test(after)) return undefined;
  if (
    SURE.test(lower) &&
    !isOfStrength(before, after) &&
    !/(?:^| )(?:the|is|has|had|with|was|=|:|,|have|got)$|^$/.test(before)
  )
    return undefined;
  if (
    /^(?:leads|leading|leader)$/.test(lower) &&
    /^(?:to|by N|over|T)(?: |$)/.test(after) &&
    !sentence.things.some((thing) => thing.isExperiment && thing.at > at && thing.at <= at + 3)
  )
    return undefined;
  const isHeld =
    /(?:^| )(?:has|have|had|gets|got|achieves|achieved|delivers|ties for|tied for|shares|takes|took|posts|posted|reaches|reached|records|recorded|shows|showed) the$/.test(
      before,
    ) && /^M(?: (?:[.,;(]|of|in|and|on|with)|$)/.test(after);
  if (
    !isHeld &&
    /^(?:best|worst)$/.test(lower) &&
    /(?:^| )(?:(?:the|at|a|above|of|from|to|and|or|by|than)(?: T)?|T (?:'s|’s))$/.test(before) &&
    /^(?:M|value|at|was|of N|and (?:the )?(?:last|worst|final)|step|W|\)|,)/.test(after) &&
    !/^(?:M (?:(?:shown|listed|here|overall|of (?:the|all) N|of all) )?(?:(?:is|was|belongs|goes|came|,|has|have|:|=) ?)+|(?:was|is|of M) (?:T|the|by))/.test(
      after,
    )
  )
    return undefined;

  return lower;
}

const isSetAgainst = (sentence: Sentence, at: number): boolean =>
  sentence.shapes.slice(at, clauseOf(sentence, at)[1]).includes('than');

/** "the parameter most strongly associated with", "matters most". */
const isOfStrength = (before: string, after: string): boolean =>
  /(?:^| )matters?$/.test(before) ||
  /^(?:strongly |closely |clearly )?(?:associated|linked|correlated|related|important|influential)(?: |$)/.test(after);

const NEXT_TO =
  /(?:^| )(?:its|their|own|whose|that|this|his|second|third|fourth|fifth|sixth|next|not|nor|never|n't|without|if|whether|O|one of the|N of the|among the|the N|at|far)(?:-| )?(?:-|the|be|to|necessarily|always|as)?$/;

const NO_SUPERLATIVE =
  /^(?:(?:, )?(?:at|with) N (?:, )?(?:at|on|in) (?:step|epoch)|at (?:step|epoch|O|N|the end|the start)|of (?:luck|chance)|known|for (?:a|each|every)|per|guess|to (?:N|date)|one can|step|epoch|possible|case|practice|N|O|value of each|error|among equals|row|rows|two|few|in (?:its|their)|excess|part|likely)(?: |$)/;

const WINNERS = /^(?:winner|leader|champion|front-?runner)$/;

const SURE = /^(?:max|min|most|least|maximum|minimum|top|latest|first|last)$/;

/** Numbers stand for themselves, but `one` for a thing: `the best one`. */
function wordsAfter({ tokens, shapes }: Sentence, at: number, most: number): string {
  const found: string[] = [];
  for (let index = at + 1; index < shapes.length && found.length < most; index++)
    if (shapes[index] !== '') found.push(tokens[index]!.lower === 'one' ? 'one' : shapes[index]!);
  return found.join(' ');
}

const STARTED =
  /(?:^| )(?:started|launched) \| (?:$|[.,(]|was|:)|\| (?:started|launched|of the N (?:runs|N) to (?:be )?start)/;
