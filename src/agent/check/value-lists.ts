/** Values and things that stand in lists: `A, B and C got 0.73, 0.72 and 0.71`. */
import { LIST_WORD } from '../terms/owning.ts';
import type { Sentence, Thing } from './sentence.ts';

/** Values stand where these shapes do. */
const VALUE = new Set(['N', 'D', 'W', 'V']);

export const isValueAt = (sentence: Sentence, at: number): boolean => VALUE.has(sentence.shapes[at] ?? '');

export function hasValueBetween(sentence: Sentence, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (isValueAt(sentence, at) && sentence.shapes[at] !== 'D') return true;
  return false;
}

const MOST_LISTED = 12;

/** The values that stand beside this one in one list. */
export function valuesBeside(sentence: Sentence, at: number): number[] {
  const isListed = (index: number) => sentence.shapes[index] === sentence.shapes[at];
  const values = [at];
  for (let index = at - 1, gap = 0; index >= 0 && gap < 4 && values.length < MOST_LISTED; index--) {
    if (isListed(index)) {
      values.unshift(index);
      gap = 0;
    } else if (LIST_WORD.test(sentence.shapes[index]!) && !/^[;()|]$/.test(sentence.shapes[index]!))
      gap += sentence.shapes[index] === '' ? 0 : 1;
    else break;
  }
  for (
    let index = at + 1, gap = 0;
    index < sentence.shapes.length && gap < 4 && values.length < 2 * MOST_LISTED;
    index++
  ) {
    if (isListed(index)) {
      values.push(index);
      gap = 0;
    } else if (LIST_WORD.test(sentence.shapes[index]!) && !/^[;()|]$/.test(sentence.shapes[index]!))
      gap += sentence.shapes[index] === '' ? 0 : 1;
    else break;
  }
  return values;
}

export function listEndingAt(sentence: Sentence, things: readonly Thing[]): Thing[] {
  const list: Thing[] = [];
  for (let index = things.length - 1; index >= 0; index--) {
    const thing = things[index]!;
    const next = list[0];
    if (next !== undefined && !isListGap(sentence, thing.at, next.at)) break;
    list.unshift(thing);
  }
  return list;
}

export function listStartingAt(sentence: Sentence, things: readonly Thing[]): Thing[] {
  const list: Thing[] = [];
  for (const thing of things) {
    const last = list.at(-1);
    if (last !== undefined && !isListGap(sentence, last.at, thing.at)) break;
    list.push(thing);
  }
  return list;
}

export function isListGap(sentence: Sentence, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++)
    if (!LIST_WORD.test(sentence.shapes[at]!) && sentence.shapes[at] !== 'T') return false;
  return true;
}
