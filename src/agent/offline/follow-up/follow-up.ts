/** Reads a question in the light of those before it: alone where it stands alone, else as an edit of an earlier one. */
import { chooseFrame } from '../frames/choose.ts';
import { experimentDescribed } from '../frames/experiments.ts';
import { groupOf } from '../frames/query-parts.ts';
import { plainMeaning, type Segment } from '../meanings.ts';
import type { NameIndex } from '../names.ts';
import { readQuestion } from '../reading.ts';
import type { Reading } from '../slots.ts';
import { type Found, findAntecedent } from './antecedents.ts';
import { mergesOf, placed } from './candidates.ts';
import { explainChoice } from './explain-choice.ts';
import type { History } from './history.ts';
import { inheritedNote } from './inherited.ts';
import { changesKind } from './merge.ts';
import { type Anaphor, findLinks, type Links } from './refs.ts';
import type { Settled } from './settled.ts';
import { asksNothing, fits, hasHead, standsAlone } from './stands-alone.ts';

export function settleQuestion(
  question: string,
  segments: readonly Segment[],
  names: NameIndex,
  history: History,
): Settled {
  const alone = readQuestion(
    question,
    segments.map((segment) => ({ ...segment, meaning: plainMeaning(segment.meaning) })),
    names,
  );
  const links = findLinks(segments, history);
  if (history.topics.length === 0) {
    const isOpen = links.refs.some(({ target }) => target === 'one' || target === 'many') && !hasHead(alone);
    return { reading: isOpen ? lacking(alone, links.refs) : withoutAntecedent(alone, links.refs) };
  }
  const read = countAsTop(readQuestion(question, links.rest, names));
  const explained = explainChoice(read, links, history);
  if (explained !== undefined) return explained;
  const found = impliedRefs(read, links).map((ref) => findAntecedent(numbered(ref, read), history));
  const obstacle = found.find((one) => !one.ok)?.obstacle;
  if (obstacle !== undefined) {
    const isUnanswerable = obstacle.kind === 'which-run' || !fits(alone);
    return { reading: isUnanswerable ? { ...read, obstacle } : alone };
  }
  if (standsAlone(alone, links)) return { reading: alone };
  const antecedents = found.flatMap((one: Found) => (one.ok ? [one.antecedent] : []));
  const own = placed(read, antecedents, names);
  for (const merged of mergesOf(own, links, antecedents, history, names)) {
    if (!fits(merged) || isHollow(merged, own)) continue;
    const note = inheritedNote(merged, own, history.runs);
    const reading = note === undefined ? merged : { ...merged, notes: [...merged.notes, note] };
    return { reading, otherwise: isQuestion(alone, links) ? alone : undefined };
  }
  // What it points back to cannot be dropped: the rest would be another question.
  const [ref] = links.refs;
  if (ref === undefined || !fits(alone)) return { reading: withoutAntecedent(alone, links.refs) };
  return { reading: { ...read, unplaced: [...read.unplaced, ref.text] } };
}

/** Where all that is left is an experiment, a description of it was not what the follow-up asked for. */
function isHollow(merged: Reading, { marks, nouns }: Reading): boolean {
  const choice = chooseFrame(merged);
  return choice.kind === 'frame' && choice.frame === experimentDescribed && !('details' in marks) && nouns.length === 0;
}

/** Whether it may be a question of its own after all, where what it was taken to go on about has no answer. */
function isQuestion(alone: Reading, { refs, tie }: Links): boolean {
  const isSoft = refs.length === 0 && (tie === undefined || tie === 'lead');
  return isSoft && fits(alone) && (changesKind(alone) || alone.nouns.length > 0);
}

/** "compare them", where nothing was talked about, is not answered by half. */
function withoutAntecedent(alone: Reading, refs: readonly Anaphor[]): Reading {
  return fits(alone) ? alone : lacking(alone, refs);
}

/** "is it overfitting?" asks about a run, and not about all of them. */
function lacking(alone: Reading, refs: readonly Anaphor[]): Reading {
  const [ref] = refs;
  if (ref === undefined || alone.obstacle !== undefined) return alone;
  return { ...alone, obstacle: { kind: 'no-antecedent', text: ref.text } };
}

/** "which is faster?" is asked of the runs that were talked about. */
function impliedRefs({ slots, question }: Reading, { refs }: Links): readonly Anaphor[] {
  const isImplied = refs.length === 0 && slots.comparative !== undefined && slots.runs.length === 0;
  return isImplied ? [{ target: 'many', nth: 0, text: question, start: 0, end: question.length }] : refs;
}

/** "how many is that?" and "break it down by algorithm" ask of all of them. */
function numbered(ref: Anaphor, { marks, slots }: Reading): Anaphor {
  const isOfAll = 'count' in marks || groupOf(slots) !== undefined;
  return ref.target === 'one' && isOfAll ? { ...ref, target: 'many' } : ref;
}

/** "show 10": a bare number says how many. */
function countAsTop(reading: Reading): Reading {
  const { unplaced, slots } = reading;
  const [only, ...others] = unplaced;
  const isCount = others.length === 0 && /^[1-9]\d{0,2}$/u.test(only ?? '') && asksNothing(reading);
  return isCount ? { ...reading, unplaced: [], slots: { ...slots, top: Number(only) } } : reading;
}
