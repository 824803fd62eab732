/** Conditions without a key of their own: a stored value alone, a status, a second bound. */
import { type Filter, fieldsAlike } from '../../../query/filter.ts';
import { STATUS } from '../../../query/kinds/run.ts';
import { isGlue, isKind, type Segment } from '../meanings.ts';
import { type ReadingDraft, spanOf } from '../slots.ts';
import { isTextKey, optionField, storedValue } from './fields.ts';
import { comparing, type Match } from './match.ts';

/** above 0.7 and below 0.8: the second bound is on the same key. */
export function secondBound(segments: readonly Segment[], at: number, { slots }: ReadingDraft): Match | undefined {
  const [joint, sign, number] = [segments[at - 1], segments[at], segments[at + 1]];
  const last = slots.conditions.at(-1);
  // "batch size 16 or 32"
  if (isGlue(joint, 'or') && isKind(sign, 'number') && last && isParamNumber(last.filter))
    return comparing(last.field, '=', sign.meaning.value, 1);
  if (!isGlue(joint, 'and') || !isKind(sign, 'comparator') || !isKind(number, 'number') || !last) return undefined;
  if (last.field.kind !== 'metric') return undefined;
  return comparing(last.field, sign.meaning.comparator, number.meaning.value, 2);
}

function isParamNumber(filter: Filter): boolean {
  return (
    filter.op === 'compare' &&
    filter.field.kind === 'param' &&
    filter.comparator === '=' &&
    typeof filter.value === 'number'
  );
}

/** xgboost runs: a stored value alone, when only one key has it. */
export function plainValue(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
  const value = segments[at];
  if (!isKind(value, 'value')) return undefined;
  const { options: all } = value.meaning;
  // "with model aurora": a noun may be the key's name all the same.
  const before = segments[at - 1];
  const named = isKind(before, 'glue') ? [] : all.filter(({ key }) => key.toLowerCase() === before?.text.toLowerCase());
  refuseForeign(value, before, draft);
  const options = named.length > 0 ? named : all;
  const [first] = options;
  const fields = fieldsAlike(options.map((option) => ({ field: optionField(option) }))).map(([{ field }]) => field);
  if (!first) return undefined;
  if (fields.length > 1) draft.obstacle ??= { kind: 'which-key', at: spanOf(value), value: first.value, fields };
  return { ...comparing(optionField(first), '=', first.value, 1), takesNoun: named.length > 0 };
}

/** "bound included false", where only another key is ever `False`: a value straight after a key is that key's. */
function refuseForeign(value: Segment, before: Segment | undefined, draft: ReadingDraft): void {
  if (!before || !isTextKey(before) || !isKind(before, 'key') || !isKind(value, 'value')) return;
  const isBeside = value.start - before.end <= LONGEST_LINK && storedValue(value, before) === undefined;
  if (isBeside) draft.obstacle ??= { kind: 'no-value', key: before.meaning.name, value: value.text };
}

/** Letters of " is " and " = ". */
const LONGEST_LINK = 4;

export function plainStatus(segments: readonly Segment[], at: number): Match | undefined {
  const status = segments[at];
  return isKind(status, 'status') ? comparing(STATUS, '=', status.meaning.status, 1) : undefined;
}

/** status = FAILED · status is not KILLED */
export function statusComparison(segments: readonly Segment[], at: number): Match | undefined {
  const [noun, sign, status] = segments.slice(at, at + 3);
  const isStatus = isKind(noun, 'noun') && noun.meaning.noun === 'status';
  if (!isStatus || !isKind(sign, 'comparator') || !isKind(status, 'status')) return undefined;
  const { comparator } = sign.meaning;
  return /^!?=$/u.test(comparator) ? comparing(STATUS, comparator, status.meaning.status, 3) : undefined;
}
