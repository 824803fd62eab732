/** Conditions on runs, read off neighbouring segments as filter trees. */

import {
  allOf,
  type Comparator,
  compare,
  type Filter,
  fieldsAlike,
  hasField,
  isSameField,
} from '../../query/filter.ts';
import { RUN_ATTRIBUTES, type RunField, STATUS } from '../../query/kinds/run.ts';
import type { KeyKind } from '../../tools/resolve/keys.ts';
import { nearMisses } from '../../tools/resolve/names.ts';
import type { KnownValue } from '../../tools/resolve/vocabulary.ts';
import { isGlue, isKind, type Segment } from './meanings.ts';
import { type PlacedCondition, type ReadingDraft, spanOf } from './slots.ts';
import { loosen } from './tokens.ts';

const DURATION: RunField = { kind: 'attribute', key: 'duration' };

interface Match {
  readonly field: RunField;
  readonly filter: Filter;
  /** Segments taken. */
  readonly length: number;
  /** The noun before it names the key: "model xgboost". */
  readonly takesNoun?: boolean;
}

type Pattern = (segments: readonly Segment[], at: number, draft: ReadingDraft) => Match | undefined;

/** The first that fits wins: the longer come first. */
const PATTERNS: readonly Pattern[] = [
  keyPresence,
  keyBetween,
  keyComparatorOperand,
  keyIsNotValue,
  keyMissing,
  keyIsValue,
  comparatorNumberKey,
  valueOfKey,
  keyNumber,
  durationComparison,
  secondBound,
  plainValue,
  statusComparison,
  plainStatus,
];

export function extractConditions(draft: ReadingDraft): void {
  const { slots } = draft;
  const segments = draft.segments.map((segment) => settleKey(segment, draft));
  const out: Segment[] = [];
  for (let at = 0; at < segments.length; ) {
    const match = firstMatch(segments, at, draft);
    if (!match) {
      out.push(segments[at] as Segment);
      at += 1;
      continue;
    }
    if (match.takesNoun) out.pop();
    const place = placeOf(segments[at + match.length], out.at(-1));
    slots.conditions.push(joinCondition(match, place, out, slots.conditions.at(-1)));
    at += match.length;
  }
  draft.segments = negateLifecycle(out);
}

/** Takes the words that negate or join a condition off what stands before it. */
function joinCondition(
  match: Match,
  place: PlacedCondition['place'],
  before: Segment[],
  last: PlacedCondition | undefined,
): PlacedCondition {
  // "not using adam": the word between belongs to both.
  if (isGlue(before.at(-1), 'with') && isGlue(before.at(-2), 'not')) before.pop();
  const isNegated = isGlue(before.at(-1), 'not', 'without');
  if (isNegated) before.pop();
  const isOr = isGlue(before.at(-1), 'or') && last !== undefined;
  if (isOr) before.pop();
  const { field } = match;
  const isSame = isOr && isSameField(last.field, field);
  // "not adam or sgd" is neither of them.
  if (isSame && isExclusion(last)) return { filter: exclude(match.filter), field, joint: 'and', place };
  const filter = isNegated ? exclude(match.filter) : match.filter;
  const isShared = isOr && place === 'predicate';
  return { filter, field, joint: isOr ? 'or' : 'and', place: isShared ? last.place : place };
}

/** A run that lacks the key is not among those with another value. */
function exclude(filter: Filter): Filter {
  return filter.op === 'compare' && filter.comparator === '='
    ? { ...filter, comparator: '!=' }
    : { op: 'not', of: filter };
}

/** Whether it asks for one value of its field. */
export function isEquality({ filter }: Pick<PlacedCondition, 'filter'>): boolean {
  return filter.op === 'compare' && filter.comparator === '=';
}

function isExclusion({ filter }: PlacedCondition): boolean {
  return filter.op === 'compare' && filter.comparator === '!=';
}

