/** Names, ids, handles and links that must be known; a name and the id beside it must be one thing's. */

import { COUNTED } from '../terms/counting.ts';
import { LANGUAGE } from '../terms/language.ts';
import { COMPOUND_ENDS, COMPOUND_STARTS, MODEL_NAMES, NO_USERS } from '../terms/naming.ts';
import type { Claim } from './claim.ts';
import { segmentOf, shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { foldName } from './fold.ts';
import { isBeside } from './read-sentence.ts';
import type { Sentence } from './sentence.ts';

export function* nameClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  const { tokens } = sentence;
  for (const [at, { type, meaning, text, start, end, quoted }] of tokens.entries()) {
    if (type === 'name' && meaning !== undefined && meaning.owners.size > 0)
      yield { start, end, supported: true, handles: evidence.handlesOf(meaning.owners) };
    if (type === 'url') yield { start, end, supported: evidence.urls.has(text) };
    else if (type === 'handle') yield { start, end, supported: evidence.handles.has(text), handles: [text] };
    else if (type === 'name' && meaning === undefined && isDenied(sentence, at)) continue;
    else if (type === 'name' && meaning === undefined)
      yield { start, end, supported: isSaid(text, quoted === true, evidence) };
    else if (type === 'name' && meaning !== undefined && ID.test(bare(text)) && meaning.owners.size > 0) {
      const named = nameBefore(sentence, at);
      if (named !== undefined) yield { start, end, supported: [...named].some((owner) => meaning.owners.has(owner)) };
    } else if (type === 'word' || type === 'name') {
      const ok = userClaim(sentence, at, evidence) ?? (type === 'word' ? wordClaim(sentence, at, evidence) : undefined);
      if (ok !== undefined) yield { start, end, supported: ok };
    } else if (text === '`') yield* phraseClaim(sentence, at, evidence);
  }
}

