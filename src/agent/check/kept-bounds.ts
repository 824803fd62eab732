/** How many of a list keep a bound that a clause names: `three of them are above 0.98`. */
import { LESS_THAN, MORE_THAN, OR_LESS, OR_MORE } from '../terms/amounts.ts';
import { clauseOf, shapesAfter, shapesBefore } from './clauses.ts';
import type { NumberReading } from './number-reading.ts';

export interface Kept {
  readonly count: number;
  /** Of so many with a value. */
  readonly total: number;
  /** Whether the list has rows beyond those that are known. */
  readonly isCut: boolean;
}

/** Of each list that has the measure, or of all where none is named; nothing where the clause names no bound behind. */
export function keptBehind(reading: NumberReading): Kept[] {
  const { sentence, evidence, at } = reading;
  const [, to] = clauseOf(sentence, at);
  for (let place = at + 1; place < to; place++) {
    const bound = sentence.shapes[place] === 'N' ? sentence.tokens[place]!.numeral : undefined;
    const before = shapesBefore(sentence, place, 3);
    const after = shapesAfter(sentence, place, 3);
    const isMore = MORE_THAN.test(before) || OR_MORE.test(after);
    if (bound === undefined || (!isMore && !LESS_THAN.test(before) && !OR_LESS.test(after))) continue;
    const isEqualKept = OR_MORE.test(after) || OR_LESS.test(after);
    const limit = bound.unit === 'percent' ? bound.value / 100 : bound.value;
    const keys = new Set(sentence.measures.flatMap((one) => [...one.keys]));
    const measures = keys.size > 0 ? keys : sentence.context.measures;
    return evidence.facts.columns.flatMap(({ measure, facts, cut }) => {
      const values = facts.flatMap(({ value, owner }) =>
        typeof value === 'number' && owner !== undefined ? [value] : [],
      );
      if (values.length < 2 || (measures.size > 0 && !measures.has(measure))) return [];
      const count = values.filter(
        (value) => (isEqualKept && value === limit) || (isMore ? value > limit : value < limit),
      ).length;
      return [{ count, total: values.length, isCut: cut > 0 }];
    });
  }
  return [];
}
