/** Reads a question in the light of those before it: alone where it stands alone, else as an edit of an earlier one. */
import { quoteKey } from '../conditions.ts';
import { chooseFrame } from '../frames/choose.ts';
import { describeExperiment } from '../frames/experiments.ts';
import { isFilled, type Plan } from '../frames/frame.ts';
import { groupOf, metricsOf } from '../frames/inputs.ts';
import type { Mark, Noun } from '../meanings.ts';
import { plainMeaning, type Segment } from '../meanings.ts';
import type { NameIndex } from '../names.ts';
import { readQuestion } from '../reading.ts';
import { emptySlots, type KeyRef, type Reading, type Slots } from '../slots.ts';
import { type Antecedent, type Found, findAntecedent } from './antecedents.ts';
import { explainChoice } from './explain-choice.ts';
import type { History, Topic } from './history.ts';
import { inheritedNote } from './inherited.ts';
import { type Base, changesKind, mergeReadings, type Picked, type Take } from './merge.ts';
import { findLinks, type Links, type Ref } from './refs.ts';

export interface Settled {
  readonly reading: Reading;
  /** Asked for instead of what a frame would plan. */
  readonly plan?: Plan | undefined;
  readonly isAside?: boolean | undefined;
  /** The question read alone, for where what it was taken to go on about has no answer. */
  readonly otherwise?: Reading | undefined;
}

/** Earlier questions that a fragment may be an edit of. */
const REACH = 3;

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

const fits = (reading: Reading): boolean => chooseFrame(reading).kind !== 'not-understood';

/** Where all that is left is an experiment, a description of it was not what the follow-up asked for. */
function isHollow(merged: Reading, { marks, nouns }: Reading): boolean {
  const choice = chooseFrame(merged);
  return choice.kind === 'frame' && choice.frame === describeExperiment && !marks.has('details') && nouns.size === 0;
}

/** Whether it may be a question of its own after all, where what it was taken to go on about has no answer. */
function isQuestion(alone: Reading, { refs, tie }: Links): boolean {
  const isSoft = refs.length === 0 && (tie === undefined || tie === 'lead');
  return isSoft && fits(alone) && (changesKind(alone) || alone.nouns.size > 0);
}

/** "compare them", where nothing was talked about, is not answered by half. */
function withoutAntecedent(alone: Reading, refs: readonly Ref[]): Reading {
  return fits(alone) ? alone : lacking(alone, refs);
}

/** "is it overfitting?" asks about a run, and not about all of them. */
function lacking(alone: Reading, refs: readonly Ref[]): Reading {
  const [ref] = refs;
  if (ref === undefined || alone.obstacle !== undefined) return alone;
  return { ...alone, obstacle: { kind: 'no-antecedent', text: ref.text } };
}

/** "which is faster?" is asked of the runs that were talked about. */
function impliedRefs({ slots, question }: Reading, { refs }: Links): readonly Ref[] {
  const isImplied = refs.length === 0 && slots.comparative !== undefined && slots.runs.length === 0;
  return isImplied ? [{ target: 'many', nth: 0, text: question, start: 0, end: question.length }] : refs;
}

/** "how many is that?" and "break it down by algorithm" ask of all of them. */
function numbered(ref: Ref, { marks, slots }: Reading): Ref {
  const isOfAll = marks.has('count') || groupOf(slots) !== undefined;
  return ref.target === 'one' && isOfAll ? { ...ref, target: 'many' } : ref;
}

/** "show 10": a bare number says how many. */
function countAsTop(reading: Reading): Reading {
  const { unplaced, slots } = reading;
  const [only, ...others] = unplaced;
  const isCount = others.length === 0 && /^[1-9]\d{0,2}$/u.test(only ?? '') && asksNothing(reading);
  return isCount ? { ...reading, unplaced: [], slots: { ...slots, top: Number(only) } } : reading;
}

// ---- whether a question stands alone

const HEADS: readonly Noun[] = ['run', 'experiment', 'metric', 'param', 'tag', 'dataset', 'config'];
/** Marks that a fragment may have: "how many?", "plot it", "compare". */
const LIGHT: ReadonlySet<Mark> = new Set(['count', 'plot', 'compare', 'differ', 'details', 'each', 'recent', 'shared']);

function standsAlone(alone: Reading, { refs, tie }: Links): boolean {
  if (refs.length > 0 || !fits(alone)) return false;
  if (tie !== undefined) return false;
  return hasHead(alone) && !isBare(alone);
}

/** Whether it says itself what it is about. */
function hasHead({ slots, marks, nouns }: Reading): boolean {
  return (
    HEADS.some((noun) => nouns.has(noun)) ||
    slots.runs.length > 0 ||
    slots.experiments.length > 0 ||
    slots.everywhere ||
    (slots.superlatives.length > 0 && slots.keys.length > 0) ||
    [...marks.keys()].some((mark) => !LIGHT.has(mark))
  );
}

