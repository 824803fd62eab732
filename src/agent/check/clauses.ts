/** Stretches of a sentence: what stands around a token, its clause, its segment. */
import type { Sentence } from './sentence.ts';

/** Shapes before a token, nearest last, with blanks between; marks of emphasis are left out. */
export function shapesBefore({ shapes }: Sentence, at: number, most: number): string {
  const found: string[] = [];
  for (let index = at - 1; index >= 0 && found.length < most; index--)
    if (shapes[index] !== '') found.unshift(shapes[index]!);
  return found.join(' ');
}

export function shapesAfter({ shapes }: Sentence, at: number, most: number): string {
  const found: string[] = [];
  for (let index = at + 1; index < shapes.length && found.length < most; index++)
    if (shapes[index] !== '') found.push(shapes[index]!);
  return found.join(' ');
}

/** Shapes from one token up to another; marks of emphasis are left out. */
export const shapesBetween = ({ shapes }: Pick<Sentence, 'shapes'>, from: number, to?: number): string =>
  shapes
    .slice(from, to)
    .filter((shape) => shape !== '')
    .join(' ');

/** From and to, exclusive, of the clause that a token stands in. */
export const clauseOf = ({ clauses }: Sentence, at: number): readonly [from: number, to: number] =>
  clauses[at] ?? [at, at + 1];

export function clausesOf(shapes: readonly string[]): (readonly [from: number, to: number])[] {
  const clauses: (readonly [from: number, to: number])[] = [];
  let from = 0;
  for (let at = 0; at <= shapes.length; at++) {
    if (at < shapes.length && !isClauseEnd(shapes[at]!)) continue;
    const clause = [from, at] as const;
    for (let index = from; index < at; index++) clauses[index] = clause;
    // The mark itself stands alone.
    if (at < shapes.length) clauses[at] = [at, at + 1];
    from = at + 1;
  }
  return clauses;
}

/** Where a clause ends: what stands beyond speaks of something else. */
const CLAUSE_MARKS = new Set([';', '—', 'while', 'whereas', 'but', 'although', 'though', 'whilst', 'however', 'yet']);

const isClauseEnd = (shape: string): boolean => CLAUSE_MARKS.has(shape);

/** From and to, exclusive, of what stands between two commas, brackets or ends of a clause. */
export function segmentOf(sentence: Sentence, at: number): readonly [from: number, to: number] {
  const [clauseFrom, clauseTo] = clauseOf(sentence, at);
  let from = at;
  while (from > clauseFrom && !isSegmentEnd(sentence.shapes, from - 1)) from -= 1;
  let to = at + 1;
  while (to < clauseTo && !isSegmentEnd(sentence.shapes, to)) to += 1;
  return [from, to];
}

/** `a, b and c` is no end of anything, nor are the brackets of an id. */
function isSegmentEnd(shapes: readonly string[], at: number): boolean {
  const shape = shapes[at]!;
  if (shape === '→' || shape === '—') return true;
  if (shape === '(') return shapes[at + 1] !== 'T' || shapes[at + 2] !== ')';
  if (shape === ')') return !(shapes[at - 1] === 'T' && shapes[at - 2] === '(');
  if (shape === ',') return !/^[TV]$/.test(shapes[at + 1] ?? '') || !/^(?:[TV)]|)$/.test(shapes[at - 1] ?? '');
  return (
    (shape === 'and' || shape === 'then') &&
    /^(?:T|it|the|this|its|they)$/.test(shapes[at + 1] ?? '') &&
    !/^[TV)]$/.test(shapes[at - 1] ?? '')
  );
}