function placeOf(after: Segment | undefined, before: Segment | undefined): PlacedCondition['place'] {
  const isBeforeRun =
    isKind(after, 'noun') || isKind(after, 'status') || isKind(after, 'value') || isKind(after, 'experiment');
  if (isBeforeRun) return 'adjective';
  return isGlue(before, 'with', 'in', 'not') ? 'clause' : 'predicate';
}

/** A key named in part is settled where only one can be meant; tools settle the others within their scope. */
function settleKey(segment: Segment, draft: ReadingDraft): Segment {
  if (!isKind(segment, 'key') || segment.meaning.exact) return segment;
  const { name, kinds } = segment.meaning;
  const known = draft.names.keys.filter(({ kind }) => kinds.includes(kind));
  const near = new Set(
    nearMisses(
      name,
      known.map(({ key }) => ({ key, runs: 1 })),
    ).map(({ key }) => key),
  );
  const [only] = near;
  if (near.size !== 1 || only === undefined) return segment;
  if (only.toLowerCase() !== name.toLowerCase()) draft.notes.push(`Read “${segment.text}” as “${only}”.`);
  return { ...segment, meaning: { ...segment.meaning, name: only, exact: true } };
}

function firstMatch(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
  for (const pattern of PATTERNS) {
    const match = pattern(segments, at, draft);
    if (match) return match;
  }
  return undefined;
}

/**
 * All conditions as one filter; `or` binds the two it stands between. Two values of one key are alternatives whatever
 * joins them: "adam and sgd runs" are no runs that used both.
 */
export function joinConditions(conditions: readonly PlacedCondition[]): Filter | undefined {
  const groups: Filter[][] = [];
  for (const [at, condition] of conditions.entries()) {
    const last = groups.at(-1);
    const before = conditions[at - 1];
    const isAlternative =
      before !== undefined && isEquality(condition) && isEquality(before) && isSameField(before.field, condition.field);
    if (last && (condition.joint === 'or' || isAlternative)) last.push(condition.filter);
    else groups.push([condition.filter]);
  }
  return allOf(...groups.map((group): Filter => (group.length > 1 ? { op: 'or', of: group } : group[0]!)));
}

/** f1_score is not null · learning_rate is missing */
function keyPresence(segments: readonly Segment[], at: number): Match | undefined {
  const [key, presence] = segments.slice(at, at + 2);
  if (!isKind(key, 'key') || !isKind(presence, 'presence')) return undefined;
  const field = fieldOf(key, 'metric');
  return { field, filter: presence.meaning.isPresent ? hasField(field) : lacksField(field), length: 2 };
}

