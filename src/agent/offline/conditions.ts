/** Conditions on runs, read off neighbouring segments and written in the filter grammar. */

import { nearMisses } from '../../tools/resolve/names.ts';
import type { KnownValue } from '../../tools/resolve/vocabulary.ts';
import { isGlue, isKind, type Segment } from './meanings.ts';
import type { Condition, Draft } from './slots.ts';
import { loosen } from './tokens.ts';

interface Match {
  readonly field: string;
  /** What follows the field in the filter grammar. */
  readonly test: string;
  /** Segments taken. */
  readonly length: number;
  /** The noun before it names the key: "model xgboost". */
  readonly takesNoun?: boolean;
}

type Pattern = (segments: readonly Segment[], at: number, draft: Draft) => Match | undefined;

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
  plainStatus,
];

export function extractConditions(draft: Draft): void {
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
  place: Condition['place'],
  before: Segment[],
  last: Condition | undefined,
): Condition {
  // "not using adam": the word between belongs to both.
  if (isGlue(before.at(-1), 'with') && isGlue(before.at(-2), 'not')) before.pop();
  const isNegated = isGlue(before.at(-1), 'not', 'without');
  if (isNegated) before.pop();
  const isOr = isGlue(before.at(-1), 'or') && last !== undefined;
  if (isOr) before.pop();
  const { field } = match;
  // "not adam or sgd" is neither of them.
  if (isOr && last.field === field && isExclusion(last)) return { text: exclude(match), field, joint: 'and', place };
  const text = isNegated ? exclude(match) : `${field} ${match.test}`;
  const isShared = isOr && place === 'predicate';
  return { text, field, joint: isOr ? 'or' : 'and', place: isShared ? last.place : place };
}

/** A run that lacks the key is not among those with another value. */
function exclude({ field, test }: Match): string {
  return test.startsWith('= ') ? `${field} !${test}` : `NOT (${field} ${test})`;
}

/** Whether it asks for one value of its field. */
export function isEquality({ text, field }: Pick<Condition, 'text' | 'field'>): boolean {
  return text.startsWith(`${field} = `);
}

function isExclusion({ text, field }: Condition): boolean {
  return text.startsWith(`${field} != `);
}

function placeOf(after: Segment | undefined, before: Segment | undefined): Condition['place'] {
  const isBeforeRun =
    isKind(after, 'noun') || isKind(after, 'status') || isKind(after, 'value') || isKind(after, 'experiment');
  if (isBeforeRun) return 'adjective';
  return isGlue(before, 'with', 'in', 'not') ? 'clause' : 'predicate';
}

