/** What became of a run, what a curve was called, which param or tag it had. */

import { COMPARATIVES, SUPERLATIVES } from '../terms/comparison.ts';
import { GRADES, NO_VALUES, REASONS, STATUS_WORDS, VERDICTS } from '../terms/status.ts';
import { assign } from './assignment.ts';
import type { Claim } from './claim.ts';
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import { foldName } from './fold.ts';
import type { Sentence, Thing } from './sentence.ts';
import { NEGATION, ownerOfState, THE_RUN } from './state-owner.ts';
import { statusClaim } from './status-claims.ts';
import { labelOwner } from './table-shape.ts';

export function* stateClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, token] of sentence.tokens.entries()) {
    const { type, lower, start, end, meaning } = token;
    if (type !== 'word' && type !== 'name') continue;
    const word = lower.replace(/^[`"“]+|[`"”]+$/g, '');
    const status = STATUS_WORDS.get(word);
    const isValue = type === 'name' && meaning?.isValue === true && meaning.owners.size === 0;
    const ok =
      status !== undefined
        ? statusClaim(sentence, at, status, evidence)
        : VERDICTS.has(word)
          ? verdictClaim(sentence, at, VERDICTS.get(word)!, evidence)
          : (gradeClaim(sentence, at, word, evidence) ??
            reasonClaim(sentence, at, word, evidence) ??
            keyedClaim(sentence, at, word, evidence) ??
            (isValue ? valueClaim(sentence, at, word, evidence) : undefined));
    if (ok !== undefined) yield { start, end, supported: ok };
  }
}

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
