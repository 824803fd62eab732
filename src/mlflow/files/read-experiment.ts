/** One experiment's folder → the experiment; which folders are experiments and runs. */
import type { Experiment } from '../runs/types.ts';
import { type Entry, type Folder, UnreadableError } from './folder.ts';
import { readMeta, requiredTextOf, textOf, timeOf } from './meta-yaml.ts';
import { type Read, readStamped } from './read-run.ts';
import { readTexts, type Work } from './read-texts.ts';

export const TRASH = '.trash';
/** Folders beside the runs that are none, and beside the experiments. */
const NOT_RUNS: ReadonlySet<string> = new Set(['tags', 'datasets', 'traces', 'models']);
const NOT_EXPERIMENTS: ReadonlySet<string> = new Set(['models']);
const RUN_PARTS = ['metrics', 'params', 'tags'];

/** What cannot be looked into counts only by its name: links of all kinds lie about. */
export function mayBeExperiment({ name, kind }: Entry): boolean {
  return kind === 'folder'
    ? !name.startsWith('.') && !NOT_EXPERIMENTS.has(name)
    : kind !== 'file' && /^\d+$/.test(name);
}

export function mayBeRun({ name, kind }: Entry): boolean {
  return kind === 'folder'
    ? !name.startsWith('.') && !NOT_RUNS.has(name)
    : kind !== 'file' && /^[0-9a-f]{32}$/.test(name);
}

/** A folder without meta.yaml that no run ever wrote: artifacts of runs that a database holds, or nothing. */
export function isNoRun(folder: Folder, base: string): boolean {
  return ['meta.yaml', ...RUN_PARTS].every((part) => folder.isMissing(`${base}/${part}`));
}

/** A folder without meta.yaml, and without a run that has one. */
export function isNoExperiment(folder: Folder, base: string, entries: readonly Entry[]): boolean {
  if (!folder.isMissing(`${base}/meta.yaml`)) return false;
  return !entries.some((entry) => mayBeRun(entry) && folder.stat(`${base}/${entry.name}/meta.yaml`) !== undefined);
}

/** What lies in the trash is deleted, whatever its meta.yaml says. */
export function readExperiment(folder: Folder, base: string): Work<Read<Experiment>> {
  return readStamped(folder, base, function* (reading) {
    const meta = readMeta(folder, `${base}/meta.yaml`);
    const id = base.slice(base.lastIndexOf('/') + 1);
    if (requiredTextOf(meta, 'experiment_id') !== id) throw new UnreadableError('names another experiment');
    const creationTime = timeOf(meta, 'creation_time');
    const lastUpdateTime = timeOf(meta, 'last_update_time');
    const isDeleted = base.startsWith(`${TRASH}/`) || textOf(meta, 'lifecycle_stage') === 'deleted';
    return {
      id,
      name: requiredTextOf(meta, 'name'),
      lifecycle: isDeleted ? 'deleted' : 'active',
      ...(creationTime !== undefined && { creationTime }),
      ...(lastUpdateTime !== undefined && { lastUpdateTime }),
      tags: yield* readTexts(reading, 'tags'),
    };
  });
}
