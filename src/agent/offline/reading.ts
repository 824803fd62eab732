/** Reads a whole question: what it asks, as slots that frames can use. */
import { isSameField } from '../../query/filter.ts';
import { STATUS } from '../../query/kinds/run.ts';
import { extractConditions, isEquality } from './conditions/conditions.ts';
import { readFamilies } from './families.ts';
import { readIds } from './ids.ts';
import type { Meaning, Noun, Segment, StatisticWord } from './meanings.ts';
import { isGlue, isKind } from './meanings.ts';
import type { NameIndex } from './names.ts';
import {
  absorbBrackets,
  absorbNouns,
  readConcepts,
  readExtremes,
  readPercentiles,
  readRunNames,
  readScope,
  splitSuperlatives,
} from './passes.ts';
import {
  addNoun,
  emptySlots,
  type KeyRef,
  type Reading,
  type ReadingDraft,
  type Slots,
  type Superlative,
  spanOf,
} from './slots.ts';
import { mendTypos } from './typos.ts';

export function readQuestion(question: string, segments: readonly Segment[], names: NameIndex): Reading {
  const draft: ReadingDraft = {
    names,
    segments: segments.filter((segment) => segment.meaning.kind !== 'filler'),
    slots: emptySlots(),
    marks: {},
    nouns: [],
    notes: [],
    unplaced: [],
    obstacle: undefined,
  };
  for (const pass of PASSES) pass(draft);
  settlePredicates(draft, segments);
  readTotals(draft, segments);
  noteLastValues(draft, segments);
  refuseLoose(draft, segments);
  const { slots, marks, nouns, notes, unplaced, obstacle } = draft;
  const percents = segments.filter((one) => isKind(one, 'number') && one.meaning.unit === 'percent').map(spanOf);
  return { question, slots, marks, nouns, notes, unplaced, obstacle, ...(percents.length > 0 && { percents }) };
}

const PASSES: readonly ((draft: ReadingDraft) => void)[] = [
  readIds,
  absorbBrackets,
  readScope,
  mendTypos,
  absorbNouns,
  readPercentiles,
  readExtremes,
  splitSuperlatives,
  readConcepts,
  readFamilies,
  readRunNames,
  extractConditions,
  readSteps,
  readOrder,
  readRest,
];

const YES_NO = /^(?:did|do|does|is|are|was|were|has|have)\b/u;
const EVER = /^(?:ever|of all times?|all[ -]time|(?:at any|throughout|during) (?:epoch|step|point|time|training))$/u;

/** Runs are told apart by what they logged last: who asks for the best ever must hear that. */
function noteLastValues({ slots, notes }: ReadingDraft, segments: readonly Segment[]): void {
  const isOfMetric =
    slots.keys.some(({ kinds }) => kinds.includes('metric')) ||
    slots.conditions.some(({ field }) => field.kind === 'metric');
  const isPicking = slots.superlatives.length > 0 || slots.conditions.length > 0;
  if (isOfMetric && isPicking && segments.some(({ norm }) => EVER.test(norm)))
    notes.push('This goes by the last value that each run logged, not by the best along its curve.');
}

const TOTAL = /^(?:all|every|only|each)$/u;

/**
 * What is asked *about* chosen runs is no filter to choose them by: "did the last run fail" is not about the last failed
 * run, "which of the top 10 used adam" not about the top 10 that used it. "Did all runs finish" asks for a share.
 */
function settlePredicates(draft: ReadingDraft, segments: readonly Segment[]): void {
  const { slots, marks, unplaced } = draft;
  const words = segments.filter(({ meaning }) => meaning.kind !== 'filler');
  const isYesNo = YES_NO.test(segments[0]?.norm ?? '');
  const total = segments.find(({ norm }) => TOTAL.test(norm));
  const hasAsked = slots.conditions.length > 0 || slots.diagnosis !== undefined;
  const isPicked = slots.superlatives.length > 0 || slots.newest !== undefined;
  if (isYesNo && total && hasAsked) {
    if (/^(?:all|every|each)$/u.test(total.norm) && !isPicked && slots.diagnosis === undefined)
      marks.share = total.norm;
    else unplaced.push(total.text);
  }
  if (!isPicked) return;
  // "is run-145 the best run by f1"
  const isTested = isYesNo && slots.runs.length > 0;
  const isPartitive = isPartOf(words) || ('count' in marks && words.some((_, at) => isPartOf(words.slice(at))));
  const isPredicate = slots.conditions.some(({ field, place }) => isSameField(field, STATUS) && place === 'predicate');
  if (!isTested && !(hasAsked && (isYesNo || isPartitive || isPredicate))) return;
  const canBeAsked = !isTested && slots.diagnosis === undefined && slots.runs.length === 0;
  if (!canBeAsked || !takeAsked(slots)) draft.obstacle ??= { kind: 'predicate' };
}

