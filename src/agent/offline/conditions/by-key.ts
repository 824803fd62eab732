/** Conditions that begin with a key or name one: `rmse < 5.34`, `algorithm is xgboost`, `without f1`. */
import { type Comparator, compare, type Filter, hasField } from '../../../query/filter.ts';
import { isGlue, isKind, type Segment } from '../meanings.ts';
import type { ReadingDraft } from '../slots.ts';
import { timeComparison } from './by-time.ts';
import { fieldOf, isTag, isTextKey, optionField, storedValue } from './fields.ts';
import { comparing, lacksField, type Match } from './match.ts';

/** f1_score is not null · learning_rate is missing */
export function keyPresence(segments: readonly Segment[], at: number): Match | undefined {
  const [key, presence] = segments.slice(at, at + 2);
  if (!isKind(key, 'key') || !isKind(presence, 'presence')) return undefined;
  const field = fieldOf(key, 'metric');
  return { field, filter: presence.meaning.isPresent ? hasField(field) : lacksField(field), length: 2 };
}

/** rmse between 5.3 and 5.4 */
export function keyBetween(segments: readonly Segment[], at: number): Match | undefined {
  const [key, between, low, and, high] = segments.slice(at, at + 5);
  if (
    !isKind(key, 'key') ||
    !isGlue(between, 'between') ||
    !isKind(low, 'number') ||
    !isGlue(and, 'and') ||
    !isKind(high, 'number')
  )
    return undefined;
  const field = fieldOf(key, 'metric');
  const bounds: Filter[] = [compare(field, '>=', low.meaning.value), compare(field, '<=', high.meaning.value)];
  return { field, filter: { op: 'and', of: bounds }, length: 5 };
}

/** rmse < 5.34 · time above 900 · dimension = 4 · algorithm is xgboost · duration over 10 min */
export function keyComparatorOperand(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
  const key = segments[at];
  // "an f1 of at least 0.7"
  const skip = isGlue(segments[at + 1], 'of') ? 1 : 0;
  const [sign, operand] = segments.slice(at + 1 + skip, at + 3 + skip);
  if (!isKind(key, 'key') || !isKind(sign, 'comparator')) return undefined;
  const { comparator } = sign.meaning;
  if (isKind(operand, 'number')) {
    // A unit of time can only mean the run's own duration.
    if (operand.meaning.unit === 'ms') return timeComparison(key, sign.meaning.comparator, operand, 3 + skip, draft);
    const isEquality = comparator === '=' || comparator === '!=';
    const prefer = isEquality ? 'param' : 'metric';
    // A tag is text, also where it looks like a number.
    if (isTag(key))
      return isEquality ? comparing(fieldOf(key, 'param'), comparator, operand.text, 3 + skip) : undefined;
    return comparing(fieldOf(key, prefer), comparator, operand.meaning.value, 3 + skip);
  }
  if (comparator !== '=' && comparator !== '!=') return undefined;
  const option = storedValue(operand, key);
  if (option) return comparing(optionField(option), comparator, option.value, 3 + skip);
  // A value of another key is none of this one's.
  const isForeign = isKind(operand, 'value') && isTextKey(key);
  if (!operand || !(isForeign || isKind(operand, 'unknown'))) return undefined;
  draft.obstacle ??= { kind: 'no-value', key: key.meaning.name, value: operand.text };
  return comparing(fieldOf(key, 'param'), comparator, operand.text, 3 + skip);
}

/** without early_stopping, have no f1: holds in every frame; what a run must have depends on what is asked. */
export function keyMissing(segments: readonly Segment[], at: number): Match | undefined {
  const [without, key, next] = segments.slice(at, at + 3);
  const isMissing = isGlue(without, 'without') || (isGlue(without, 'not') && without?.norm === 'no');
  if (!isMissing || !isKind(key, 'key') || key.meaning.kinds.includes('attribute')) return undefined;
  if (['comparator', 'value', 'number'].some((kind) => next?.meaning.kind === kind)) return undefined;
  const field = fieldOf(key, 'metric');
  return { field, filter: lacksField(field), length: 2 };
}

/** A stored value beside its key needs no operator: initial pattern maximal · algorithm: xgboost */
export function keyIsValue(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
  const [key, next, afterNext] = segments.slice(at, at + 3);
  if (!isKind(key, 'key')) return undefined;
  const isLinked = isGlue(next, ':');
  const value = isLinked ? afterNext : next;
  if (isKind(value, 'unknown') && isTextKey(key) && isGlue(segments[at - 1], 'with')) {
    draft.obstacle ??= { kind: 'no-value', key: key.meaning.name, value: value.text };
    return comparing(fieldOf(key, 'param'), '=', value.text, isLinked ? 3 : 2);
  }
  const option = storedValue(value, key);
  return option && comparing(optionField(option), '=', option.value, isLinked ? 3 : 2);
}

/** optimizer not adam · batch size not 16 · accuracy not above 0.7 */
export function keyIsNotValue(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
  const [key, not, ...rest] = segments.slice(at, at + 4);
  if (!isKind(key, 'key') || !isGlue(not, 'not')) return undefined;
  const match =
    keyComparatorOperand([key, ...rest], 0, draft) ??
    keyIsValue([key, ...rest], 0, draft) ??
    keyNumber([key, ...rest], 0);
  if (!match) return undefined;
  const { filter } = match;
  const flipped = filter.op === 'compare' ? FLIPPED[filter.comparator] : undefined;
  if (filter.op !== 'compare' || flipped === undefined) return undefined;
  return { ...match, filter: { ...filter, comparator: flipped }, length: match.length + 1 };
}

const FLIPPED: { readonly [comparator in Comparator]?: Comparator } = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '=': '!=',
};

/** under 8 by time */
export function comparatorNumberKey(segments: readonly Segment[], at: number): Match | undefined {
  const [sign, number, joint, key] = segments.slice(at, at + 4);
  if (!isKind(sign, 'comparator') || !isKind(number, 'number')) return undefined;
  // "longer than 10 seconds" is of the duration, whatever comes after.
  if (sign.meaning.of !== undefined || number.meaning.unit === 'ms') return undefined;
  const isLinked = isGlue(joint, 'by', 'in', 'of');
  const target = isLinked ? key : joint;
  if (!isKind(target, 'key')) return undefined;
  return comparing(fieldOf(target, 'metric'), sign.meaning.comparator, number.meaning.value, isLinked ? 4 : 3);
}

/** adam optimizer */
export function valueOfKey(segments: readonly Segment[], at: number): Match | undefined {
  const [value, key] = segments.slice(at, at + 2);
  if (!isKind(value, 'value') || !isKind(key, 'key')) return undefined;
  const option = storedValue(value, key);
  return option && comparing(optionField(option), '=', option.value, 2);
}

/** dimension 4: a param's number needs no operator; a metric's would be a coincidence. */
export function keyNumber(segments: readonly Segment[], at: number): Match | undefined {
  const [key, number] = segments.slice(at, at + 2);
  if (!isKind(key, 'key') || !isKind(number, 'number') || !key.meaning.exact) return undefined;
  if (isTag(key)) return comparing(fieldOf(key, 'param'), '=', number.meaning.text, 2);
  if (!key.meaning.kinds.includes('param')) return undefined;
  return comparing(fieldOf(key, 'param'), '=', number.meaning.value, 2);
}
