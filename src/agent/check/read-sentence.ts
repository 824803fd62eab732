/** Reads a sentence from its tokens: which of them name things, measures or statuses, and which numbers are names. */
import { STATUS_WORDS } from '../terms/status.ts';
import { clausesOf } from './clauses.ts';
import type { TextToken } from './lexer.ts';
import type { KnownNames } from './names.ts';
import { groupNamedBy } from './numbered-labels.ts';
import type { Context, MeasureMention, Sentence, Thing } from './sentence.ts';
import type { Owner } from './table-shape.ts';

export function readSentence(raw: readonly TextToken[], context: Context, names: KnownNames): Sentence {
  const tokens = raw.map((token, index) => resolveNumber(token, index, raw, names, context.unit === 'id'));
  const things: Thing[] = [];
  const measures: MeasureMention[] = [];
  const shapes = tokens.map(shapeOf);
  for (const [at, { meaning, type }] of tokens.entries()) {
    if (meaning === undefined || (type !== 'name' && type !== 'moment')) continue;
    if (meaning.measures.size > 0) measures.push({ at, keys: meaning.measures });
    if (meaning.owners.size > 0)
      things.push({ ...thingAt(at, meaning.owners, names), isLabel: meaning.measures.size > 0 });
  }
  return {
    tokens,
    shapes,
    things: mergeIds(things, tokens),
    measures,
    groups: statusGroups(tokens, names),
    context,
    kinds: names.nouns,
    clauses: clausesOf(shapes),
  };
}

function statusGroups(tokens: readonly TextToken[], names: KnownNames): Thing[] {
  return tokens.flatMap(({ type, lower }, at) => {
    const status = type === 'word' ? STATUS_WORDS.get(lower) : undefined;
    const owners = status === undefined ? undefined : names.find(status)?.owners;
    return owners === undefined || owners.size === 0 ? [] : [{ at, owners, isExperiment: false }];
  });
}

function thingAt(at: number, owners: ReadonlySet<Owner>, names: KnownNames): Thing {
  return { at, owners, isExperiment: [...owners].every((owner) => names.refOf(owner)?.kind === 'experiment') };
}

/** `run 17`, `runs 15, 16 and 17`, `experiment 3`, `id 3`: numbers that name. */
function resolveNumber(
  token: TextToken,
  index: number,
  tokens: readonly TextToken[],
  names: KnownNames,
  isId: boolean,
): TextToken {
  if (token.type !== 'number' || token.numeral?.unit !== 'plain') return token;
  const group = groupNamedBy(index, tokens, names);
  if (group !== undefined) return { ...token, type: 'name', meaning: group };
  let at = index - 1;
  while (at >= 0 && /^(?:,|and|or|vs|to|&|#|\(|no|number)$/.test(tokens[at]!.lower)) at -= 1;
  while (at >= 0 && tokens[at]!.type === 'number' && at > index - 12) {
    at -= 1;
    while (at >= 0 && /^(?:,|and|or|vs|to|&|#)$/.test(tokens[at]!.lower)) at -= 1;
  }
  const noun = tokens[at]?.lower ?? '';
  const kind = [...names.kinds].find((one) => noun === one || noun === `${one}s`);
  const isWhole = /^\d+$/.test(token.text);
  if (noun === 'id' || noun === 'ids' || kind !== undefined || isId) {
    const owner = isWhole ? names.hasId(token.text, kind) : undefined;
    const numbered = kind === undefined || !isWhole ? undefined : names.numbered(kind, token.numeral.value);
    const owners = owner !== undefined ? new Set([owner]) : numbered;
    if (owners !== undefined && !/^[%x×]/.test(tokens[index + 1]?.text ?? ''))
      return { ...token, type: 'name', meaning: { owners, measures: new Set(), isValue: false } };
  }
  if (/^\d{3}$|^0\d+$/.test(token.text)) {
    const owners = names.numbered('run', token.numeral.value);
    if (
      owners !== undefined &&
      !/^(?:runs?|%|points|of|steps?)$/.test(tokens[index + 1]?.lower ?? '') &&
      names.writesNumber(owners, token.text)
    )
      return { ...token, type: 'name', meaning: { owners, measures: new Set(), isValue: false } };
  }
  if (/^\d{6,}$/.test(token.text)) {
    const meaning = names.findId(token.text);
    if (meaning !== undefined) return { ...token, type: 'name', meaning };
  }
  return token;
}

function shapeOf({ type, meaning, lower, numeral }: TextToken): string {
  switch (type) {
    case 'name':
      if (meaning === undefined) return 'X';
      if (meaning.measures.size > 0) return 'M';
      return meaning.owners.size > 0 ? 'T' : meaning.isValue ? 'V' : 'Z';
    case 'number':
      if (numeral?.spelled === 'multiple' || numeral?.spelled === 'fraction' || /\d\s?[x×]$/.test(numeral?.text ?? ''))
        return 'Q';
      return numeral?.spelled === 'ordinal' || numeral?.unit === 'ordinal' ? 'O' : 'N';
    case 'duration':
      return 'D';
    case 'moment':
      return meaning !== undefined && meaning.owners.size > 0 ? 'T' : 'W';
    case 'url':
    case 'handle':
    case 'unread':
      return 'U';
    default:
      return /^[*_`~"“”]+$/.test(lower) ? '' : lower;
  }
}

/** `run-017 (a1b2c3d4)` is one thing; which of several that bear the name, the id says. */
function mergeIds(things: readonly Thing[], tokens: readonly TextToken[]): Thing[] {
  const merged: Thing[] = [];
  for (const thing of things) {
    const before = merged.at(-1);
    const isId = ID.test(tokens[thing.at]!.text.replaceAll('`', ''));
    if (before !== undefined && isId && isBeside(before.at, thing.at, tokens)) {
      const both = new Set([...before.owners].filter((owner) => thing.owners.has(owner)));
      if (both.size > 0) merged[merged.length - 1] = { ...before, owners: both };
      continue;
    }
    merged.push(thing);
  }
  return merged;
}

const ID = /^(?:[0-9a-f]{6,}|\d+)$/;

/** An id in brackets or right behind a name belongs to it. */
export function isBeside(name: number, id: number, tokens: readonly TextToken[]): boolean {
  const between = tokens.slice(name + 1, id).map(({ lower }) => lower);
  return between.length <= 4 && between.every((word) => /^(?:[(*`,:=]|id|with|run|is|on)$/.test(word));
}
