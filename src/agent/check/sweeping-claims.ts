/** "All", "none", "not all" and "only": what a few cells can refute and none can prove. */
import { OTHER_PARTS } from '../terms/counting.ts';
import { causeClaims, reasonClaims } from './cause-claims.ts';
import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { likeness } from './likeness-claims.ts';
import type { Sentence } from './sentence.ts';
import { sweepFrom } from './sweep.ts';
import { boundOf } from './sweep-bounds.ts';
import { exclusionOf, parentsIn } from './sweep-exclusions.ts';
import { saidOfEach } from './sweep-members.ts';
import { onlyOne } from './sweep-only.ts';
import { othersOf } from './sweep-statuses.ts';
import { emptyOf, finiteOf } from './sweep-values.ts';
import { curveVerdictOf, trendOf } from './sweep-verdicts.ts';

export function* sweepingClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  yield* causeClaims(sentence, evidence);
  yield* reasonClaims(sentence, evidence);
  for (const [at, token] of sentence.tokens.entries()) {
    const ok =
      parentsIn(sentence, at, evidence) ??
      sweepAt(sentence, at, evidence) ??
      onlyOne(sentence, at, evidence) ??
      likeness(sentence, at, evidence);
    if (ok !== undefined) yield { start: token.start, end: token.end, supported: ok };
  }
}

const PREDICATES = [trendOf, saidOfEach, curveVerdictOf, boundOf, exclusionOf, emptyOf, finiteOf];

/** Any predicate that the cells support will do; undefined where none can be held against them. */
function sweepAt(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const sweep = sweepFrom(sentence, at);
  if (sweep === undefined) return undefined;
  const isPart = [...sweep.words].some((word) => OTHER_PARTS.has(word));
  for (const predicate of isPart ? [othersOf] : PREDICATES) {
    const ok = predicate(sweep, evidence);
    if (ok !== undefined) return ok;
  }
  return undefined;
}