const BARE: readonly (keyof Slots)[] = ['experiments', 'keys', 'conditions', 'window', 'top', 'direction'];

/** One name, condition or time and no more: by itself hardly a question, after another one an edit of it. */
function isBare(reading: Reading): boolean {
  const { slots, nouns } = reading;
  const filled = BARE.filter((slot) => isFilled(slots, slot));
  return !changesKind(reading) && nouns.size === 0 && slots.runs.length === 0 && filled.length === 1;
}

// ---- what it may be an edit of

/** "the second one", of a list of experiments, names that experiment. */
function placed(own: Reading, antecedents: readonly Antecedent[], names: NameIndex): Reading {
  const ids = antecedents.flatMap(({ experimentId }) => experimentId ?? []);
  const meant = names.experiments.filter(({ id }) => ids.includes(id));
  return meant.length === 0
    ? own
    : { ...own, slots: { ...own.slots, experiments: [...own.slots.experiments, ...meant] } };
}

function* mergesOf(
  own: Reading,
  links: Links,
  antecedents: readonly Antecedent[],
  history: History,
  names: NameIndex,
): Generator<Reading> {
  const { topics } = history;
  const [antecedent] = antecedents;
  const topicsMeant =
    antecedent === undefined ? topics.slice(0, REACH) : basesOf(own, antecedent, topics[0] ?? antecedent.topic);
  const place = placeOf(own, links.refs);
  const bases = topicsMeant.map((topic) => baseOf(topic, own, links, names));
  // "and the worst?" is by the metric that was talked about, though something else was asked since.
  const ordered = lacksKey(own) ? bases.toSorted((a, b) => Number(hasMetric(b)) - Number(hasMetric(a))) : bases;
  for (const { topic, ...base } of ordered) {
    if (isRank(base.reading) && place !== undefined)
      yield mergeReadings({ ...own, slots: { ...own.slots, place } }, { base, keys: true });
    if (links.tie !== undefined && swapsRun(own, base)) yield mergeReadings(own, { base, keys: true, swapsRun: true });
    if (goesOnElsewhere(own, base, links, antecedent)) yield within(own, base.reading);
    for (const take of takesOf(own, antecedents, topic)) yield mergeReadings(own, { base, ...take });
  }
}

/** "and the other?" asks of another run what was asked last; everything else goes on where its runs come from. */
function basesOf(own: Reading, { topic, runIds, experimentId }: Antecedent, latest: Topic): Topic[] {
  const isPicked = runIds !== undefined || experimentId !== undefined;
  return isPicked && asksNothing(own) && topic !== latest ? [latest, topic] : [topic];
}

function baseOf(topic: Topic, own: Reading, { refs, tie }: Links, names: NameIndex): Base & { readonly topic: Topic } {
  const reading = readingOf(topic, names);
  const wantsList =
    asksNothing(own) && tie === undefined && refs.length > 0 && refs.every(({ target }) => target === 'many');
  const isList = wantsList && (reading.marks.has('count') || reading.slots.statistic !== undefined);
  return {
    topic,
    reading: isList ? listing(reading) : reading,
    runIds: topic.runIds,
    metric: onlyMetric(reading, names),
  };
}

/** "which ones?", "show them": the runs that were counted or averaged, one by one. */
function listing(reading: Reading): Reading {
  const { experiments, everywhere, lifecycle, conditions, window } = reading.slots;
  const slots: Slots = { ...emptySlots(), experiments, everywhere, lifecycle, conditions, window };
  return { ...reading, slots, marks: new Map(), nouns: new Set(['run']) };
}

function asksNothing(own: Reading): boolean {
  return own.slots.keys.length === 0 && own.nouns.size === 0 && !changesKind(own);
}

/** "and the slowest?", "the mean there?": what of is left to the question before. */
function lacksKey({ slots, nouns }: Reading): boolean {
  const { superlatives, statistic, comparative, keys } = slots;
  const isAsking = superlatives.length > 0 || statistic !== undefined || comparative !== undefined;
  const saysWhat = nouns.has('run') && superlatives.some(({ of }) => of !== undefined);
  return keys.length === 0 && isAsking && !saysWhat;
}

const hasMetric = ({ reading, metric }: Base): boolean => metric !== undefined || metricsOf(reading.slots).length > 0;

/** "for the best run instead": of another run the same, where the question before was about one that it named. */
function swapsRun(own: Reading, { reading }: Base): boolean {
  const { superlatives, statistic, comparative, diagnosis, keys, runs } = own.slots;
  const isOne = superlatives.length === 1 && own.nouns.has('run') && runs.length === 0 && own.marks.size === 0;
  const isOther = statistic !== undefined || comparative !== undefined || diagnosis !== undefined || keys.length > 0;
  return isOne && !isOther && (reading.slots.runs.length > 0 || reading.slots.superlatives.length > 0);
}

