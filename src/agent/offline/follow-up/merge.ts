/** One reading made of two: what a follow-up says, and from the question before what it leaves unsaid. */
import { isSameField } from '../../../query/filter.ts';
import { isMetric, metricsOf } from '../frames/query-parts.ts';
import type { Mark, Noun } from '../meanings.ts';
import { type KeyRef, markNames, type PlacedCondition, type Reading, type Slots } from '../slots.ts';
import { among, isOfIds, referenceTo } from './run-set.ts';

/** What the earlier question gives. */
export interface Base {
  readonly reading: Reading;
  /** Runs that its answer was about. */
  readonly runIds: readonly string[];
  /** The metric that it was about without being asked for it: the only one of its conditions. */
  readonly metric: KeyRef | undefined;
}

/** Runs that the words of the follow-up point back to, and how they are taken. */
export interface Picked {
  readonly runIds: readonly string[];
  /** As runs to look at one by one, or as all that is counted, ranked or averaged over. */
  readonly as: 'runs' | 'population';
}

export interface Take {
  readonly base: Base;
  readonly picked?: Picked | undefined;
  /** Whether the keys of the earlier question are meant where the follow-up names none. */
  readonly keys: boolean;
  /** Whether the follow-up only puts another run in the place of the one that was named. */
  readonly swapsRun?: boolean | undefined;
}

/** Marks that say how an answer looks or how much is asked; by themselves they ask for nothing new. */
const SOFT_MARKS: ReadonlySet<Mark> = new Set(['each', 'recent', 'available']);

export function mergeReadings(own: Reading, { base: earlier, picked, keys, swapsRun = false }: Take): Reading {
  const asksAnew = changesKind(own) && !swapsRun;
  const base = swapsRun ? withoutRuns(earlier) : earlier;
  const before = base.reading;
  const slots = mergeSlots(own.slots, base, { picked, keys, asksAnew, compares: 'compare' in own.marks });
  return {
    question: own.question,
    slots,
    marks: asksAnew ? own.marks : { ...before.marks, ...own.marks },
    nouns: mergeNouns(own.nouns, asksAnew ? [] : before.nouns),
    notes: own.notes,
    unplaced: own.unplaced,
    obstacle: own.obstacle,
    percents: own.percents,
  };
}

const KINDS: ReadonlySet<Noun> = new Set(['param', 'metric', 'tag']);

/** "and the metrics?" takes the place of the params that were asked for. */
function mergeNouns(own: readonly Noun[], before: readonly Noun[]): Noun[] {
  const asksKinds = own.some((noun) => KINDS.has(noun));
  const kept = before.filter((noun) => !asksKinds || !KINDS.has(noun));
  return [...new Set([...kept, ...own])].filter((noun) => noun !== 'item');
}

function withoutRuns(base: Base): Base {
  return { ...base, reading: { ...base.reading, slots: { ...base.reading.slots, runs: [] } } };
}

/** Whether a follow-up wants something else done, or only the same with a difference. */
export function changesKind({ slots, marks }: Reading): boolean {
  const { superlatives, statistic, comparative, diagnosis } = slots;
  const asks =
    superlatives.length > 0 || statistic !== undefined || comparative !== undefined || diagnosis !== undefined;
  return asks || markNames(marks).some((mark) => !SOFT_MARKS.has(mark));
}

interface How {
  readonly picked: Picked | undefined;
  readonly keys: boolean;
  readonly asksAnew: boolean;
  /** Values or runs are held against each other: no other group is. */
  readonly compares: boolean;
}

function mergeSlots(own: Slots, base: Base, { picked, keys, asksAnew, compares }: How): Slots {
  const before = base.reading.slots;
  const movesScope = own.experiments.length > 0 || own.everywhere;
  const grouped = own.keys.some(isGroup);
  const isPicked = picked !== undefined && picked.runIds.length > 0;
  const merged: Slots = {
    experiments: movesScope ? own.experiments : before.experiments,
    everywhere: own.everywhere || (!movesScope && picked?.as !== 'runs' && before.everywhere),
    lifecycle: own.lifecycle ?? (picked?.as === 'runs' ? undefined : before.lifecycle),
    conditions: mergeConditions(own.conditions, isPicked ? [] : staying(before.conditions, movesScope)),
    asked: own.asked.length > 0 || asksAnew || picked ? own.asked : before.asked,
    newest: own.newest ?? (asksAnew || picked ? undefined : before.newest),
    step: own.step ?? (asksAnew || picked ? undefined : before.step),
    window: own.window ?? (isPicked ? undefined : before.window),
    top: own.top ?? (asksAnew || isPicked || own.place !== undefined ? undefined : before.top),
    place: own.place ?? (asksAnew || isPicked || grouped ? undefined : before.place),
    superlatives: own.superlatives.length > 0 || asksAnew || grouped || picked ? own.superlatives : before.superlatives,
    comparative: own.comparative ?? (asksAnew || picked ? undefined : before.comparative),
    statistic: own.statistic ?? (asksAnew || own.place !== undefined ? undefined : before.statistic),
    keys: mergeKeys(own, base, { inherits: keys, compares }),
    runs: own.runs,
    diagnosis: own.diagnosis ?? (asksAnew ? undefined : before.diagnosis),
    direction: own.direction ?? (isPicked ? undefined : before.direction),
  };
  return pickRuns(merged, own, base, { picked, movesScope, asksAnew });
}