/** rmse between 5.3 and 5.4 */
function keyBetween(segments: readonly Segment[], at: number): Match | undefined {
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
function keyComparatorOperand(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
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

/** A time with its unit is the run's own duration, unless a metric may be meant: nobody wrote down that one's unit. */
function timeComparison(
  key: Segment,
  comparator: Comparator,
  operand: Segment,
  length: number,
  draft: ReadingDraft,
): Match | undefined {
  if (!isKind(key, 'key') || !isKind(operand, 'number')) return undefined;
  const { name, kinds } = key.meaning;
  const isDuration = name === 'duration' && kinds.includes('attribute');
  const metric = kinds.includes('metric') ? name : isDuration ? metricCalled(key.text.toLowerCase(), draft) : undefined;
  if (!isDuration && metric === undefined) return undefined;
  if (metric !== undefined)
    draft.obstacle ??= {
      kind: 'which-time',
      at: spanOf(key),
      metric,
      amount: spanOf(operand),
      bare: operand.meaning.text.replace(/\p{L}+$/u, ''),
    };
  return comparing(DURATION, comparator, operand.meaning.value, length);
}

/** The metric whose name holds the words of a time, or is one of them: `time`, `training_time_s` for "training time". */
function metricCalled(words: string, { names }: ReadingDraft): string | undefined {
  // Who writes the prefix means no metric.
  if (words.startsWith('attributes.')) return undefined;
  const asked = new Set(loosen(words).split(' '));
  const metrics = names.keys.filter(({ kind }) => kind === 'metric').map(({ key }) => key);
  return metrics.find((key) => {
    const own = loosen(key).split(' ');
    return own.every((word) => asked.has(word)) || [...asked].every((word) => own.includes(word));
  });
}

/** without early_stopping, have no f1: holds in every frame; what a run must have depends on what is asked. */
function keyMissing(segments: readonly Segment[], at: number): Match | undefined {
  const [without, key, next] = segments.slice(at, at + 3);
  const isMissing = isGlue(without, 'without') || (isGlue(without, 'not') && without?.norm === 'no');
  if (!isMissing || !isKind(key, 'key') || key.meaning.kinds.includes('attribute')) return undefined;
  if (['comparator', 'value', 'number'].some((kind) => next?.meaning.kind === kind)) return undefined;
  const field = fieldOf(key, 'metric');
  return { field, filter: lacksField(field), length: 2 };
}

/** above 0.7 and below 0.8: the second bound is on the same key. */
function secondBound(segments: readonly Segment[], at: number, { slots }: ReadingDraft): Match | undefined {
  const [joint, sign, number] = [segments[at - 1], segments[at], segments[at + 1]];
  const last = slots.conditions.at(-1);
  // "batch size 16 or 32"
  if (isGlue(joint, 'or') && isKind(sign, 'number') && last && isParamNumber(last.filter))
    return comparing(last.field, '=', sign.meaning.value, 1);
  if (!isGlue(joint, 'and') || !isKind(sign, 'comparator') || !isKind(number, 'number') || !last) return undefined;
  if (last.field.kind !== 'metric') return undefined;
  return comparing(last.field, sign.meaning.comparator, number.meaning.value, 2);
}

/** A stored value beside its key needs no operator: initial pattern maximal · algorithm: xgboost */
function keyIsValue(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
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
function keyIsNotValue(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
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
function comparatorNumberKey(segments: readonly Segment[], at: number): Match | undefined {
  const [sign, number, joint, key] = segments.slice(at, at + 4);
  if (!isKind(sign, 'comparator') || !isKind(number, 'number')) return undefined;
  const isLinked = isGlue(joint, 'by', 'in', 'of');
  const target = isLinked ? key : joint;
  if (!isKind(target, 'key')) return undefined;
  return comparing(fieldOf(target, 'metric'), sign.meaning.comparator, number.meaning.value, isLinked ? 4 : 3);
}

/** adam optimizer */
function valueOfKey(segments: readonly Segment[], at: number): Match | undefined {
  const [value, key] = segments.slice(at, at + 2);
  if (!isKind(value, 'value') || !isKind(key, 'key')) return undefined;
  const option = storedValue(value, key);
  return option && comparing(optionField(option), '=', option.value, 2);
}

/** dimension 4: a param's number needs no operator; a metric's would be a coincidence. */
function keyNumber(segments: readonly Segment[], at: number): Match | undefined {
  const [key, number] = segments.slice(at, at + 2);
  if (!isKind(key, 'key') || !isKind(number, 'number') || !key.meaning.exact) return undefined;
  if (isTag(key)) return comparing(fieldOf(key, 'param'), '=', number.meaning.text, 2);
  if (!key.meaning.kinds.includes('param')) return undefined;
  return comparing(fieldOf(key, 'param'), '=', number.meaning.value, 2);
}

/** longer than 10 minutes · took under 5 s */
function durationComparison(segments: readonly Segment[], at: number): Match | undefined {
  const [sign, number] = segments.slice(at, at + 2);
  if (!isKind(sign, 'comparator') || !isKind(number, 'number') || number.meaning.unit !== 'ms') return undefined;
  return comparing(DURATION, sign.meaning.comparator, number.meaning.value, 2);
}

/** xgboost runs: a stored value alone, when only one key has it. */
function plainValue(segments: readonly Segment[], at: number, draft: ReadingDraft): Match | undefined {
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

function plainStatus(segments: readonly Segment[], at: number): Match | undefined {
  const status = segments[at];
  return isKind(status, 'status') ? comparing(STATUS, '=', status.meaning.status, 1) : undefined;
}

/** status = FAILED · status is not KILLED */
function statusComparison(segments: readonly Segment[], at: number): Match | undefined {
  const [noun, sign, status] = segments.slice(at, at + 3);
  const isStatus = isKind(noun, 'noun') && noun.meaning.noun === 'status';
  if (!isStatus || !isKind(sign, 'comparator') || !isKind(status, 'status')) return undefined;
  const { comparator } = sign.meaning;
  return /^!?=$/u.test(comparator) ? comparing(STATUS, comparator, status.meaning.status, 3) : undefined;
}

/** "not deleted" */
function negateLifecycle(segments: readonly Segment[]): Segment[] {
  return segments.flatMap((segment, at) => {
    const negated = isGlue(segments[at - 1], 'not') && isKind(segment, 'lifecycle');
    if (isGlue(segment, 'not') && isKind(segments[at + 1], 'lifecycle')) return [];
    if (!negated) return [segment];
    const lifecycle = segment.meaning.lifecycle === 'deleted' ? ('active' as const) : ('deleted' as const);
    return [{ ...segment, meaning: { kind: 'lifecycle' as const, lifecycle } }];
  });
}

function isTag(key: Segment): boolean {
  return isKind(key, 'key') && key.meaning.kinds.every((kind) => kind === 'tag');
}

function isTextKey(key: Segment): boolean {
  return (
    isKind(key, 'key') && key.meaning.exact && key.meaning.kinds.every((kind) => kind === 'param' || kind === 'tag')
  );
}

/** A value as stored, when the key has it. A run's user is a tag of MLflow's own. */
function storedValue(segment: Segment | undefined, key: Segment): KnownValue | undefined {
  if (!isKind(segment, 'value') || !isKind(key, 'key')) return undefined;
  const { name, kinds } = key.meaning;
  const stored = kinds.includes('attribute') ? `mlflow.${name}` : name;
  return segment.meaning.options.find(
    ({ kind, key: own }) => own === stored && (kinds.includes(kind) || kinds.includes('attribute')),
  );
}

function optionField({ kind, key }: KnownValue): RunField {
  return { kind, key };
}

function fieldOf(key: Segment, prefer: 'metric' | 'param'): RunField {
  if (!isKind(key, 'key')) throw new Error('a field without a key');
  const { name, kinds } = key.meaning;
  if (kinds.includes('attribute')) return attributeField(name);
  return { kind: kinds.includes(prefer) ? prefer : (kinds[0] as KeyKind), key: name };
}

/** What runs keep under another name than the word for it. */
const STORED_AS: Readonly<Record<string, RunField>> = {
  user: { kind: 'tag', key: 'mlflow.user' },
  source: { kind: 'tag', key: 'mlflow.source.name' },
  parent: { kind: 'attribute', key: 'parent_run_id' },
  id: { kind: 'attribute', key: 'run_id' },
  name: { kind: 'attribute', key: 'run_name' },
};

function attributeField(name: string): RunField {
  const listed = RUN_ATTRIBUTES.find((key) => key === name);
  return listed === undefined
    ? (STORED_AS[name] ?? { kind: 'tag', key: `mlflow.${name}` })
    : { kind: 'attribute', key: listed };
}

function comparing(field: RunField, comparator: Comparator, value: string | number, length: number): Match {
  return { field, filter: compare(field, comparator, value), length };
}

function lacksField(field: RunField): Filter {
  return { op: 'null', field };
}

function isParamNumber(filter: Filter): boolean {
  return (
    filter.op === 'compare' &&
    filter.field.kind === 'param' &&
    filter.comparator === '=' &&
    typeof filter.value === 'number'
  );
}
