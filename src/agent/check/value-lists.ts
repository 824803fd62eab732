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
const MOST_BETWEEN = 4;

/** The values that stand beside this one in one list. */
export function valuesBeside(sentence: Sentence, at: number): number[] {
  const before = listedFrom(sentence, at, -1, MOST_LISTED - 1);
  return [...before.reverse(), at, ...listedFrom(sentence, at, 1, 2 * MOST_LISTED - 1 - before.length)];
}

/** Where values like this one stand on one side of it, the nearest first. */
function listedFrom({ shapes }: Sentence, at: number, step: 1 | -1, most: number): number[] {
  const values: number[] = [];
  let gap = 0;
  for (let index = at + step; index >= 0 && index < shapes.length; index += step) {
    if (gap >= MOST_BETWEEN || values.length >= most) break;
    const shape = shapes[index]!;
    if (shape === shapes[at]) {
      values.push(index);
      gap = 0;
    } else if (LIST_WORD.test(shape) && !/^[;()|]$/.test(shape)) gap += shape === '' ? 0 : 1;
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