/** A question that is whole but for its scope takes no more than that. */
function goesOnElsewhere(own: Reading, base: Base, { tie }: Links, antecedent: Antecedent | undefined): boolean {
  // "and the metrics?" is about the runs.
  if (base.reading.slots.runs.length > 0 && asksOnlyKinds(own)) return false;
  const isWhole = !lacksKey(own) && (changesKind(own) || own.nouns.size > 0);
  const isScope = antecedent === undefined || antecedent.isExperiment === true || antecedent.experimentId !== undefined;
  return isWhole && isScope && (tie === undefined || tie === 'lead' || tie === 'correct');
}

function asksOnlyKinds(own: Reading): boolean {
  const isOnlyKinds = own.nouns.size > 0 && [...own.nouns].every((noun) => ASKED.includes(noun));
  return isOnlyKinds && asksNothing({ ...own, nouns: new Set() });
}

/** The question as it stands, asked of the experiment that was talked about; a question about experiments is not. */
function within(own: Reading, before: Reading): Reading {
  const { experiments, everywhere } = own.slots;
  if (experiments.length > 0 || everywhere || own.nouns.has('experiment')) return own;
  return { ...own, slots: { ...own.slots, experiments: before.slots.experiments } };
}

function* takesOf(own: Reading, antecedents: readonly Antecedent[], topic: Topic): Generator<Omit<Take, 'base'>> {
  const runIds = [...new Set(antecedents.flatMap((one) => one.runIds ?? []))];
  const isDescribed = describes(topic) && runIds.length === topic.runIds.length;
  const picks = picksOf(own, runIds, isDescribed);
  const isOwn = own.marks.has('compare') || own.marks.has('details') || ASKED.some((noun) => own.nouns.has(noun));
  for (const picked of picks) for (const keys of isOwn ? [false, true] : [true, false]) yield { picked, keys };
}

const ASKED: readonly Noun[] = ['param', 'tag', 'metric', 'dataset', 'status'];

/** Runs are looked at one by one, or, where something is counted, ranked or averaged, as a whole. */
function picksOf(own: Reading, runIds: readonly string[], isDescribed: boolean): (Picked | undefined)[] {
  if (runIds.length === 0) return [undefined];
  const { superlatives, statistic, conditions, window } = own.slots;
  const counts = superlatives.length > 0 || statistic !== undefined || conditions.length > 0 || window !== undefined;
  const population: Picked = { runIds: isDescribed ? [] : runIds, as: 'population' };
  const runs: Picked = { runIds, as: 'runs' };
  const isCounted = (counts || own.marks.has('count')) && !own.marks.has('cause');
  return isCounted ? [population, runs] : [runs, population];
}

/** Whether its conditions say which runs it is about. */
function describes({ reading, findings }: Topic): boolean {
  return reading !== undefined && findings.some(({ tool }) => tool === 'find_runs') && !isRank(reading);
}

const isRank = ({ slots }: Reading): boolean => slots.superlatives.length > 0;

/** "and the second?": the place in the order that was asked for, where nothing else is asked about it. */
function placeOf(own: Reading, refs: readonly Ref[]): number | undefined {
  const [ref, ...more] = refs;
  return ref?.target === 'nth' && ref.nth > 1 && more.length === 0 && asksNothing(own) ? ref.nth : undefined;
}

function onlyMetric({ slots }: Reading, { keys }: NameIndex): KeyRef | undefined {
  const fields = new Set(slots.conditions.map(({ field }) => field).filter((field) => field.startsWith('metrics.')));
  const metrics = keys.filter(({ kind, key }) => kind === 'metric' && fields.has(`metrics.${quoteKey(key)}`));
  const [only] = metrics;
  return metrics.length === 1 && only ? { name: only.key, kinds: ['metric'], exact: true, role: 'plain' } : undefined;
}

/** How an earlier question was read; what another model answered is known by its findings. */
function readingOf({ reading, findings }: Topic, names: NameIndex): Reading {
  const subject = findings.at(-1)?.subject;
  const known = names.experiments.filter(({ id }) => subject?.experimentIds.includes(id));
  const experiments = known.length === 1 ? known : [];
  if (reading !== undefined) {
    const { slots } = reading;
    const isOpen = slots.experiments.length === 0 && !slots.everywhere;
    return isOpen ? { ...reading, slots: { ...slots, experiments } } : reading;
  }
  const metric = subject?.metric;
  const keys =
    metric === undefined ? [] : [{ name: metric, kinds: ['metric'] as const, exact: true, role: 'plain' as const }];
  const slots: Slots = { ...emptySlots(), experiments, keys };
  return { question: '', slots, marks: new Map(), nouns: new Set(), notes: [], unplaced: [] };
}
