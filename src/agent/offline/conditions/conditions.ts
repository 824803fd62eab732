/** Conditions on runs, read off neighbouring segments as filter trees. */
import { allOf, type Filter, isSameField } from '../../../query/filter.ts';
import { nearMisses } from '../../../tools/resolve/names.ts';
import { isGlue, isKind, type Segment } from '../meanings.ts';
import type { PlacedCondition, ReadingDraft } from '../slots.ts';
import {
  comparatorNumberKey,
  keyBetween,
  keyComparatorOperand,
  keyIsNotValue,
  keyIsValue,
  keyMissing,
  keyNumber,
  keyPresence,
  valueOfKey,
} from './by-key.ts';
import { durationComparison } from './by-time.ts';
import { plainStatus, plainValue, secondBound, statusComparison } from './by-value.ts';
import type { Match, Pattern } from './match.ts';

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