/** "which of the …", "how many of the …" */
function isPartOf([first, second]: readonly Segment[]): boolean {
  const isAsking = isGlue(first, 'which') || (isKind(first, 'mark') && first.meaning.mark === 'count');
  return isAsking && (isGlue(second, 'of') || first?.norm.endsWith(' of') === true);
}

/** Tells what is asked about the runs from what they are picked by; false where that cannot be told. */
function takeAsked(slots: Slots): boolean {
  const { conditions } = slots;
  const place = (['predicate', 'clause'] as const).find((one) =>
    conditions.some((condition) => condition.place === one),
  );
  if (place === undefined || conditions.some(({ joint }) => joint === 'or')) return false;
  slots.asked = conditions.filter((condition) => condition.place === place);
  slots.conditions = conditions.filter((condition) => condition.place !== place);
  const [only, ...others] = slots.superlatives;
  if (only?.of === 'start_time' && others.length === 0 && only.order === 'highest') {
    slots.newest = slots.top ?? 1;
    slots.top = undefined;
    slots.superlatives = [];
  }
  return true;
}

/** "total_requests in total" asks for a sum; "how many runs in total" only says where. */
function readTotals({ slots, unplaced }: ReadingDraft, segments: readonly Segment[]): void {
  const total = segments.find(
    ({ meaning, norm }) => meaning.kind === 'everywhere' && /^(?:in total|altogether|all together)$/u.test(norm),
  );
  if (!total || !slots.keys.some(({ kinds }) => kinds.includes('metric'))) return;
  if (slots.statistic === undefined || slots.statistic === 'sum') slots.statistic = 'sum';
  else unplaced.push(total.text);
}

/** "at step 20" */
function readSteps(draft: ReadingDraft): void {
  const { segments, slots } = draft;
  const at = segments.findIndex(
    (segment, i) => isKind(segment, 'mark') && segment.meaning.mark === 'step' && isKind(segments[i + 1], 'number'),
  );
  const number = segments[at + 1];
  if (
    at < 0 ||
    !isKind(number, 'number') ||
    number.meaning.unit !== undefined ||
    !Number.isInteger(number.meaning.value)
  )
    return;
  slots.step = number.meaning.value;
  draft.segments = segments.filter((_, i) => i !== at && i !== at + 1);
}

/** "runs with country in": a value that was not found, or a question that breaks off. */
function refuseLoose({ unplaced }: ReadingDraft, segments: readonly Segment[]): void {
  const [before, last] = segments.filter(({ meaning }) => meaning.kind !== 'filler').slice(-2);
  if (last !== undefined && isGlue(last, 'in') && isKind(before, 'key')) unplaced.push(last.text);
}

/** Words that say no more than that there is an order. */
const ONLY_RANKS = /^(?:top|(?:sort|order)(?:ed)? (?:by|on))$/u;

/** Superlatives, and the number that says how many: "top 5", "3 slowest", "the 3 runs … with the largest time". */
function readOrder(draft: ReadingDraft): void {
  const { segments, slots } = draft;
  const found: { superlative: Superlative; top: boolean }[] = [];
  const rest: Segment[] = [];
  for (const [at, segment] of segments.entries()) {
    if (isKind(segment, 'superlative')) {
      const { order, of } = segment.meaning;
      const top = ONLY_RANKS.test(segment.norm);
      found.push({ superlative: { order, ...(of && { of }), ...(top && { isTop: true }) }, top });
    } else if (isKind(segment, 'ordinal') && slots.place === undefined && isKind(segments[at + 1], 'superlative')) {
      slots.place = segment.meaning.place;
    } else if (
      isKind(segment, 'number') &&
      segment.meaning.unit === undefined &&
      slots.top === undefined &&
      countsRuns(segments, at)
    ) {
      slots.top = segment.meaning.value;
    } else rest.push(segment);
  }
  // In "top 3 highest" the word top only says how many.
  const telling = found.length > 1 ? found.filter(({ top }) => !top) : found;
  slots.superlatives = telling.map(({ superlative }) => superlative);
  draft.segments = rest;
  if (telling.length === 2) readNewest(slots, segments);
}

