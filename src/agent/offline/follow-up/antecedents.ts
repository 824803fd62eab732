/** What the words of a question point back to: runs, the runs that an earlier question was about, an experiment, a metric. */
import { idsOfKind, type Ref, refOf } from '../../../finding/refs.ts';
import type { Obstacle, Span } from '../slots.ts';
import type { History, Topic } from './history.ts';
import type { Anaphor } from './refs.ts';

export interface Antecedent {
  /** Runs by id, as the words list them. Undefined: the question goes on about `topic` as a whole. */
  readonly runIds?: readonly string[] | undefined;
  /** The earlier question that they come from. */
  readonly topic: Topic;
  /** Whether the words mean its experiment and no more. */
  readonly isExperiment?: boolean | undefined;
  /** Of a list of experiments the one that is meant. */
  readonly experimentId?: string | undefined;
}

export type Found =
  | { readonly ok: true; readonly antecedent: Antecedent }
  | { readonly ok: false; readonly obstacle: Obstacle };

const MOST_TIED = 3;
const MOST_CHOICES = 9;

export function findAntecedent(ref: Anaphor, history: History): Found {
  const [latest] = history.topics;
  if (latest === undefined) return missing(ref);
  const kind = otherKind(latest, history);
  if (kind !== undefined && ref.target !== 'finding')
    return { ok: false, obstacle: { kind: 'of-kind', text: ref.text, of: kind } };
  switch (ref.target) {
    case 'one':
      return findOne(ref, history);
    case 'many':
      return found(findMany(history));
    case 'other':
    case 'others':
      return findOthers(ref, history);
    case 'better':
    case 'worse':
      return findBetter(ref, history);
    case 'nth':
      return findNth(ref, history);
    case 'finding':
      return findFinding(ref, history);
    default:
      return found({ topic: latest, isExperiment: true });
  }
}

/** What the last answer was about, where that is neither runs nor experiments. */
function otherKind({ findings }: Topic, { kindOf }: History): string | undefined {
  const kinds = findings.map(({ tool }) => kindOf(tool));
  return kinds.find((kind) => kind !== undefined && kind !== 'run' && kind !== 'experiment');
}

const found = (antecedent: Antecedent): Found => ({ ok: true, antecedent });
const missing = ({ text }: Span): Found => ({ ok: false, obstacle: { kind: 'no-antecedent', text } });

function whichRun(at: Span, runIds: readonly string[], { runs }: History): Found {
  const options: Ref[] = runIds.slice(0, MOST_CHOICES).map((id) => runs.get(id) ?? refOf('run', { id, name: '' }));
  return { ok: false, obstacle: { kind: 'which-run', at, runs: options, total: runIds.length } };
}

/** The run just named, and with it those that tie with it; of several equals it is asked which. */
function findOne(ref: Anaphor, history: History): Found {
  const topic = history.topics.find(({ runIds }) => runIds.length > 0);
  const latest = history.topics[0] as Topic;
  const experimentId = experimentOf(latest, history);
  if (experimentId !== undefined) return found({ topic: latest, experimentId });
  if (topic === undefined) return found({ topic: latest });
  const { runIds, chosen } = topic;
  if (chosen !== undefined) return found({ topic, runIds: [chosen] });
  const isTie = runIds.length <= MOST_TIED && isRanked(topic, history) && topic.reading?.slots.top === undefined;
  return runIds.length === 1 || isTie ? found({ topic, runIds }) : whichRun(ref, runIds, history);
}

/** The experiment that a question about experiments was answered with. */
function experimentOf({ reading, findings, experimentIds }: Topic, { kindOf }: History): string | undefined {
  const isAbout = findings.length > 0 && findings.every(({ tool }) => kindOf(tool) === 'experiment');
  const isOne = experimentIds.length === 1 || (reading?.slots.superlatives.length ?? 0) > 0;
  return isAbout && isOne ? experimentIds[0] : undefined;
}

