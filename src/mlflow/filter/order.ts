/** Orders runs as `topRuns` promises: NaN after every number, what is missing after that, in both directions. */
import { compareText } from '../compare-text.ts';
import type { Run } from '../types.ts';
import type { OrderKey } from './ast.ts';
import { fieldValues, readParamNumber } from './matches.ts';

type Comparison = (a: Run, b: Run) => number;
type Value = string | number | undefined;

/** Groups that keep their place whatever the direction: numbers, texts (a param's, or NaN), missing. */
function rank(value: Value, isParam: boolean): number {
  if (value === undefined) return 2;
  if (typeof value === 'number') return Number.isNaN(value) ? 1 : 0;
  return isParam && readParamNumber(value) === undefined ? 1 : 0;
}

function compareValues(a: Value, b: Value, isParam: boolean): number {
  if (typeof a === 'string' && typeof b === 'string') {
    const byNumber = isParam ? (readParamNumber(a) ?? 0) - (readParamNumber(b) ?? 0) : 0;
    return byNumber || compareText(a, b);
  }
  // Infinities of one sign would subtract to NaN.
  return typeof a === 'number' && typeof b === 'number' ? (a < b ? -1 : a > b ? 1 : 0) : 0;
}

function compareBy({ field, ascending }: OrderKey): Comparison {
  const isParam = field.kind === 'param';
  return (left, right) => {
    const [a] = fieldValues(field, left);
    const [b] = fieldValues(field, right);
    const byRank = rank(a, isParam) - rank(b, isParam);
    return byRank || (ascending ? compareValues(a, b, isParam) : compareValues(b, a, isParam));
  };
}

/** Start time descending, runs without one last, then id: MLflow's default and the last word between ties. */
const compareByStart: Comparison = (a, b) =>
  (b.startTime ?? -Number.MAX_VALUE) - (a.startTime ?? -Number.MAX_VALUE) || compareText(a.id, b.id);

/** A comparison for sorting runs by several keys. Params compare as numbers where both are, numbers before texts. */
export function compareRuns(order: readonly OrderKey[]): Comparison {
  const comparisons = [...order.map(compareBy), compareByStart];
  return (a, b) => {
    for (const compare of comparisons) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}
