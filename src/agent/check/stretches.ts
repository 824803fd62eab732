/** Stretches of text that code worded: what each of them speaks of. */
import { COUNTED } from '../terms/counting.ts';
import { FUNCTIONAL } from '../terms/language.ts';
import { STATISTICS } from '../terms/statistics.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { foldName } from './fold.ts';
import type { TextToken } from './lexer.ts';
import type { Sentence } from './sentence.ts';
import type { Owner } from './table-shape.ts';

/** What a stretch of code-worded text speaks of. */
export interface Around {
  readonly owners: ReadonlySet<Owner>;
  readonly measures: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

export const MOST_NEAR = 6;

/** Words that say what a number is, where no thing and no measure does: `shuffling alone produces up to 13.4 %`. */
export function wordsNear(tokens: readonly TextToken[], at: number): ReadonlySet<string> {
  const words = tokens.slice(Math.max(0, at - MOST_NEAR), at + MOST_NEAR);
  return new Set(words.flatMap(({ type, lower }) => (type === 'word' && isTelling(lower) ? [lower] : [])));
}

const isTelling = (word: string): boolean =>
  word.length > 5 && isContentWord(word) && !STATISTICS.has(word) && !COUNTED.has(word) && !STATUS_WORDS.has(word);

/** Brackets belong to what stands before them; other marks part what is said of one thing from what is said of the next. */
export function stretchesOf({ tokens }: Sentence): TextToken[][] {
  const stretches: TextToken[][] = [];
  let current: TextToken[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth = Math.max(0, depth - 1);
    current.push(token);
    if (depth === 0 && /^[,;]$/.test(token.text)) {
      stretches.push(current);
      current = [];
    }
  }
  stretches.push(current);
  return stretches;
}

export function aroundOf(stretch: readonly TextToken[], sentence: Sentence): Around {
  const owners = new Set<Owner>();
  const measures = new Set<string>();
  const words = new Set<string>();
  for (const { meaning, lower, type } of stretch) {
    for (const owner of meaning?.owners ?? []) owners.add(owner);
    for (const key of meaning?.measures ?? []) measures.add(key);
    if (meaning?.isValue) words.add(foldName(lower.replaceAll('`', '')));
    if (type !== 'mark' && type !== 'number') words.add(lower);
    const status = STATUS_WORDS.get(lower.replaceAll('`', ''));
    if (status !== undefined) words.add(status);
  }
  // What the whole sentence is about holds for each of its parts that names nothing itself.
  if (measures.size === 0) for (const { keys } of sentence.measures) for (const key of keys) measures.add(key);
  if (owners.size === 0)
    for (const thing of sentence.things.slice(0, 1)) for (const owner of thing.owners) owners.add(owner);
  return { owners, measures, words };
}

/** What a stretch leaves out, the one before it said. */
export function carried(around: Around, before: Around | undefined): Around {
  if (before === undefined) return around;
  return {
    owners: around.owners.size > 0 ? around.owners : before.owners,
    measures: around.measures.size > 0 ? around.measures : before.measures,
    words: around.words,
  };
}

export const isContentWord = (word: string): boolean => word.length > 2 && !FUNCTIONAL.has(word) && /[a-z]/.test(word);