/** "the best f1 of the last 5 runs": the number beside "last" says how many are looked at. */
function readNewest(slots: Slots, segments: readonly Segment[]): void {
  const isNewest = (segment: Segment | undefined) =>
    isKind(segment, 'superlative') && segment.meaning.of === 'start_time' && segment.meaning.order === 'highest';
  const at = segments.findIndex(isNewest);
  const number = segments[at + 1];
  if (at < 0 || !isKind(number, 'number') || slots.top !== number.meaning.value) return;
  slots.newest = slots.top;
  slots.top = undefined;
  slots.superlatives = slots.superlatives.filter(({ of }) => of !== 'start_time');
}

function countsRuns(segments: readonly Segment[], at: number): boolean {
  const value = segments[at];
  if (
    !isKind(value, 'number') ||
    !Number.isInteger(value.meaning.value) ||
    value.meaning.value < 1 ||
    value.meaning.value > 1000
  )
    return false;
  const near = [segments[at - 1], segments[at + 1]];
  return near.some(
    (segment) =>
      isKind(segment, 'superlative') ||
      (isKind(segment, 'noun') && ['run', 'config', 'item'].includes(segment.meaning.noun)),
  );
}

/** Everything that needs no neighbour to be understood, except a key's role. */
function readRest(draft: ReadingDraft): void {
  const { segments, slots } = draft;
  for (const [at, segment] of segments.entries()) {
    if (!place(segment.meaning, segment, roleAt(segments, at), draft)) draft.unplaced.push(segment.text);
  }
  slots.keys = dropRepeats(slots.keys).filter((key) => !saysWhichTime(key, slots) && !isImplied(key, slots));
}

/** A run with `pretrained = True` has it. */
function isImplied({ name, role }: KeyRef, { conditions }: Slots): boolean {
  return role === 'with' && conditions.some((condition) => condition.field.key === name && isEquality(condition));
}

/** "runs started today", "runs that ana started", "the last run that ended": the time itself is already understood. */
function saysWhichTime({ name, kinds }: KeyRef, { window, superlatives, conditions, keys }: Slots): boolean {
  if (kinds[0] !== 'attribute') return false;
  const isByUser =
    conditions.some(({ field }) => field.kind === 'tag' && field.key === 'mlflow.user') ||
    keys.some((key) => key.name === 'user');
  if (name === 'start_time')
    return isByUser || window !== undefined || superlatives.some(({ of }) => of === 'start_time');
  if (name !== 'end_time' || window === undefined) return false;
  window.isEnd = true;
  return true;
}

function place(meaning: Meaning, segment: Segment, role: KeyRef['role'], draft: ReadingDraft): boolean {
  const { slots, marks } = draft;
  switch (meaning.kind) {
    case 'filler':
      return true;
    case 'glue':
      // A negation or an alternative that nothing took up would turn the answer round.
      return !['not', 'without', 'or'].includes(meaning.glue);
    case 'mark':
      // What is named first is what is asked.
      if (!(meaning.mark in marks)) marks[meaning.mark] = meaning.detail ?? segment.norm;
      return true;
    case 'noun':
      placeNoun(meaning.noun, segment, role, draft);
      return true;
    case 'key':
      slots.keys.push({ name: meaning.name, kinds: meaning.kinds, exact: meaning.exact, role });
      return true;
    case 'comparative':
      slots.comparative = { order: meaning.order, of: meaning.of };
      return true;
    case 'statistic':
      return fillStatistic(slots, meaning.statistic);
    case 'lifecycle':
      return fill(slots, 'lifecycle', meaning.lifecycle);
    case 'everywhere':
      slots.everywhere = true;
      return true;
    case 'diagnosis':
      return fill(slots, 'diagnosis', meaning.diagnosis);
    case 'direction':
      slots.direction = meaning.order === 'highest' ? 'higher' : 'lower';
      return true;
    case 'window':
      if (slots.window) return slots.window.label === meaning.label;
      slots.window = meaning;
      return true;
    case 'comparator':
      // "the mean over all runs" compares nothing.
      return segment.norm === 'over';
    default:
      return false;
  }
}

/** A slot holds one value: a second, different one is not dropped in silence. */
function fill<S extends 'lifecycle' | 'diagnosis'>(slots: Slots, slot: S, value: Slots[S]): boolean {
  if (slots[slot] !== undefined) return slots[slot] === value;
  slots[slot] = value;
  return true;
}

/** What every summary shows together; of anything else only one can be asked for. */
const SHOWN_TOGETHER: ReadonlySet<StatisticWord> = new Set(['mean', 'median', 'min', 'max', 'sd', 'all']);

