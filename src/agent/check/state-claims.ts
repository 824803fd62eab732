/** What became of a run, what a curve was called, which param or tag it had. */

import { COMPARATIVES, SUPERLATIVES } from '../terms/comparison.ts';
import { COUNTED } from '../terms/counting.ts';
import { GRADES, NO_STATE, NO_VALUES, REASONS, STATUS_WORDS, type StatusName, VERDICTS } from '../terms/status.ts';
import { assign } from './assignment.ts';
import type { Claim } from './claim.ts';
import { segmentOf, shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { type CellFact, labelOwner } from './facts.ts';
import { foldName } from './fold.ts';
import { nounAfter } from './mentions.ts';
import { comparedStatuses, statusPopulations } from './populations.ts';
import type { Sentence, Thing } from './sentence.ts';

export function* stateClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, token] of sentence.tokens.entries()) {
    const { type, lower, start, end, meaning } = token;
    if (type !== 'word' && type !== 'name') continue;
    const word = lower.replace(/^[`"“]+|[`"”]+$/g, '');
    const status = STATUS_WORDS.get(word);
    const isValue = type === 'name' && meaning?.isValue === true && meaning.owners.size === 0;
    const ok =
      status !== undefined
        ? (statusClaim(sentence, at, status, evidence) ??
          statusCount(sentence, at, status, evidence) ??
          otherOfTwo(sentence, at, status, evidence) ??
          absentStatus(sentence, at, status, evidence))
        : VERDICTS.has(word)
          ? verdictClaim(sentence, at, VERDICTS.get(word)!, evidence)
          : (gradeClaim(sentence, at, word, evidence) ??
            reasonClaim(sentence, at, word, evidence) ??
            keyedClaim(sentence, at, word, evidence) ??
            (isValue ? valueClaim(sentence, at, word, evidence) : undefined));
    if (ok !== undefined) yield { start, end, supported: ok };
  }
}

const NEGATION =
  /(?:^| )(?:not|never|n't|didn't|isn't|wasn't|hasn't|without|nor|neither|no)(?: (?:yet|have|marked|as|even|be|a|one))?$/;

/** A status said of named runs. Of a number of runs it is a count's. */
function statusClaim(sentence: Sentence, at: number, status: StatusName, evidence: Evidence): boolean | undefined {
  const before = shapesBefore(sentence, at, 4);
  if (
    /(?:^| )N(?: \S+)?$/.test(before) ||
    /(?:^| )(?:of|all|every|each|how many|other|the|any|only|among|average|mean|for|than)$/.test(before)
  )
    return undefined;
  if (nounAfter(sentence, at)?.unit === 'run' && !/(?:^| )(?:a|an)$/.test(before)) return undefined;
  const owner = ownerOfState(sentence, at, evidence);
  if (owner === undefined) return undefined;
  const known = evidence.facts.all.filter(
    ({ measure, owner: of, value }) =>
      measure === 'status' && of !== undefined && owner.owners.has(of) && typeof value === 'string',
  );
  const negated = NEGATION.test(before);
  const stored =
    known.length > 0 ? known.map(({ value }) => String(value).toUpperCase()) : comparedStatuses(owner.owners, evidence);
  if (stored.length > 0) return stored.some((one) => (one === status) !== negated);
  const around = evidence.stretches.filter(({ owners }) => [...owner.owners].some((one) => owners.has(one)));
  const said = around.some(({ words }) => words.has(status));
  const other = around.some(({ words }) => [...STATUS_WORDS.values()].some((one) => one !== status && words.has(one)));
  if (said) return !negated;
  return other ? negated : undefined;
}

function ownerOfState(sentence: Sentence, at: number, { onlyOwner }: Evidence): Thing | undefined {
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
const THE_RUN = /(?:^| )the (?:run|curve)(?: (?:is|was|has|had|itself|still|also|clearly))*$/;
/** `Status: `, `Diagnosis = `. */
const LABEL = /(?:^|[,;.(] ?|and )(?:status|diagnosis|verdict)(?: (?:is|was|:|=|"|“))*$/;
const STATE_LINK =
  /^(?:(?:is|was|has|had|did|not|n't|also|still|which|that|both|have|are|were|run|status|=|:|\(|\)|,|-|—|–|it|as|marked|being|already|never|actually|already|successfully|been|,|T|and|the|a|of|with|→|V|ended|came out|out|came|listed|recorded|reported|in|its|state|now|even|currently|though|itself|given|diagnosis|verdict|says|said|too|"|“|for|called|diagnosed|reads) ?)*$/;

/** What a diagnosis said of a curve. */
function verdictClaim(sentence: Sentence, at: number, verdict: string, evidence: Evidence): boolean | undefined {
  const before = shapesBefore(sentence, at, 4);
  if (
    /(?:^| )(?:N|of|all|every|each|how many|any|no|none|the|for|about|as)(?: \S+)?$/.test(before) &&
    !(evidence.onlyOwner !== undefined && THE_RUN.test(before))
  )
    return undefined;
  const owner = ownerOfState(sentence, at, evidence);
  if (owner === undefined) return undefined;
  const around = evidence.stretches.filter(({ owners }) => [...owner.owners].some((one) => owners.has(one)));
  if (around.length === 0) return undefined;
  const isSaid = around.some(({ words }) => [...words].some((word) => VERDICTS.get(word) === verdict));
  const isLeftOut = around.every(({ words }) => words.has('left') && words.has('out'));
  const isOther =
    isLeftOut ||
    (verdict === 'diverged' && isCalledFinite(owner, evidence)) ||
    around.some(({ words }) => [...words].some((word) => VERDICTS.has(word) && VERDICTS.get(word) !== verdict));
  const negated = NEGATION.test(before);
  if (isSaid) return !negated;
  return isOther ? negated : undefined;
}

/** `left out, since finite at the end: …`. */
const isCalledFinite = ({ owners }: Thing, { findings, names }: Evidence): boolean =>
  findings.some(({ caveats }) =>
    caveats.some(
      ({ text }) =>
        text.startsWith('left out, since finite') &&
        [...owners].some((owner) => text.includes(`\`${names.refOf(owner)?.name}\``)),
    ),
  );

/** A stored text said of a thing must be that thing's, under the key that is named. */
function valueClaim(sentence: Sentence, at: number, word: string, evidence: Evidence): boolean | undefined {
  // "Two of them are …" and "the older one is …" name nobody.
  const before = sentence.shapes
    .slice(0, at)
    .filter((shape) => shape !== '')
    .join(' ');
  if (
    /(?:^| )N(?: of \S+)?(?: runs?| ones?)?(?: (?:are|use|used|were|have))*$/.test(before) ||
    (sentence.things.length === 0 &&
      sentence.tokens.some(({ lower }) => COMPARATIVES.has(lower) || SUPERLATIVES.has(lower)))
  )
    return undefined;
  if (/(?:^| )(?:others?|rest|N|former|latter)$/.test(before)) return undefined;
  const said = assign(sentence, at);
  const subject = /(?:^| )T(?: (?:is|was|=|:|has|used|uses))$/.test(before)
    ? sentence.things.findLast((thing) => thing.at < at)
    : undefined;
  const things = subject === undefined ? (said.owners[0] ?? []) : [subject];
  if (things.length === 0) return undefined;
  const text = foldName(word);
  const holds = (fact: CellFact) => typeof fact.value === 'string' && foldName(fact.value) === text;
  const all = evidence.facts.all.filter(holds);
  if (all.length === 0) return undefined;
  const measures = new Set(all.map(({ measure }) => measure));
  for (const thing of things) {
    const own = evidence.facts.all.filter(
      ({ owner, measure }) => owner !== undefined && thing.owners.has(owner) && measures.has(measure),
    );
    if (own.length === 0) return undefined;
    const negated = NEGATION.test(shapesBefore(sentence, at, 3));
    if (own.some(holds) === negated)
      return said.owners
        .slice(1)
        .some((others) =>
          others.every(({ owners }) => all.some(({ owner }) => owner !== undefined && owners.has(owner))),
        );
  }
  return true;
}

/** "one is FAILED and the other KILLED": of two runs whose statuses are told. */
function otherOfTwo(sentence: Sentence, at: number, status: string, evidence: Evidence): boolean | undefined {
  if (!/(?:^| )the other(?: (?:one|N|is|was|has|still|run))*$/.test(shapesBefore(sentence, at, 5))) return undefined;
  const pairs = statusPopulations(evidence).filter(({ size, isWhole }) => size === 2 && isWhole);
  return pairs.length === 0
    ? undefined
    : pairs.some(({ byStatus }) => [...byStatus.keys()].some((one) => one === status));
}

/** "the other seven are FAILED": where the runs of each status are counted. */
function statusCount(sentence: Sentence, at: number, status: StatusName, evidence: Evidence): boolean | undefined {
  const before = shapesBefore(sentence, at, 9);
  const said = COUNTED_STATE.exec(before)?.[0];
  if (said === undefined || /(?:^| )(?:or|and)(?: |$)/.test(shapesAfter(sentence, at, 1))) return undefined;
  const numbers = sentence.tokens.slice(0, at).flatMap(({ numeral }) => (numeral === undefined ? [] : [numeral.value]));
  const count = numbers.at(/(?:^| )N of (?:the )?N(?: |$)/.test(said) ? -2 : -1);
  const counts = statusPopulations(evidence)
    .filter(({ isWhole }) => isWhole)
    .map(({ byStatus }) => byStatus.get(status) ?? 0);
  if (counts.length === 0 || count === undefined) return undefined;
  // Of a part that is not counted there may be fewer.
  if (/ of (?!which|them|(?:the )?N )/.test(said) && counts.some((one) => one > count)) return undefined;
  return counts.includes(count);
}

const COUNTED_STATE =
  /(?:^| )N(?: runs?| ones?| others?| of which| of them| of (?:the )?N(?: runs)?)?,? (?:is|are|was|were)(?: still| also| marked| listed| marked as| listed as)*$/;

/** A status that no finding speaks of, where they speak of others. */
function absentStatus(sentence: Sentence, at: number, status: string, evidence: Evidence): boolean | undefined {
  const { text } = sentence.tokens[at]!;
  const isState =
    /^[A-Z]{4,}$/.test(text.replaceAll('`', '')) ||
    /(?:^| )(?:is|was|are|were)(?: still| marked)?$/.test(shapesBefore(sentence, at, 2));
  if (!isState || (status === 'FINISHED' && !/^[A-Z]/.test(text.replaceAll('`', '')))) return undefined;
  const isKnown = (one: string) =>
    evidence.names.find(one) !== undefined ||
    evidence.stretches.some(({ words }) => words.has(one)) ||
    evidence.counts.some(({ tags, value }) => value > 0 && (tags.has(one) || tags.has(`not ${one}`)));
  if (isKnown(status)) return undefined;
  const words = sentence.tokens.slice(...segmentOf(sentence, at)).map(({ lower }) => lower);
  // "the excluded ones are running" says what they are.
  const isSaidOf = (index: number) => words[index]!.endsWith('ed') && COUNTED.has(words[index + 1] ?? '');
  const isUnsaid = words.some((word, index) => word.endsWith("n't") || (NO_STATE.has(word) && !isSaidOf(index)));
  return isUnsaid ? undefined : false;
}

/** The verdict column of a table: `strong (levels)`, `noise`. */
function gradeClaim(sentence: Sentence, at: number, word: string, evidence: Evidence): boolean | undefined {
  if (!GRADES.has(word)) return undefined;
  const before = shapesBefore(sentence, at, 4);
  if (
    !/(?:^| )(?:=|:|is|as|verdict|was|only|just|mere|called|gets|got|"|“|merely|be)$/.test(before) ||
    NEGATION.test(before)
  )
    return undefined;
  if (
    /^(?:[a-z]+)(?: |$)/.test(shapesAfter(sentence, at, 1)) &&
    !/^(?:and|with|while|but|in|too|here|by)/.test(shapesAfter(sentence, at, 1))
  )
    return undefined;
  const verdicts = evidence.facts.byMeasure.get('verdict') ?? [];
  const subject = sentence.things.filter((thing) => thing.at < at).at(-1) ?? sentence.context.topic[0];
  const own = verdicts.filter(({ owner }) => owner !== undefined && subject?.owners.has(owner));
  if (own.length === 0) return undefined;
  return own.some(({ value }) => String(value).toLowerCase().split(/\W+/).includes(word));
}

/** Why a parameter was not tested. */
function reasonClaim(sentence: Sentence, at: number, word: string, evidence: Evidence): boolean | undefined {
  if (!REASONS.has(word)) return undefined;
  const mention = sentence.measures.filter((one) => one.at < at).at(-1);
  const words = new Set(sentence.tokens.map(({ lower }) => lower));
  if (mention === undefined || (!words.has('tested') && !words.has('untested'))) return undefined;
  const own = evidence.stretches.filter(
    (one) =>
      [...mention.keys].some((key) => one.measures.has(key)) &&
      one.measures.size === 1 &&
      [...REASONS].some((reason) => one.words.has(reason)),
  );
  return own.length === 0 ? undefined : own.some((one) => one.words.has(word));
}

const KEYED = /(?:^| )M(?: (?:tag|param|parameter))?(?: (?:is|=|:|was|reads|"|“))+$/;
const VALUE_END = /^(?:$|[,.;)|`"”]|and|while|whereas|but|too|also|though)/;

/** `team=platform`, "its stage is baseline": a text under its key, even one that nobody knows. */
function keyedClaim(sentence: Sentence, at: number, word: string, evidence: Evidence): boolean | undefined {
  const { tokens, context, shapes } = sentence;
  const isCell =
    context.isCell && tokens.filter(({ type }) => type !== 'mark').length === 1 && context.measures.size > 0;
  const near = shapesBefore(sentence, at, 5);
  const isKeyed =
    KEYED.test(near) ||
    /(?:^|[,;:] )M$/.test(near) ||
    (/(?:^| )T (?:is|was|=|:|has)$/.test(near) && sentence.measures.length > 0) ||
    (/^M$/.test(shapes[at - 1] ?? '') &&
      VALUE_END.test(shapes[at + 1] ?? '') &&
      evidence.names.find(word)?.isValue === true);
  const listed = listedValue(sentence, at, word, evidence);
  if (listed !== undefined) return listed;
  if (
    (!isCell && !isKeyed) ||
    !/^[a-z]/.test(word) ||
    !VALUE_END.test(shapesAfter(sentence, at, 1)) ||
    NO_VALUES.has(word)
  )
    return undefined;
  const keys = isCell
    ? context.measures
    : (sentence.measures.filter((one) => one.at < at).at(-1)?.keys ?? new Set<string>());
  const texts = evidence.facts.all.filter(
    ({ measure, value, kind }) => keys.has(measure) && typeof value === 'string' && kind !== 'time',
  );
  const things = sentence.things.filter((thing) => !thing.isExperiment && thing.at !== at);
  const who = things.filter((thing) => thing.at < at).at(-1) ?? things[0] ?? context.topic[0];
  const owners = who?.owners ?? new Set(evidence.onlyOwner === undefined ? [] : [evidence.onlyOwner]);
  const own = texts.filter(({ owner }) => owner !== undefined && owners.has(owner));
  const isSaid = ({ value }: CellFact) =>
    foldName(String(value)).split('_').join(' ').includes(foldName(word).split('_').join(' '));
  if (own.length === 0)
    return texts.length > 0 && !texts.some(isSaid) && !evidence.words.has(foldName(word)) && isKeyed
      ? false
      : undefined;
  return own.some(isSaid) || (things.length > 1 && texts.some(isSaid));
}

/** "clean or noisy": the values that a parameter takes, beside one of them. */
function listedValue(sentence: Sentence, at: number, word: string, { facts }: Evidence): boolean | undefined {
  const { tokens } = sentence;
  if (
    !/^(?:or|and|,)$/.test(tokens[at - 1]?.lower ?? '') ||
    !VALUE_END.test(shapesAfter(sentence, at, 1)) ||
    NO_VALUES.has(word) ||
    tokens[at]!.type !== 'word'
  )
    return undefined;
  const beside = tokens[at - 2]?.lower ?? '';
  const keys = sentence.measures.flatMap((one) => [...one.keys]);
  for (const { owner, value } of facts.byMeasure.get('values') ?? []) {
    if (typeof value !== 'string' || value.includes('…') || !keys.some((key) => owner === labelOwner(key))) continue;
    const values = value.toLowerCase().split(', ');
    if (values.includes(beside)) return values.includes(word);
  }
  return undefined;
}
