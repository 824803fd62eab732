/** The three lines that a chat begins with: what is connected, how much there is, and what to ask. */

import { countOf } from '../../../finding/format.ts';
import type { TrackingStore } from '../../../mlflow/runs/tracking-store.ts';
import type { Run } from '../../../mlflow/runs/types.ts';
import { sanitizeLine } from '../../../present/sanitize.ts';
import { paint } from '../../../present/style.ts';
import { displayWidth, truncate } from '../../../present/width.ts';
import { type Chat, hasClaude } from './chat.ts';

export interface Overview {
  readonly experiments: number;
  /** Undefined where counting takes too long. */
  readonly runs?: number | undefined;
  /** What to ask, in the store's own names, the longest first. */
  readonly examples: readonly string[];
  /** A question that draws a curve, where one of the newest runs has any. */
  readonly curve?: string | undefined;
}

const NEWEST_RUNS = 20;
/** A server pages through all runs to count them. */
const PATIENCE_MS = 250;

/** @throws StoreError */
export async function readOverview(store: TrackingStore, signal: AbortSignal): Promise<Overview> {
  const [experiments, runs, newest] = await Promise.all([
    store.searchExperiments({}, signal),
    inTime((patience) => countRuns(store, patience), signal),
    inTime((patience) => readNewest(store, patience), signal),
  ]);
  const name = experiments.find(({ id }) => id === newest?.experimentId)?.name;
  return { experiments: experiments.length, runs, examples: examplesOf(name, newest?.metric), curve: newest?.curve };
}

/** Undefined where it takes too long. */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    return await work(patience);
  } catch (error) {
    if (!patience.aborted || signal.aborted) throw error;
    return undefined;
  }
}

async function countRuns(store: TrackingStore, signal: AbortSignal): Promise<number> {
  const counts = await store.countRuns({}, signal);
  return counts.reduce((sum, group) => sum + group.count, 0);
}

/** A metric of the newest runs, one that more of them have first; the experiment of the newest that has it; a curve. */
async function readNewest(store: TrackingStore, signal: AbortSignal) {
  const runs =
    (await store.newestRuns?.(NEWEST_RUNS, signal)) ??
    (await store.topRuns({}, [], NEWEST_RUNS, { metrics: 'all' }, signal)).runs;
  const experimentId = runs.find((run) => keysOf(run).length > 0)?.experimentId;
  const keys = runs.filter((run) => run.experimentId === experimentId).flatMap(keysOf);
  const uses = (key: string) => keys.filter((other) => other === key).length;
  const [metric] = [...new Set(keys)].sort(
    (a, b) => Number(isLoss(a)) - Number(isLoss(b)) || uses(b) - uses(a) || a.length - b.length,
  );
  const [curve] = runs.flatMap((run) =>
    keysOf(run).flatMap((key) => (Number(run.metrics.get(key)?.step) > 0 ? `plot "${key}" of run ${run.id}` : [])),
  );
  return { experimentId, metric, curve };
}

const keysOf = (run: Run): string[] => [...run.metrics.keys()].filter((key) => !key.startsWith('system/'));
/** Scores make the better first question. */
const isLoss = (key: string): boolean => /loss|time|latency|second/i.test(key);

function examplesOf(experiment: string | undefined, metric: string | undefined): string[] {
  const inExperiment =
    experiment === undefined || metric === undefined
      ? []
      : [`best run by ${asWritten(metric)} in ${asWritten(experiment)}`];
  return [
    ...inExperiment,
    ...(metric === undefined ? [] : [`best run by ${asWritten(metric)}`]),
    'which experiments are there',
  ];
}

const asWritten = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `"${name}"`);

const HINTS = ['/help, Tab completes, Ctrl-D leaves', '/help'];

/** Exactly three lines, none wider than the screen. */
export function firstScreen(chat: Chat, source: string, { experiments, runs, examples }: Overview): string[] {
  const screen = chat.screen();
  const fitted = (text: string) => truncate(sanitizeLine(text), screen.width, screen.unicode ? '…' : '...');
  const dot = screen.unicode ? ' · ' : ' - ';
  const counted = runs === undefined ? 'more runs than can be counted at once' : countOf(runs, 'run');
  const isFitting = (text: string) => displayWidth(`Ask: ${text}?`) <= screen.width;
  const question = examples.find(isFitting) ?? '';
  const hint = HINTS.map((text) => dot + text).find((text) => isFitting(question + text)) ?? '';
  return [
    paint(screen, 'strong', fitted(`Runsight${dot}${source}${dot}${describeModel(chat)}`)),
    fitted(`${countOf(experiments, 'experiment')}, ${counted}`),
    fitted(`Ask: ${question}?${hint}`),
  ];
}

function describeModel(chat: Chat): string {
  if (chat.model === 'auto') return hasClaude(chat) ? 'offline, else Claude' : 'offline';
  return chat.model === 'claude' ? 'Claude' : 'offline';
}
