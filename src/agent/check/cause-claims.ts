/** What is said to be the cause of something: no finding shows one. */
import {
  ARGUED_WITH,
  CAUSES,
  CONJUNCTIONS,
  FAILURE_REASONS,
  NO_CAUSE,
  PLAIN_WORDS,
  TIMES_SINCE,
} from '../terms/causes.ts';
import { COMPARATIVES, SUPERLATIVES } from '../terms/comparison.ts';
import { COUNTED } from '../terms/counting.ts';
import { LANGUAGE } from '../terms/language.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import type { Claim } from './claim.ts';
import { clauseOf, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { foldKey } from './fold.ts';
import type { TextToken } from './lexer.ts';
import type { Sentence } from './sentence.ts';

export function* causeClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  const { tokens } = sentence;
  for (let at = 0; at < tokens.length; at++) {
    const length = causeAt(sentence, at);
    const isReason = length === 0 && CONJUNCTIONS.has(tokens[at]!.lower);
    if (length === 0 && !isReason) continue;
    const last = at + Math.max(length, 1) - 1;
    if (!isNoCause(sentence, at, last + 1) && !(isReason && isArgued(sentence, at, evidence)))
      yield { start: tokens[at]!.start, end: tokens[last]!.end, supported: false };
    at = last;
  }
}

/** How many words of a cause begin here. */
function causeAt({ tokens }: Sentence, at: number): number {
  for (let length = MOST_WORDS; length > 0; length--) {
    const words = tokens.slice(at, at + length).map(({ lower }) => lower);
    if (words.length === length && CAUSE_WORDS.has(words.join(' '))) return length;
  }
  return 0;
}

function isNoCause(sentence: Sentence, at: number, behind: number): boolean {
  const { tokens } = sentence;
  const [from, to] = clauseOf(sentence, at);
  // What is said behind the next comma is said of something else.
  const comma = at < 2 ? -1 : sentence.shapes.indexOf(',', behind);
  const until = Math.min(to, at < 2 ? to : at + 14, comma < 0 ? tokens.length : comma);
  const near = tokens
    .slice(Math.max(from, at - 10), until)
    .flatMap(({ lower }, index, some) => (lower === 'not' && some[index + 1]?.lower === 'finite' ? [] : [lower]));
  const isDropped = near.includes('dropped') && !sentence.measures.some((one) => one.at >= from && one.at < at);
  // Which way a ranking goes is no cause.
  const isDirection = /\b(?:higher|lower) is better\b/.test(near.join(' '));
  return isDropped || isDirection || near.some((word) => NO_CAUSE.has(word) || word.endsWith("n't"));
}

/** "because five of the six share the top value": made of what findings tell, and of no setting that could be a cause. */
function isArgued(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { tokens, shapes } = sentence;
  const next = tokens[at + 1];
  const isSince = tokens[at]!.lower === 'since';
  if (next === undefined || (isSince && (TIMES_SINCE.has(next.lower) || /^[DW]$/.test(shapes[at + 1]!)))) return true;
  const comma = shapes.indexOf(',', at + 1);
  const [, end] = clauseOf(sentence, at);
  const reason = tokens.slice(at + 1, comma < 0 ? end : Math.min(comma, end));
  const isSetting = reason.some(
    ({ lower, meaning }) =>
      COUNTED.get(lower) === 'param' || [...(meaning?.measures ?? [])].some((key) => isParam(key, evidence)),
  );
  const isMeasured = reason.some(({ meaning }) => meaning !== undefined && meaning.measures.size > 0);
  return (
    !isSetting &&
    reason.some(
      ({ lower, numeral }) =>
        numeral !== undefined ||
        ARGUED_WITH.has(lower) ||
        (isMeasured && (SUPERLATIVES.has(lower) || COMPARATIVES.has(lower))),
    ) &&
    reason.every((token) => isKnown(token, evidence))
  );
}

const isParam = (key: string, { facts }: Evidence): boolean =>
  facts.byMeasure.get(key)?.some(({ kind }) => kind === 'param' || kind === 'tag') ?? false;

/** Words of the language and of the findings, and parts of the names of their measures. */
const isKnown = ({ type, lower }: TextToken, { words, facts }: Evidence): boolean =>
  type !== 'word' ||
  [LANGUAGE, ARGUED_WITH, PLAIN_WORDS, STATUS_WORDS].some((some) => some.has(lower)) ||
  foldKey(lower)
    .split('_')
    .every((part) => part.length < 3 || ARGUED_WITH.has(part) || words.has(part) || partsOf(facts).has(part));

const PARTS = new WeakMap<Facts, ReadonlySet<string>>();

function partsOf(facts: Facts): ReadonlySet<string> {
  const parts = PARTS.get(facts) ?? new Set([...facts.byMeasure.keys()].flatMap((key) => key.split('_')));
  PARTS.set(facts, parts);
  return parts;
}

/** "the accuracy makes the f1 higher", "ran out of memory". */
export function* reasonClaims(sentence: Sentence, { words }: Evidence): Generator<Claim> {
  const { tokens } = sentence;
  const isUnsaid = tokens.some(({ lower }) =>
    /^(?:not?|unknown|whether|if|may|might|could|perhaps|possibly|cannot|neither|nor)$/.test(lower),
  );
  for (const [at, { lower, start, end }] of tokens.entries()) {
    const makes =
      /^(?:makes|made)$/.test(lower) && /^(?:the |its |their )?M /.test(`${shapesBetween(sentence, at + 1, at + 6)} `);
    if (makes && !isUnsaid) yield { start, end, supported: false };
    for (const reason of FAILURE_REASONS) {
      const parts = reason.split(' ');
      if (!parts.every((part, index) => tokens[at + index]?.lower === part) || parts.every((part) => words.has(part)))
        continue;
      if (parts.length > 2 || !isUnsaid) yield { start, end: tokens[at + parts.length - 1]!.end, supported: false };
    }
  }
}

const CAUSE_WORDS = new Map(CAUSES.map((cause) => [cause, cause.split(' ').length]));

const MOST_WORDS = Math.max(...CAUSE_WORDS.values());