function fillStatistic(slots: Slots, statistic: StatisticWord): boolean {
  const known = slots.statistic;
  slots.statistic = known === undefined || known === statistic ? statistic : 'all';
  return known === undefined || known === statistic || (SHOWN_TOGETHER.has(known) && SHOWN_TOGETHER.has(statistic));
}

/** What every store has, so that a key of the same name needs its quotes. */
const OWN_NOUNS: ReadonlySet<Noun> = new Set(['run', 'experiment', 'metric', 'param', 'tag', 'status', 'item']);

/** "by status", "per experiment"; a noun that the store has as a key is that key where a key is asked for. */
function placeNoun(noun: Noun, segment: Segment, role: KeyRef['role'], draft: ReadingDraft): void {
  const { names, slots } = draft;
  const key = OWN_NOUNS.has(noun)
    ? undefined
    : names.match(segment.text).find(({ meaning }) => meaning.kind === 'key' && meaning.exact)?.meaning;
  const isAskedFor = role === 'by' || role === 'which' || noun === 'config';
  // "best model by f1" asks which model; of "which depth did the best model use" the depth is asked, of "params of the
  // best model" the params.
  if (noun === 'config' && slots.superlatives.length > 0 && role === 'plain') {
    const isOther = slots.keys.some((one) => one.role === 'which') || draft.segments.some(isOfRun);
    if (key?.kind === 'key' && !isOther)
      slots.keys.push({ name: key.name, kinds: key.kinds, exact: true, role: 'which' });
    else addNoun(draft, noun);
    return;
  }
  if (key?.kind === 'key' && isAskedFor) slots.keys.push({ name: key.name, kinds: key.kinds, exact: true, role });
  else if (role === 'by' || isLeader(noun, role, draft))
    slots.keys.push({ name: noun, kinds: ['attribute'], exact: true, role });
  else addNoun(draft, noun);
}

/** "which experiment has the highest f1": a group of runs that leads by a metric. */
function isLeader(noun: Noun, role: KeyRef['role'], { slots, segments }: ReadingDraft): boolean {
  const isByMetric = segments.some((segment) => isKind(segment, 'key') && segment.meaning.kinds.includes('metric'));
  return noun === 'experiment' && role === 'which' && slots.superlatives.length > 0 && isByMetric;
}

/** What single runs have and groups of them have not. */
const OF_A_RUN: ReadonlySet<Noun> = new Set(['param', 'metric', 'tag', 'dataset', 'status']);

function isOfRun(segment: Segment): boolean {
  return isKind(segment, 'noun') && OF_A_RUN.has(segment.meaning.noun);
}

function roleAt(segments: readonly Segment[], at: number): KeyRef['role'] {
  const before = segments[at - 1];
  if (isGlue(before, 'by')) return 'by';
  if (isGlue(before, 'with') || isAdjective(segments, at)) return 'with';
  return isGlue(before, 'which') || isWho(segments[at]) ? 'which' : 'plain';
}

function isWho(segment: Segment | undefined): boolean {
  return isKind(segment, 'key') && /^who(?:se)?\b/u.test(segment.norm) && segment.meaning.kinds.includes('attribute');
}

/** "pretrained runs", "reviewed and tuned runs": a param or tag said of the runs. */
function isAdjective(segments: readonly Segment[], at: number): boolean {
  const [key, after] = [segments[at], segments[at + 1]];
  const isOfRuns = isKind(after, 'noun') && after.meaning.noun === 'run' && after.norm.endsWith('runs');
  const isAsked = isGlue(segments[at - 1], 'which', 'by', 'not', 'without');
  return (
    isOfRuns && !isAsked && isKind(key, 'key') && key.meaning.kinds.every((kind) => kind === 'param' || kind === 'tag')
  );
}

/** Two names that differ in case alone are one, unless both are spelt as logged. */
function isSameKey(a: KeyRef, b: KeyRef): boolean {
  return a.exact && b.exact ? a.name === b.name : a.name.toLowerCase() === b.name.toLowerCase();
}

/** "error (rmse)" and "time … by the metric time" name one key; a later exact mention replaces a vague one. */
function dropRepeats(keys: readonly KeyRef[]): KeyRef[] {
  const kept: KeyRef[] = [];
  for (const key of keys) {
    const same = kept.findIndex((other) => isSameKey(other, key));
    if (same < 0) kept.push(key);
    else if (kept[same]?.role === 'plain') kept[same] = key;
  }
  return kept;
}