/** A key named in part is settled where only one can be meant; tools settle the others within their scope. */
function settleKey(segment: Segment, draft: Draft): Segment {
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

function firstMatch(segments: readonly Segment[], at: number, draft: Draft): Match | undefined {
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
export function joinConditions(conditions: readonly Condition[]): string | undefined {
  const groups: string[][] = [];
  for (const [at, { text, field, joint }] of conditions.entries()) {
    const last = groups.at(-1);
    const before = conditions[at - 1];
    const isAlternative = isEquality({ text, field }) && before?.field === field && isEquality(before);
    if (last && (joint === 'or' || isAlternative)) last.push(text);
    else groups.push([text]);
  }
  if (groups.length === 0) return undefined;
  return groups.map((group) => (group.length > 1 ? `(${group.join(' OR ')})` : group[0])).join(' AND ');
}

/** f1_score is not null · learning_rate is missing */
function keyPresence(segments: readonly Segment[], at: number): Match | undefined {
  const [key, presence] = segments.slice(at, at + 2);
  if (!isKind(key, 'key') || !isKind(presence, 'presence')) return undefined;
  return { field: fieldOf(key, 'metric'), test: presence.meaning.isPresent ? 'IS NOT NULL' : 'IS NULL', length: 2 };
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
  return { field, test: `>= ${low.meaning.value} AND ${field} <= ${high.meaning.value}`, length: 5 };
}

/** rmse < 5.34 · time above 900 · dimension = 4 · algorithm is xgboost · duration over 10 min */
function keyComparatorOperand(segments: readonly Segment[], at: number, draft: Draft): Match | undefined {
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
      return isEquality
        ? { field: fieldOf(key, 'param'), test: `${comparator} ${quoteValue(operand.text)}`, length: 3 + skip }
        : undefined;
    return { field: fieldOf(key, prefer), test: `${comparator} ${operand.meaning.value}`, length: 3 + skip };
  }
  if (comparator !== '=' && comparator !== '!=') return undefined;
  const option = storedValue(operand, key);
  if (option)
    return { field: optionField(option), test: `${comparator} ${quoteValue(option.value)}`, length: 3 + skip };
  // A value of another key is none of this one's.
  const isForeign = isKind(operand, 'value') && isTextKey(key);
  if (!operand || !(isForeign || isKind(operand, 'unknown'))) return undefined;
  draft.obstacle ??= { kind: 'no-value', key: key.meaning.name, value: operand.text };
  return { field: fieldOf(key, 'param'), test: `${comparator} ${quoteValue(operand.text)}`, length: 3 + skip };
}

/** A time with its unit is the run's own duration, unless a metric may be meant: nobody wrote down that one's unit. */
function timeComparison(
  key: Segment,
  comparator: string,
  operand: Segment,
  length: number,
  draft: Draft,
): Match | undefined {
  if (!isKind(key, 'key') || !isKind(operand, 'number')) return undefined;
  const { name, kinds } = key.meaning;
  const isDuration = name === 'duration' && kinds.includes('attribute');
  const metric = kinds.includes('metric') ? name : isDuration ? metricCalled(key.norm, draft) : undefined;
  if (!isDuration && metric === undefined) return undefined;
  if (metric !== undefined)
    draft.obstacle ??= { kind: 'which-time', text: key.text, metric, amount: operand.meaning.text };
  return { field: 'attributes.duration', test: `${comparator} ${operand.meaning.value}`, length };
}

/** The metric whose name holds the words of a time, or is one of them: `time`, `training_time_s` for "training time". */
function metricCalled(words: string, { names }: Draft): string | undefined {
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
  return { field: fieldOf(key, 'metric'), test: 'IS NULL', length: 2 };
}

/** above 0.7 and below 0.8: the second bound is on the same key. */
function secondBound(segments: readonly Segment[], at: number, { slots }: Draft): Match | undefined {
  const [joint, sign, number] = [segments[at - 1], segments[at], segments[at + 1]];
  const last = slots.conditions.at(-1);
  // "batch size 16 or 32"
  if (isGlue(joint, 'or') && isKind(sign, 'number') && last && /^params\..* = [-\d.e]+$/u.test(last.text))
    return { field: last.field, test: `= ${sign.meaning.value}`, length: 1 };
  if (!isGlue(joint, 'and') || !isKind(sign, 'comparator') || !isKind(number, 'number') || !last) return undefined;
  if (!last.field.startsWith('metrics.')) return undefined;
  return { field: last.field, test: `${sign.meaning.comparator} ${number.meaning.value}`, length: 2 };
}

/** A stored value beside its key needs no operator: initial pattern maximal · algorithm: xgboost */
function keyIsValue(segments: readonly Segment[], at: number, draft: Draft): Match | undefined {
  const [key, next, afterNext] = segments.slice(at, at + 3);
  if (!isKind(key, 'key')) return undefined;
  const isLinked = isGlue(next, ':');
  const value = isLinked ? afterNext : next;
  if (isKind(value, 'unknown') && isTextKey(key) && isGlue(segments[at - 1], 'with')) {
    draft.obstacle ??= { kind: 'no-value', key: key.meaning.name, value: value.text };
    return { field: fieldOf(key, 'param'), test: `= ${quoteValue(value.text)}`, length: isLinked ? 3 : 2 };
  }
  const option = storedValue(value, key);
  return option && { field: optionField(option), test: `= ${quoteValue(option.value)}`, length: isLinked ? 3 : 2 };
}

/** optimizer not adam · batch size not 16 · accuracy not above 0.7 */
function keyIsNotValue(segments: readonly Segment[], at: number, draft: Draft): Match | undefined {
  const [key, not, ...rest] = segments.slice(at, at + 4);
  if (!isKind(key, 'key') || !isGlue(not, 'not')) return undefined;
  const match =
    keyComparatorOperand([key, ...rest], 0, draft) ??
    keyIsValue([key, ...rest], 0, draft) ??
    keyNumber([key, ...rest], 0);
  if (!match) return undefined;
  const comparator = /^(?:[<>]=?|=)/u.exec(match.test)?.[0] ?? '';
  const flipped = FLIPPED[comparator];
  if (flipped === undefined) return undefined;
  return { ...match, test: `${flipped}${match.test.slice(comparator.length)}`, length: match.length + 1 };
}

const FLIPPED: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '=': '!=' };