const isRanked = ({ findings }: Topic, { answers }: History): boolean =>
  findings.some(({ tool }) => answers(tool, 'rank'));

/**
 * The runs that the last questions named. One run each: all of them together, unless an earlier question had named
 * several that hold them, or where there is but one, the runs that it was picked from.
 */
function findMany(history: History): Antecedent {
  const { topics } = history;
  const [latest] = topics as [Topic];
  const single: string[] = [];
  for (const topic of topics) {
    const { runIds, findings } = topic;
    if (findings.length === 0 && runIds.length === 0) continue;
    if (runIds.length === 1) single.unshift(...runIds.filter((id) => !single.includes(id)));
    else if (runIds.length > 1 && (single.length < 2 || single.every((id) => runIds.includes(id))))
      return { topic, runIds };
    else if (runIds.length === 0 && single.length === 0) return { topic };
    else break;
  }
  // "which runs diverged?" may have named but one.
  const isList = single.length === 1 && latest.runIds.length === 1 && !isRanked(latest, history);
  return single.length > 1 || isList ? { topic: latest, runIds: single } : { topic: latest };
}

/** What is left of the last several when the run just talked about is taken out. */
function findOthers(ref: Anaphor, history: History): Found {
  const topic = history.topics.find(({ runIds, listed }) => runIds.length > 1 || listed.length > 1);
  if (topic === undefined) return missing(ref);
  const all = topic.runIds.length > 1 ? topic.runIds : topic.listed;
  const last = history.topics.find(({ runIds }) => runIds.length > 0);
  const [current, ...more] = last?.chosen === undefined ? (last?.runIds ?? []) : [last.chosen];
  const rest = more.length === 0 && current !== undefined ? all.filter((id) => id !== current) : all;
  if (rest.length === all.length || (ref.target === 'other' && rest.length !== 1)) return whichRun(ref, all, history);
  return found({ topic, runIds: rest });
}

function findBetter(ref: Anaphor, history: History): Found {
  const topic = history.topics.find(({ runIds }) => runIds.length > 1);
  if (topic === undefined) {
    const ranked = history.topics.find((one) => isRanked(one, history));
    return ranked && ref.target === 'better' ? found({ topic: ranked, runIds: ranked.runIds }) : missing(ref);
  }
  const better = topic.findings.find(({ subject }) => subject.better !== undefined)?.subject.better?.id;
  if (better === undefined) return whichRun(ref, topic.runIds, history);
  const worse = topic.runIds.filter((id) => id !== better);
  const runIds = ref.target === 'better' ? [better] : worse;
  return runIds.length === 1 ? found({ topic, runIds }) : whichRun(ref, runIds, history);
}

function findNth(ref: Anaphor, history: History): Found {
  const at = ref.nth < 0 ? ref.nth : ref.nth - 1;
  const topic = history.topics.find(({ listed, experimentIds }) => listed.length > 1 || experimentIds.length > 1);
  const list = topic ?? history.topics.find(({ listed }) => listed.length > 0);
  const id = list?.listed.at(at);
  if (list !== undefined && id !== undefined) return found({ topic: list, runIds: [id] });
  const experimentId = topic?.experimentIds.at(at);
  return topic === undefined || experimentId === undefined ? missing(ref) : found({ topic, experimentId });
}

/** `#3`: the runs of that finding; where it lists none, the question that it answered. */
function findFinding(ref: Anaphor, { findings, topics }: History): Found {
  const finding = findings.get(ref.text);
  if (finding === undefined) return missing(ref);
  const topic = topics.find((one) => one.findings.includes(finding));
  const { refs, named = refs } = finding.subject;
  const ids = idsOfKind(named, 'run');
  const listed = idsOfKind(refs, 'run');
  const base: Topic = topic ?? { findings: [finding], runIds: ids, listed, experimentIds: [] };
  return found(ids.length > 0 ? { topic: base, runIds: ids } : { topic: base });
}
