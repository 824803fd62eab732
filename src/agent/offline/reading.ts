/** Reads a whole question: what it asks, as slots that frames can use. */
import { extractConditions } from './conditions.ts';
import type { Meaning, Noun, Segment } from './meanings.ts';
import { isGlue, isKind } from './meanings.ts';
import type { NameIndex } from './names.ts';
import { absorbBrackets, absorbNouns, mendTypos, readRuns, readScope } from './passes.ts';
import { type Draft, emptySlots, type KeyRef, type Reading, type Superlative } from './slots.ts';

export function readQuestion(question: string, segments: readonly Segment[], names: NameIndex): Reading {
  const draft: Draft = {
    names,
    segments: segments.filter((segment) => segment.meaning.kind !== 'filler'),
    slots: emptySlots(),
    marks: new Map(),
    nouns: new Set(),
    notes: [],
    unplaced: [],
    obstacle: undefined,
  };
  for (const pass of PASSES) pass(draft);
  const { slots, marks, nouns, notes, unplaced, obstacle } = draft;
  return { question, slots, marks, nouns, notes, unplaced, obstacle };
}

const PASSES: readonly ((draft: Draft) => void)[] = [
  absorbBrackets,
  readScope,
  mendTypos,
  absorbNouns,
  readRuns,
  extractConditions,
  readOrder,
  readRest,
];

/** Superlatives, and the number that says how many: "top 5", "3 slowest", "the 3 runs … with the largest time". */
function readOrder(draft: Draft): void {
  const { segments, slots } = draft;
  const found: { superlative: Superlative; top: boolean }[] = [];
  const rest: Segment[] = [];
  for (const [at, segment] of segments.entries()) {
    if (isKind(segment, 'superlative')) {
      const { order, of } = segment.meaning;
      found.push({ superlative: of === undefined ? { order } : { order, of }, top: segment.norm === 'top' });
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
function readRest(draft: Draft): void {
  const { segments, slots } = draft;
  for (const [at, segment] of segments.entries()) {
    if (!place(segment.meaning, segment, roleAt(segments, at), draft)) draft.unplaced.push(segment.text);
  }
  slots.keys = dropRepeats(slots.keys);
}

function place(meaning: Meaning, segment: Segment, role: KeyRef['role'], draft: Draft): boolean {
  const { slots, marks, nouns } = draft;
  switch (meaning.kind) {
    case 'filler':
      return true;
    case 'glue':
      // A negation that nothing took up would turn the answer round.
      return meaning.glue !== 'not' && meaning.glue !== 'without';
    case 'mark':
      marks.set(meaning.mark, meaning.detail ?? segment.norm);
      return true;
    case 'noun':
      if (role === 'by') slots.keys.push(groupKey(meaning.noun, segment, draft));
      else nouns.add(meaning.noun);
      return true;
    case 'key':
      slots.keys.push({ name: meaning.name, kinds: meaning.kinds, exact: meaning.exact, role });
      return true;
    case 'comparative':
      slots.comparative = { order: meaning.order, of: meaning.of };
      return true;
    case 'statistic':
      slots.statistic = meaning.statistic;
      return true;
    case 'lifecycle':
      slots.lifecycle = meaning.lifecycle;
      return true;
    case 'everywhere':
      slots.everywhere = true;
      return true;
    case 'diagnosis':
      slots.diagnosis = meaning.diagnosis;
      return true;
    case 'direction':
      slots.direction = meaning.order === 'highest' ? 'higher' : 'lower';
      return true;
    case 'window':
      slots.window ??= meaning;
      return true;
    case 'comparator':
      // "the mean over all runs" compares nothing.
      return segment.norm === 'over';
    default:
      return false;
  }
}

/** "by status", "per experiment"; "by model" where the store has such a key. */
function groupKey(noun: Noun, segment: Segment, draft: Draft): KeyRef {
  const key = draft.names.match(segment.text).find(({ meaning }) => meaning.kind === 'key' && meaning.exact)?.meaning;
  if (key?.kind === 'key') return { name: key.name, kinds: key.kinds, exact: true, role: 'by' };
  return { name: noun, kinds: ['attribute'], exact: true, role: 'by' };
}

function roleAt(segments: readonly Segment[], at: number): KeyRef['role'] {
  const before = segments[at - 1];
  if (isGlue(before, 'by')) return 'by';
  if (isGlue(before, 'with')) return 'with';
  return isGlue(before, 'which') ? 'which' : 'plain';
}

/** "error (rmse)" and "time … by the metric time" name one key; a later exact mention replaces a vague one. */
function dropRepeats(keys: readonly KeyRef[]): KeyRef[] {
  const kept: KeyRef[] = [];
  for (const key of keys) {
    const same = kept.findIndex((other) => other.name.toLowerCase() === key.name.toLowerCase());
    if (same < 0) kept.push(key);
    else if (kept[same]?.role === 'plain') kept[same] = key;
  }
  return kept;
}
