/** What a follow-up may be an edit of: its merges with earlier questions, the likeliest first. */
import { idsOfKind } from '../../../finding/refs.ts';
import { groupOf, metricsOf } from '../frames/query-parts.ts';
import type { Noun } from '../meanings.ts';
import type { NameIndex } from '../names.ts';
import { emptySlots, type KeyRef, markNames, type Reading, type Slots } from '../slots.ts';
import type { Antecedent } from './antecedents.ts';
import type { History, Topic } from './history.ts';
import { type Base, changesKind, mergeReadings, type Picked, type Take } from './merge.ts';
import type { Anaphor, Links } from './refs.ts';
import { isAmong } from './run-set.ts';
import { asksNothing } from './stands-alone.ts';

/** Earlier questions that a fragment may be an edit of. */
const REACH = 3;

/** "the second one", of a list of experiments, names that experiment. */
export function placed(own: Reading, antecedents: readonly Antecedent[], names: NameIndex): Reading {
  const ids = antecedents.flatMap(({ experimentId }) => experimentId ?? []);
  const meant = names.experiments.filter(({ id }) => ids.includes(id));
  return meant.length === 0
    ? own
    : { ...own, slots: { ...own.slots, experiments: [...own.slots.experiments, ...meant] } };
}

export function* mergesOf(
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
    const again = antecedent === undefined ? pickedAnew(own, topic) : undefined;
    if (again !== undefined) yield again;
    if (isRank(base.reading) && place !== undefined)
      yield mergeReadings({ ...own, slots: { ...own.slots, place } }, { base, keys: true });
    if (links.tie !== undefined && swapsRun(own, base)) yield mergeReadings(own, { base, keys: true, swapsRun: true });
    if (asksWhichGroup(own, links, base)) yield leadingGroup(own, base.reading);
    if (goesOnElsewhere(own, base, links, antecedent)) yield within(own, base.reading);
    for (const take of takesOf(own, antecedents, topic, history)) yield mergeReadings(own, { base, ...take });
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
  const isFigure =
    topic.findings.length > 0 && topic.findings.every(({ subject }) => idsOfKind(subject.refs, 'run').length === 0);
  const isList = wantsList && isFigure;
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
  return { ...reading, slots, marks: {}, nouns: ['run'] };
}

/** "and the slowest?", "the mean there?": what of is left to the question before. */
function lacksKey({ slots, nouns }: Reading): boolean {
  const { superlatives, statistic, comparative, keys } = slots;
  const isAsking = superlatives.length > 0 || statistic !== undefined || comparative !== undefined;
  const saysWhat = nouns.includes('run') && superlatives.some(({ of }) => of !== undefined);
  return keys.length === 0 && isAsking && !saysWhat;
}

const hasMetric = ({ reading, metric }: Base): boolean => metric !== undefined || metricsOf(reading.slots).length > 0;

/** "and of the last 20?", after "how many of the last 10 failed?": the same of other runs. */
function pickedAnew(own: Reading, { asked }: Topic): Reading | undefined {
  const { superlatives, top, keys, conditions, runs, experiments } = own.slots;
  const [only, ...others] = superlatives;
  const isNewest = only?.of === 'start_time' && only.order === 'highest' && top !== undefined && others.length === 0;
  const asksElse = [keys, conditions, runs, experiments].some(({ length }) => length > 0) || own.nouns.length > 1;
  if (asked === undefined || !isNewest || asksElse || markNames(own.marks).length > 0) return undefined;
  const { slots } = asked;
  const isOfNewest = slots.statistic !== undefined && slots.superlatives[0]?.of === 'start_time';
  if (slots.newest === undefined && !isOfNewest) return undefined;
  const other = slots.newest === undefined ? { top } : { newest: top };
  return { ...asked, question: own.question, notes: own.notes, slots: { ...slots, ...other } };
}

/** "for the best run instead": of another run the same, where the question before was about one that it named. */
function swapsRun(own: Reading, { reading }: Base): boolean {
  const { superlatives, statistic, comparative, diagnosis, keys, runs } = own.slots;
  const isOne =
    superlatives.length === 1 && own.nouns.includes('run') && runs.length === 0 && markNames(own.marks).length === 0;
  const isOther = statistic !== undefined || comparative !== undefined || diagnosis !== undefined || keys.length > 0;
  return isOne && !isOther && (reading.slots.runs.length > 0 || reading.slots.superlatives.length > 0);
}

/** "which one is the highest?", of groups: the one that leads by what was computed of each. */
function asksWhichGroup(own: Reading, { refs }: Links, { reading }: Base): boolean {
  const { superlatives, keys, statistic } = own.slots;
  const isOne = superlatives.length === 1 && superlatives[0]?.of === undefined && keys.length === 0;
  const isGrouped = groupOf(reading.slots) !== undefined && metricsOf(reading.slots).length === 1;
  return refs.length > 0 && isOne && statistic === undefined && own.nouns.length === 0 && isGrouped;
}

