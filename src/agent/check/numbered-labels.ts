/** Numbers that name a group: `a batch size of 64`, `the runs at 32`, where a table has a row for each. */
import { COUNTED } from '../terms/counting.ts';
import type { TextToken } from './lexer.ts';
import type { KnownNames, NameMeaning } from './names.ts';

/** What may stand between the key of the groups and the number of one. */
const KEY_LINK = /^(?:of|is|was|=|:|at|value|values|to|always|either|size|,|and|or|are)$/;
/** A name follows. */
const NAME_NEXT = /^(?:at|with|for|than|under|vs|versus|against|behind|in|on|have|use|uses|used)$/;
const SUBJECT_NEXT = /^(?:'s|’s|:|has|have|gets|leads|wins)$/;
/** What is measured or counted stands before these. */
const VALUE_NEXT = /^(?:of|%|percent|points?|x|×|times|fold|more|fewer|others?)$/;
const LIST_MARK = /^(?:,|and|or|vs|versus)$/;
const EMPHASIS = /^[*_`~]+$/;
const MOST_BACK = 8;

/** The group that a number names. */
export function groupNamedBy(place: number, all: readonly TextToken[], names: KnownNames): NameMeaning | undefined {
  const tokens = all.filter(({ text }) => !EMPHASIS.test(text));
  const index = tokens.indexOf(all[place]!);
  const label = labelAt(index, tokens, names);
  if (label === undefined || VALUE_NEXT.test(tokens[index + 1]?.lower ?? '')) return undefined;
  const isNamed =
    isBehindKey(index, label.key, tokens, names) ||
    isOfKeyAhead(index, label.key, tokens, names) ||
    isNamedAlone(index, tokens, names);
  if (!isNamed) return undefined;
  return { owners: new Set([label.owner]), measures: new Set(), isValue: false };
}

const labelAt = (index: number, tokens: readonly TextToken[], names: KnownNames) =>
  tokens[index]?.numeral?.spelled === undefined ? names.labelled(tokens[index]?.text ?? '') : undefined;

/** `max_depth is 2, 4 or 6`. */
function isBehindKey(index: number, key: string, tokens: readonly TextToken[], names: KnownNames): boolean {
  for (let at = index - 1; at >= 0 && at >= index - MOST_BACK; at--) {
    const { lower, type, meaning } = tokens[at]!;
    if (type === 'name' && meaning?.measures.has(key)) return true;
    if (!KEY_LINK.test(lower) && labelAt(at, tokens, names) === undefined) return false;
  }
  return false;
}

/** `It is always 64`, `the value with most runs is 64`, `four values: 16, 32, …`, where the key stands further ahead. */
function isOfKeyAhead(index: number, key: string, tokens: readonly TextToken[], names: KnownNames): boolean {
  const before = tokens
    .slice(Math.max(0, index - 3), index)
    .map(({ lower }) => lower)
    .join(' ');
  const isListed = LIST_MARK.test(tokens[index - 1]?.lower ?? '') && labelAt(index - 2, tokens, names) !== undefined;
  return (
    (isListed || /(?:^| )(?:is|was|:)(?: always| either| only| mostly)?$/.test(before)) &&
    tokens.slice(0, index).some(({ type, meaning }) => type === 'name' && meaning?.measures.has(key) === true)
  );
}

/** `at 64`, `32 vs 64`, `64 has`. */
function isNamedAlone(index: number, tokens: readonly TextToken[], names: KnownNames): boolean {
  const [before, next] = [tokens[index - 1]?.lower, tokens[index + 1]?.lower ?? ''];
  if (COUNTED.has(next) || COUNTED.has(tokens[index + 2]?.lower ?? '')) return false;
  if (/^(?:ahead|short|instead) of$/.test(`${tokens[index - 2]?.lower} ${before}`)) return true;
  if (LIST_MARK.test(next) && labelAt(index + 2, tokens, names) !== undefined) return before === ',' || before === ':';
  if (SUBJECT_NEXT.test(next) || NAME_NEXT.test(before ?? '')) return true;
  return LIST_MARK.test(before ?? '') && labelAt(index - 2, tokens, names) !== undefined;
}
