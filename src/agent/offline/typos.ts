/** Misspelt words of the language and keys. */
import { editDistance, nearMisses } from '../../tools/resolve/names.ts';
import { firstSense } from './lexicon.ts';
import { type Meaning, plainMeaning } from './meanings.ts';
import type { ReadingDraft } from './slots.ts';
import { loosen } from './tokens.ts';

const MENDABLE_LENGTH = 5;

/** Mends misspelt words of the language and keys; never names of runs or experiments, which are capitalised or numbered. */
export function mendTypos(draft: ReadingDraft): void {
  draft.segments = draft.segments
    .map((segment, at) => {
      const { meaning, text, norm } = segment;
      if (meaning.kind !== 'unknown' || meaning.quoted || text.length < 2) return segment;
      if (!/^[\p{L}_]+$/u.test(text) || (at > 0 && /^\p{Lu}\p{Ll}/u.test(text))) return segment;
      const mended = nearestWord(draft, norm);
      if (!mended) return segment;
      if (mended.word !== norm && `${mended.word}s` !== norm) draft.notes.push(`Read “${text}” as “${mended.word}”.`);
      return { ...segment, meaning: plainMeaning(mended.meaning), mended: mended.word };
    })
    .filter((segment) => segment.meaning.kind !== 'filler');
}

interface Mend {
  readonly word: string;
  readonly meaning: Meaning;
}

function nearestWord(draft: ReadingDraft, norm: string): Mend | undefined {
  const singular = /[^s]s$/u.test(norm) ? knownKey(draft, norm.slice(0, -1)) : undefined;
  const near = nearestKey(draft, norm) ?? singular;
  if (near) return near;
  if (norm.length < MENDABLE_LENGTH) return undefined;
  const words = Array.from(draft.names.lexicon, ([word, [sense]]) => ({ word, meaning: sense?.meaning })).filter(
    ({ word, meaning }) =>
      word.length >= MENDABLE_LENGTH &&
      !word.includes(' ') &&
      meaning?.kind !== 'mark' &&
      meaning?.kind !== 'number' &&
      isOneTypoApart(word, norm),
  );
  const meanings = new Set(words.map(({ meaning }) => JSON.stringify(meaning)));
  const [first] = words;
  return first?.meaning && meanings.size === 1 ? { word: first.word, meaning: first.meaning } : undefined;
}

/** "aucs", "optimizers" */
function knownKey(draft: ReadingDraft, singular: string): Mend | undefined {
  const meaning = firstSense(draft.names.lexicon, singular)?.meaning;
  return meaning?.kind === 'key' ? { word: singular, meaning } : nearestKey(draft, singular);
}

/** The one key that differs in spelling or goes by another name; a word of a longer key is no misspelling. */
function nearestKey(draft: ReadingDraft, norm: string): Mend | undefined {
  const known = draft.names.keys.filter(({ kind, key }) => kind !== 'tag' && !loosen(key).split(' ').includes(norm));
  const keys = nearMisses(
    norm,
    known.map(({ key }) => ({ key, runs: 1 })),
  );
  const [key] = keys;
  if (key && new Set(keys.map((one) => one.key)).size === 1) {
    const kinds = draft.names.keys.filter((known) => known.key === key.key).map((known) => known.kind);
    return { word: key.key, meaning: { kind: 'key', name: key.key, kinds, exact: true } };
  }
  return undefined;
}

/** One letter wrong, missing, too many, or two swapped: more would turn one real word into another. */
function isOneTypoApart(a: string, b: string): boolean {
  if (editDistance(a, b, 1) <= 1) return true;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  const swapped = a.slice(0, at) + (a[at + 1] ?? '') + (a[at] ?? '') + a.slice(at + 2);
  return a.length === b.length && swapped === b;
}