/** `none of them used svm`: what is not there need not be known. */
const isDenied = (sentence: Sentence, at: number): boolean => {
  const [from] = segmentOf(sentence, at);
  return sentence.shapes
    .slice(Math.max(from, at - 5), at)
    .some((shape) => /^(?:no|not|none|never|neither|nor|without|\w*n't)$/.test(shape));
};

/** As commits are cut short. */
const HASH = /^[0-9a-f]{7,}$/;
const ID = /^(?:[0-9a-f]{6,}|\d+)$/;
const bare = (text: string): string => text.replace(/^[`"“]+|[`"”]+$/g, '').trim();

/** Words of the question and of a tool's advice may be said again, but name nothing that exists. */
function isSaid(text: string, quoted: boolean, evidence: Evidence): boolean {
  const { words } = evidence;
  const name = bare(text);
  if (words.has(foldName(name)) || (HASH.test(name) && evidence.hashes.some((hash) => hash.startsWith(name))))
    return true;
  const [, key, number] = /^([a-z_]+)-(\d+)$/i.exec(name) ?? [];
  const isLabel = key !== undefined && evidence.names.labelled(number ?? '')?.key.includes(key.toLowerCase()) === true;
  if (!quoted && (isLabel || evidence.names.isPart(name))) return true;
  return !quoted && /^[A-Z]?[a-z]+-\d+$/.test(name) ? words.has(foldName(name)) : false;
}

/** Owners of the name that an id stands beside. */
function nameBefore({ tokens }: Sentence, at: number): ReadonlySet<string> | undefined {
  for (let before = at - 1; before >= 0 && before >= at - 4; before--) {
    const { type, meaning, text } = tokens[before]!;
    if (type !== 'name') continue;
    if (meaning === undefined || meaning.owners.size === 0 || ID.test(bare(text))) return undefined;
    return isBeside(before, at, tokens) ? meaning.owners : undefined;
  }
  return undefined;
}

/** A plain word in a place where only a name can stand. */
function wordClaim(sentence: Sentence, at: number, evidence: Evidence): false | undefined {
  const { lower } = sentence.tokens[at]!;
  const word = lower.replace(/[’']s$/, '');
  if (evidence.words.has(foldName(word)) || evidence.names.find(word) !== undefined) return undefined;
  const isName =
    isParent(sentence, at, evidence) ||
    MODEL_NAMES.has(word) ||
    (isThingPlace(sentence, at) && isThingLike(word, evidence)) ||
    isCalled(sentence, at, word) ||
    isTagValue(sentence, at, word, evidence);
  return isName ? false : undefined;
}

/** `rapid-newt`, where runs are called `sunny-snail`. */
function isThingLike(word: string, evidence: Evidence): boolean {
  const [first = '', second = '', ...rest] = word.split('-');
  if (second === '' || rest.length > 0 || !/^[a-z]{3,}-[a-z]{3,}$/.test(word)) return false;
  if (
    LANGUAGE.has(first) ||
    LANGUAGE.has(second) ||
    COMPOUND_STARTS.has(first) ||
    COMPOUND_ENDS.has(second) ||
    /(?:ed|ing|ly|tion|sion|able|ive|ness|ity|wise)$/.test(second)
  )
    return false;
  let alike = 0;
  for (const owner of evidence.facts.byOwner.keys())
    if (/^[a-z]+-[a-z]+(?:-|$)/.test(evidence.names.refOf(owner)?.name ?? '')) alike += 1;
  return alike >= 1;
}

/** Where no noun follows and no article stands before: `a hair-thin margin` names nothing. */
function isThingPlace(sentence: Sentence, at: number): boolean {
  if (
    /(?:^| )(?:an?|the|its|their|this|that|such|very|more|most|so|no|any|rather|quite|too)$/.test(
      shapesBefore(sentence, at, 1),
    )
  )
    return false;
  const next = shapesAfter(sentence, at, 1);
  return !/^[a-z]/.test(next) || (!COUNTED.has(next) && (LANGUAGE.has(next) || /(?:ed|s)$/.test(next)));
}

/** `all called eval`. */
function isCalled(sentence: Sentence, at: number, word: string): boolean {
  return (
    /^[a-z]/.test(word) &&
    !LANGUAGE.has(word) &&
    !NO_USERS.has(word) &&
    /(?:^| )(?:all|both|each|are|were|N|T|runs?) (?:called|named)(?: ["“])?$/.test(shapesBefore(sentence, at, 3)) &&
    /^(?:$|[,.;)"”]|and )/.test(shapesAfter(sentence, at, 1))
  );
}

/** `project=speech-research`: what no finding has. */
function isTagValue({ measures, shapes }: Sentence, at: number, word: string, evidence: Evidence): boolean {
  if (shapes[at - 1] !== '=' || shapes[at - 2] !== 'M' || !/^[a-z][\w-]+$/.test(word) || LANGUAGE.has(word))
    return false;
  const keys = measures.find((one) => one.at === at - 2)?.keys ?? new Set<string>();
  return evidence.facts.all.some(
    ({ measure, owner, value }) =>
      typeof value === 'string' && [...keys].some((key) => key === measure || owner === `group:${key}`),
  );
}

/** `user kim`, `run-009 by dana`: whose run it is, where a finding tells. */
function userClaim(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  const before = shapesBefore(sentence, at, 3);
  const isUser = /(?:^| )user(?: (?:is|was|=|:|"))?$/.test(before);
  const isBy =
    /(?:^| )(?:T|\)) (?:is |was |run |started |launched |made )?by$/.test(before) &&
    /^(?:$|[,.;)]|and )/.test(shapesAfter(sentence, at, 1));
  if ((!isUser && !isBy) || !/^[a-z][a-z.]+$/.test(lower) || LANGUAGE.has(lower) || NO_USERS.has(lower))
    return undefined;
  const users = usersOf(evidence);
  if (users.length === 0) return undefined;
  const things = sentence.things.filter(({ isExperiment }) => !isExperiment);
  const who = isBy ? things.filter((thing) => thing.at < at).slice(-1) : things.length === 1 ? things : [];
  const own = users.filter(
    ({ name, summary }) =>
      who.length === 0 ||
      who.some(({ owners }) =>
        [...owners].some((owner) => summary.includes(`\`${evidence.names.refOf(owner)?.name}\``) && name !== ''),
      ),
  );
  return (own.length > 0 ? own : users).some(({ name }) => name === lower);
}

const usersOf = ({ findings }: Evidence): { readonly name: string; readonly summary: string }[] =>
  findings.flatMap(({ summary }) =>
    [...summary.matchAll(/\buser ([^;.\s]+)[;.\s]/g)].map(([, name = '']) => ({ name: name.toLowerCase(), summary })),
  );

/** A quoted name of several words must stand somewhere in the findings. */
function* phraseClaim({ tokens }: Sentence, at: number, evidence: Evidence): Generator<Claim> {
  const close = tokens.findIndex(({ text }, index) => index > at && text === '`');
  const isOpening = tokens.slice(0, at).filter(({ text }) => text === '`').length % 2 === 0;
  if (close < 0 || !isOpening || close - at < 3 || close - at > 10) return;
  const inner = tokens.slice(at + 1, close);
  if (inner.some(({ lower }) => !/^(?:[\p{L}][\p{L}'-]*|,)$/u.test(lower))) return;
  const phrase = inner
    .map(({ lower }) => lower)
    .join(' ')
    .replaceAll(' ,', ',');
  const isThere = textsOf(evidence).some((text) => text.includes(phrase));
  if (!isThere) yield { start: tokens[at]!.start, end: tokens[close]!.end, supported: false };
}

/** All that the findings say in words. */
const textsOf = ({ findings }: Evidence): string[] =>
  findings.flatMap(({ summary, title, method, caveats, coverage }) =>
    [summary, title, method, ...caveats.map(({ text }) => text), coverage.filter ?? ''].map((text) =>
      text.toLowerCase(),
    ),
  );

/** `Parent = sweep random forest`: words that no finding has, where the name of a parent is due. */
function isParent({ tokens, shapes }: Sentence, at: number, { words }: Evidence): boolean {
  if (!/^[a-z]{4,}$/.test(tokens[at]!.lower) || !words.has('parent')) return false;
  for (let from = at - 1; from >= Math.max(1, at - 5); from--) {
    if (/^[=:]$/.test(shapes[from]!)) return /^parent$/.test(tokens[from - 1]!.lower);
    if (!/^[a-z]+$/.test(tokens[from]!.lower)) return false;
  }
  return false;
}