/** Runs of one experiment are none of another. */
function staying(conditions: readonly PlacedCondition[], movesScope: boolean): readonly PlacedCondition[] {
  return movesScope ? conditions.filter((one) => !isOfIds(one)) : conditions;
}

/** Puts the runs into the merged slots: named ones, or a condition that only they meet. */
function pickRuns(
  merged: Slots,
  own: Slots,
  base: Base,
  { picked, movesScope, asksAnew }: Pick<How, 'picked' | 'asksAnew'> & { readonly movesScope: boolean },
): Slots {
  if (picked !== undefined) {
    if (picked.as === 'runs')
      return { ...merged, runs: [...new Set([...picked.runIds.map(referenceTo), ...own.runs])] };
    return picked.runIds.length === 0 ? merged : among(merged, picked.runIds);
  }
  const before = base.reading.slots;
  if (own.runs.length > 0) {
    const [first] = base.runIds;
    const isCompared = !asksAnew && isComparison(base.reading) && first !== undefined && own.runs.length === 1;
    const runs = isCompared ? [referenceTo(first), ...own.runs] : own.runs;
    return { ...merged, runs, superlatives: own.superlatives, place: own.place, top: own.top };
  }
  if (before.runs.length === 0 || movesScope) return merged;
  const narrows = own.conditions.length > 0 || own.window !== undefined;
  const counts = own.superlatives.length > 0 || own.statistic !== undefined || own.keys.some(isGroup);
  if (!narrows && !counts) return { ...merged, runs: before.runs };
  // An average of the runs of a comparison is of them; of a run that was only looked at, it is of what surrounds it.
  return narrows || base.runIds.length > 1 ? among(merged, base.runIds) : merged;
}

const isComparison = ({ marks, slots }: Reading): boolean =>
  'compare' in marks || 'differ' in marks || slots.comparative !== undefined;

/** A new condition on a field takes the place of the old ones on it. */
function mergeConditions(own: readonly PlacedCondition[], before: readonly PlacedCondition[]): PlacedCondition[] {
  const kept = before.filter(({ field }) => !own.some((condition) => isSameField(condition.field, field)));
  return [...kept, ...own];
}

function isGroup(key: KeyRef): boolean {
  return key.role === 'by' && !key.kinds.every((kind) => kind === 'metric');
}

/** A param of a correlation takes the place of another, the metric stays. */
const isHeldAgainst = ({ marks }: Reading): boolean => 'correlate' in marks || 'impact' in marks;

/** A new metric takes the place of the old one, a new group that of the old group; what else was asked for is over. */
function mergeKeys(
  own: Slots,
  { reading, metric }: Base,
  { inherits, compares }: { readonly inherits: boolean; readonly compares: boolean },
): KeyRef[] {
  const before = reading.slots;
  if (!inherits) return own.keys;
  const ownMetric = metricsOf(own).length > 0;
  const ownGroup = own.keys.some(isGroup);
  const others = own.keys.some((key) => !isGroup(key) && !isMetric(key));
  if (others) return isHeldAgainst(reading) ? [...before.keys.filter(isMetric), ...own.keys] : own.keys;
  const staysBeside = (key: KeyRef) => !ownMetric || (isHeldAgainst(reading) && !isMetric(key));
  const kept = before.keys.filter((key) => (isGroup(key) ? !ownGroup && !compares : staysBeside(key)));
  // "by rmse" stays what is ranked by, also where its place is taken: "same for mae".
  const role = before.keys.find((key) => isMetric(key) && key.role === 'by')?.role;
  const metrics = own.keys.map((key) => (isMetric(key) && key.role === 'plain' && role ? { ...key, role } : key));
  const merged = [...kept, ...metrics];
  const isOpen = own.superlatives.some(({ of }) => of === undefined) || own.statistic !== undefined;
  return metric !== undefined && isOpen && !merged.some(isMetric) ? [...merged, metric] : merged;
}
