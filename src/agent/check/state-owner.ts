/** Whose state a sentence tells, and whether it denies it. */
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { Sentence, Thing } from './sentence.ts';

export const NEGATION =
  /(?:^| )(?:not|never|n't|didn't|isn't|wasn't|hasn't|without|nor|neither|no)(?: (?:yet|have|marked|as|even|be|a|one))?$/;

export function ownerOfState(sentence: Sentence, at: number, { onlyOwner }: Evidence): Thing | undefined {
  const things = sentence.things.filter(({ isExperiment }) => !isExperiment);
  if (/^\( T/.test(shapesAfter(sentence, at, 2))) return things.find((thing) => thing.at > at);
  const [topic] = sentence.context.topic;
  const before = things.filter((thing) => thing.at < at);
  const last = before.at(-1);
  const alone = onlyOwner === undefined ? undefined : { at: 0, owners: new Set([onlyOwner]), isExperiment: false };
  const near = shapesBefore(sentence, at, 5);
  if (last === undefined) {
    if (things.length > 0) return undefined;
    if (sentence.context.isCell) return topic;
    if (alone !== undefined && THE_RUN.test(near)) return alone;
    return PRONOUN.test(near) || LABEL.test(near) ? (topic ?? alone) : undefined;
  }
  const between = sentence.shapes
    .slice(last.at + 1, at)
    .filter((shape) => shape !== '')
    .join(' ');
  if (STATE_LINK.test(between.replace(ASIDE, ''))) return last;
  const others = before.filter(({ owners }) => ![...owners].some((owner) => last.owners.has(owner)));
  return others.length === 0 && (PRONOUN.test(near) || LABEL.test(near)) ? last : undefined;
}

/** `, which shows no values, was KILLED`. */
const ASIDE = /^, (?:which|who|whose) [^,]*, /;

/** `it was`, `its status is given as`, `and it is a`. */
const PRONOUN =
  /(?:^| )(?:it|it's|this run|that run|which)(?: (?:is|was|has|had|did|still|also|'s|a|an|marked|listed|given|recorded|as|already|actually|only|just|not|never|been))*$|(?:^| )(?:its|whose|the) (?:status|diagnosis|verdict)(?: (?:is|was|reads|says|said|given|as|:|=|of|"|“|being|a))*$/;
export const THE_RUN = /(?:^| )the (?:run|curve)(?: (?:is|was|has|had|itself|still|also|clearly))*$/;
/** `Status: `, `Diagnosis = `. */
const LABEL = /(?:^|[,;.(] ?|and )(?:status|diagnosis|verdict)(?: (?:is|was|:|=|"|“))*$/;
const STATE_LINK =
  /^(?:(?:is|was|has|had|did|not|n't|also|still|which|that|both|have|are|were|run|status|=|:|\(|\)|,|-|—|–|it|as|marked|being|already|never|actually|already|successfully|been|,|T|and|the|a|of|with|→|V|ended|came out|out|came|listed|recorded|reported|in|its|state|now|even|currently|though|itself|given|diagnosis|verdict|says|said|too|"|“|for|called|diagnosed|reads) ?)*$/;
