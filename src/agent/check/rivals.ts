/** What can be compared in a sentence, by whatever short name. */
import { COMPARATIVES } from '../terms/comparison.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { comparable } from './mentions.ts';
import type { Sentence, Thing } from './sentence.ts';
import { labelOwner, type Owner } from './table-shape.ts';

/** Everything that can be compared: also by initials, `rf` for `random_forest`, and by rows' labels that are plain words or numbers. */
export function rivalsOf(sentence: Sentence, { names, facts }: Evidence): readonly Thing[] {
  const pure = comparable(sentence);
  const things =
    pure.length > 0 && pure.every(isRow)
      ? [...new Set([...pure, ...sentence.things.filter(isRow)])].sort((a, b) => a.at - b.at)
      : pure;
  const others: Thing[] = [];
  const initials = initialsOf(facts);
  for (const [at, { type, lower, text }] of sentence.tokens.entries()) {
    if (type === 'number' && facts.byOwner.has(labelOwner(text)) && isGroup(sentence, at))
      others.push({ at, owners: new Set([labelOwner(text)]), isExperiment: false });
    if (type !== 'word' || things.some((thing) => thing.at === at) || STATUS_WORDS.has(lower)) continue;
    const emphasised = isEmphasised(sentence, at) ? names.find(text)?.owners : undefined;
    if (emphasised !== undefined && emphasised.size > 0) others.push({ at, owners: emphasised, isExperiment: false });
    const short = initials.get(lower);
    if (short !== undefined && !ARTICLES.test(shapesBefore(sentence, at, 1)))
      others.push({ at, owners: new Set([short]), isExperiment: false });
    else if (facts.byOwner.has(labelOwner(lower)) && names.find(lower) !== undefined && isBare(sentence, at))
      others.push({ at, owners: new Set([labelOwner(lower)]), isExperiment: false });
  }
  return others.length === 0 ? things : [...things, ...others].sort((a, b) => a.at - b.at);
}

/** A labelled row, whose label may be the name of a measure as well. */
export const isRow = ({ owners }: Thing): boolean => [...owners].every((owner) => owner.startsWith('group:'));

const ARTICLES = /^(?:M|and|the|a|an)$/;

const isBare = (sentence: Sentence, at: number): boolean =>
  /^(?:$|[.,;:()=→–—]|N|is|was|has|explains|comes|ranks|leads|the|than)(?: |$)/.test(shapesAfter(sentence, at, 1)) &&
  !/^(?:by|per|each|every|which|same|of|one|what|what's|an?|this|that|all|both)$/.test(shapesBefore(sentence, at, 1));

/** `**final**`: between stars a plain word is a name. */
const isEmphasised = ({ tokens }: Sentence, at: number): boolean =>
  tokens[at - 1]?.text === '*' && tokens[at + 1]?.text === '*';

/** `batch_size 32`, `with 64`, `32's`: a number that labels a row, and counts or measures nothing. */
const isGroup = (sentence: Sentence, at: number): boolean =>
  sentence.shapes[at] === 'N' &&
  !/^(?:%|runs?|of|points?|steps?|times|percent|percentage|or|more|fewer|ones?|groups?|values?)(?: |$)/.test(
    shapesAfter(sentence, at, 1),
  ) &&
  (COMPARATIVES.has(sentence.tokens[at - 1]?.lower ?? '') || GROUP_BEFORE.test(shapesBefore(sentence, at, 2)));

const GROUP_BEFORE =
  /(?:^| )(?:M(?: (?:of|is|=|:|value))?|at|with|for|than|favou?rs?|when|goes to|to|vs|versus|against|group|and|,|;|as|it)$|^$/;

const INITIALS = new WeakMap<Facts, ReadonlyMap<string, Owner>>();

/** Initials that only one label of several words has. */
function initialsOf(facts: Facts): ReadonlyMap<string, Owner> {
  const known = INITIALS.get(facts);
  if (known !== undefined) return known;
  const found = new Map<string, Owner>();
  INITIALS.set(facts, found);
  for (const owner of facts.byOwner.keys()) {
    const words = owner.startsWith('group:') ? owner.slice(6).split('_') : [];
    if (words.length < 2 || words.some((word) => !/^[a-z]+$/.test(word))) continue;
    const short = words.map((word) => word[0]).join('');
    if (!found.has(short)) found.set(short, owner);
  }
  return found;
}