/** under 8 by time */
function comparatorNumberKey(segments: readonly Segment[], at: number): Match | undefined {
  const [sign, number, joint, key] = segments.slice(at, at + 4);
  if (!isKind(sign, 'comparator') || !isKind(number, 'number')) return undefined;
  const isLinked = isGlue(joint, 'by', 'in', 'of');
  const target = isLinked ? key : joint;
  if (!isKind(target, 'key')) return undefined;
  return {
    field: fieldOf(target, 'metric'),
    test: `${sign.meaning.comparator} ${number.meaning.value}`,
    length: isLinked ? 4 : 3,
  };
}

/** adam optimizer */
function valueOfKey(segments: readonly Segment[], at: number): Match | undefined {
  const [value, key] = segments.slice(at, at + 2);
  if (!isKind(value, 'value') || !isKind(key, 'key')) return undefined;
  const option = storedValue(value, key);
  return option && { field: optionField(option), test: `= ${quoteValue(option.value)}`, length: 2 };
}

/** dimension 4: a param's number needs no operator; a metric's would be a coincidence. */
function keyNumber(segments: readonly Segment[], at: number): Match | undefined {
  const [key, number] = segments.slice(at, at + 2);
  if (!isKind(key, 'key') || !isKind(number, 'number') || !key.meaning.exact) return undefined;
  if (isTag(key)) return { field: fieldOf(key, 'param'), test: `= ${quoteValue(number.meaning.text)}`, length: 2 };
  if (!key.meaning.kinds.includes('param')) return undefined;
  return { field: fieldOf(key, 'param'), test: `= ${number.meaning.value}`, length: 2 };
}

/** longer than 10 minutes · took under 5 s */
function durationComparison(segments: readonly Segment[], at: number): Match | undefined {
  const [sign, number] = segments.slice(at, at + 2);
  if (!isKind(sign, 'comparator') || !isKind(number, 'number') || number.meaning.unit !== 'ms') return undefined;
  return { field: 'attributes.duration', test: `${sign.meaning.comparator} ${number.meaning.value}`, length: 2 };
}

/** xgboost runs: a stored value alone, when only one key has it. */
function plainValue(segments: readonly Segment[], at: number, draft: Draft): Match | undefined {
  const value = segments[at];
  if (!isKind(value, 'value')) return undefined;
  const { options: all } = value.meaning;
  refuseForeign(value, segments[at - 1], draft);
  // "with model aurora": a word that holds a question together may be the key's name all the same.
  const named = all.filter((option) => option.key.toLowerCase() === segments[at - 1]?.norm);
  const options = named.length > 0 ? named : all;
  const [first] = options;
  const keys = [...new Set(options.map((option) => `${option.kind}s.${option.key}`))];
  if (!first) return undefined;
  if (keys.length > 1) draft.obstacle ??= { kind: 'which-key', value: value.text, keys };
  return { field: optionField(first), test: `= ${quoteValue(first.value)}`, length: 1, takesNoun: named.length > 0 };
}

/** "bound included false", where only another key is ever `False`: a value straight after a key is that key's. */
function refuseForeign(value: Segment, before: Segment | undefined, draft: Draft): void {
  if (!before || !isTextKey(before) || !isKind(before, 'key') || !isKind(value, 'value')) return;
  const isBeside = value.start - before.end <= LONGEST_LINK && storedValue(value, before) === undefined;
  if (isBeside) draft.obstacle ??= { kind: 'no-value', key: before.meaning.name, value: value.text };
}

/** Letters of " is " and " = ". */
const LONGEST_LINK = 4;

function plainStatus(segments: readonly Segment[], at: number): Match | undefined {
  const status = segments[at];
  return isKind(status, 'status') ? { field: 'status', test: `= '${status.meaning.status}'`, length: 1 } : undefined;
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
  return segment.meaning.options.find((option) => option.key === stored);
}

function optionField({ kind, key }: KnownValue): string {
  return `${kind}s.${quoteKey(key)}`;
}

function fieldOf(key: Segment, prefer: 'metric' | 'param'): string {
  if (!isKind(key, 'key')) throw new Error('a field without a key');
  const { name, kinds } = key.meaning;
  if (kinds.includes('attribute')) return `attributes.${name}`;
  const kind = kinds.includes(prefer) ? prefer : (kinds[0] ?? prefer);
  return `${kind}s.${quoteKey(name)}`;
}

export function quoteKey(key: string): string {
  return `\`${key}\``;
}

/** MLflow's strings know no escapes: one kind of quote around the other. */
export function quoteValue(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