function leadingGroup(own: Reading, { slots }: Reading): Reading {
  const group = groupOf(slots);
  const keys = slots.keys.map((key) => (key === group ? { ...key, role: 'which' as const } : key));
  return { ...own, slots: { ...slots, keys, superlatives: own.slots.superlatives } };
}

/** A question that is whole but for its scope takes no more than that. */
function goesOnElsewhere(own: Reading, base: Base, { tie }: Links, antecedent: Antecedent | undefined): boolean {
  // "and the metrics?" is about the runs, "and how many finished?" about those that were picked.
  if (base.reading.slots.runs.length > 0 && asksOnlyKinds(own)) return false;
  if (isAmong(base.reading) && own.slots.keys.length === 0 && !own.nouns.includes('run')) return false;
  const isWhole = !lacksKey(own) && (changesKind(own) || own.nouns.length > 0);
  const isScope = antecedent === undefined || antecedent.isExperiment === true || antecedent.experimentId !== undefined;
  return isWhole && isScope && (tie === undefined || tie === 'lead' || tie === 'correct');
}

function asksOnlyKinds(own: Reading): boolean {
  const isOnlyKinds = own.nouns.length > 0 && own.nouns.every((noun) => ASKED.includes(noun));
  return isOnlyKinds && asksNothing({ ...own, nouns: [] });
}

/** The question as it stands, asked of the experiment that was talked about; a question about experiments is not. */
function within(own: Reading, before: Reading): Reading {
  const { experiments, everywhere } = own.slots;
  if (experiments.length > 0 || everywhere || own.nouns.includes('experiment')) return own;
  return { ...own, slots: { ...own.slots, experiments: before.slots.experiments } };
}

function* takesOf(
  own: Reading,
  antecedents: readonly Antecedent[],
  topic: Topic,
  history: History,
): Generator<Omit<Take, 'base'>> {
  const runIds = [...new Set(antecedents.flatMap((one) => one.runIds ?? []))];
  const isDescribed = describes(topic, history) && runIds.length === topic.runIds.length;
  const picks = picksOf(own, runIds, isDescribed);
  const isOwn = 'compare' in own.marks || 'details' in own.marks || ASKED.some((noun) => own.nouns.includes(noun));
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
  const isCounted = (counts || 'count' in own.marks) && !('cause' in own.marks);
  return isCounted ? [population, runs] : [runs, population];
}

/** Whether its conditions say which runs it is about. */
function describes({ reading, findings }: Topic, { answers }: History): boolean {
  const isFound = findings.some(({ tool }) => answers(tool, 'count'));
  return reading !== undefined && isFound && !isRank(reading);
}

const isRank = ({ slots }: Reading): boolean => slots.superlatives.length > 0;

/** "and the second?": the place in the order that was asked for, where nothing else is asked about it. */
function placeOf(own: Reading, refs: readonly Anaphor[]): number | undefined {
  const [ref, ...more] = refs;
  return ref?.target === 'nth' && ref.nth > 1 && more.length === 0 && asksNothing(own) ? ref.nth : undefined;
}

function onlyMetric({ slots }: Reading, { keys }: NameIndex): KeyRef | undefined {
  const fields = new Set(slots.conditions.flatMap(({ field }) => (field.kind === 'metric' ? [field.key] : [])));
  const metrics = keys.filter(({ kind, key }) => kind === 'metric' && fields.has(key));
  const [only] = metrics;
  return metrics.length === 1 && only ? { name: only.key, kinds: ['metric'], exact: true, role: 'plain' } : undefined;
}

/** How an earlier question was read; what another model answered is known by its findings. */
function readingOf({ reading, findings }: Topic, names: NameIndex): Reading {
  const subject = findings.at(-1)?.subject;
  const about = idsOfKind(subject?.refs ?? [], 'experiment');
  const known = names.experiments.filter(({ id }) => about.includes(id));
  const experiments = known.length === 1 ? known : [];
  if (reading !== undefined) {
    const { slots } = reading;
    const isOpen = slots.experiments.length === 0 && !slots.everywhere;
    return isOpen ? { ...reading, slots: { ...slots, experiments } } : reading;
  }
  const metric = subject?.measure;
  const keys =
    metric === undefined ? [] : [{ name: metric, kinds: ['metric'] as const, exact: true, role: 'plain' as const }];
  const slots: Slots = { ...emptySlots(), experiments, keys };
  return { question: '', slots, marks: {}, nouns: [], notes: [], unplaced: [] };
}
