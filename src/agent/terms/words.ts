/** Lists of words as they are written down here: separated by blanks, with `_` for a blank inside one. */

export const wordSet = (text: string): ReadonlySet<string> => new Set(wordList(text));

export const wordList = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('_', ' '));

/** What each word of the lists means: `wordMap({ higher: 'above over' })` tells that `above` is `higher`. */
export function wordMap<T extends string>(lists: Readonly<Record<T, string>>): ReadonlyMap<string, T> {
  const meanings = new Map<string, T>();
  for (const [meaning, text] of Object.entries(lists) as [T, string][])
    for (const word of wordList(text)) meanings.set(word, meaning);
  return meanings;
}
