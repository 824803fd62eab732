/**
 * Everything in an mlruns folder, read once and then only where something changed: before each question every file that
 * was read is looked at again, so that nothing that MLflow writes is missed.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { compareText } from '../compare-text.ts';
import { compareRuns } from '../filter/order.ts';
import type { Unreadable } from '../tracking-store.ts';
import type { Experiment, Run } from '../types.ts';
import { type Entry, type Folder, UnreadableError } from './folder.ts';
import type { IndexFile } from './index-file.ts';
import { isNoExperiment, isNoRun, mayBeExperiment, mayBeRun, readExperiment, TRASH } from './read-experiment.ts';
import { type Read, readRun } from './read-run.ts';
import { isUnchanged } from './stamp.ts';

/** A writer leaves meta.yaml empty or away for a moment. */
const RETRIES = 3;
const RETRY_MS = 60;
/** Between pieces of work others get their turn. */
const TURN_MS = 50;
/** Reading so few runs anew costs less than writing the index. */
const FEW_RUNS = 50;

/** One state of the folder. */
export interface FolderState {
  /** Creation time descending, then id. */
  readonly experiments: readonly Experiment[];
  /** Start time descending, then id; runs of experiments that cannot be read are left out. */
  readonly runs: readonly Run[];
  /** Where each run lies below the root. */
  readonly bases: ReadonlyMap<Run, string>;
  readonly unreadable: readonly Unreadable[];
  readonly revision: string;
}

export type Reads<T> = Map<string, Read<T>>;

export interface Indexed {
  /** By the folder's path below the root. */
  readonly experiments: Reads<Experiment>;
  readonly runs: Reads<Run>;
}

export class FolderIndex {
  readonly #folder: Folder;
  readonly #file: IndexFile | undefined;
  #known: Indexed | undefined;
  #state: FolderState | undefined;

  constructor(folder: Folder, file: IndexFile | undefined) {
    this.#folder = folder;
    this.#file = file;
  }

  get state(): FolderState | undefined {
    return this.#state;
  }

  /** The folder as it is now. @throws UnreadableError where the folder itself cannot be read. */
  async refresh(): Promise<FolderState> {
    const known = this.#known ?? (await this.#file?.load()) ?? { experiments: new Map(), runs: new Map() };
    const pass = new Pass(this.#folder, known);
    const found = await pass.run();
    if (pass.changes === 0 && this.#state !== undefined) return this.#state;
    this.#known = found;
    this.#state = toState(found);
    if (pass.changes > FEW_RUNS) await this.#file?.save(found);
    return this.#state;
  }
}

/** One look at the whole folder. */
class Pass {
  /** Runs and experiments that are not as they were known. */
  changes = 0;
  readonly #folder: Folder;
  readonly #known: Indexed;
  readonly #found: Indexed = { experiments: new Map(), runs: new Map() };
  /** What a writer may be at work on: read again in a moment. */
  #again: (() => boolean)[] = [];
  #turnEnds = performance.now() + TURN_MS;

  constructor(folder: Folder, known: Indexed) {
    this.#folder = folder;
    this.#known = known;
  }

  async run(): Promise<Indexed> {
    for (const base of this.#listExperiments()) await this.#lookAtExperiment(base);
    for (let retry = 0; retry < RETRIES && this.#again.length > 0; retry++) {
      await setTimeout(RETRY_MS);
      this.#again = this.#again.filter((read) => !read());
    }
    const { experiments, runs } = this.#known;
    const gone = [...experiments.keys()].some((base) => !this.#found.experiments.has(base));
    if (gone || runs.size !== this.#found.runs.size) this.changes++;
    return this.#found;
  }

  #listExperiments(): string[] {
    const entries = this.#folder.list('').filter(mayBeExperiment);
    const trash = this.#folder.stat(TRASH) === undefined ? [] : this.#folder.list(TRASH).filter(mayBeExperiment);
    const names = new Set(entries.map(({ name }) => name));
    return [
      ...entries.map(({ name }) => name),
      ...trash.filter(({ name }) => !names.has(name)).map(({ name }) => `${TRASH}/${name}`),
    ];
  }

  async #lookAtExperiment(base: string): Promise<void> {
    const { experiments, runs } = this.#found;
    const entries = this.#list(base);
    if (isNoExperiment(this.#folder, base, entries)) return;
    this.#lookAt(base, experiments, this.#known.experiments, () => readExperiment(this.#folder, base));
    const experimentId = base.slice(base.lastIndexOf('/') + 1);
    for (const { name } of entries.filter(mayBeRun)) {
      const run = `${base}/${name}`;
      this.#lookAt(run, runs, this.#known.runs, () => readRun(this.#folder, run, experimentId));
      await this.#yieldTurn();
    }
  }

  /** A folder that cannot be listed has no runs; reading its meta.yaml then says why. */
  #list(base: string): Entry[] {
    try {
      return this.#folder.list(base);
    } catch (error) {
      if (error instanceof UnreadableError) return [];
      throw error;
    }
  }

  #lookAt<T>(base: string, found: Reads<T>, known: Reads<T>, read: () => Read<T>): void {
    const before = known.get(base);
    if (before !== undefined && before.problems.length === 0 && isUnchanged(this.#folder, base, before.stamp)) {
      found.set(base, before);
      return;
    }
    const attempt = (): boolean => {
      const now = read();
      if (now.value === undefined && isNoRun(this.#folder, base)) return found.delete(base) || true;
      found.set(base, now);
      return !now.mayPass || now.stamp.settled;
    };
    const isDone = attempt();
    if (!isDone) this.#again.push(attempt);
    const [now, then] = [found.get(base)?.stamp, before?.stamp];
    if (now?.sum !== then?.sum || now?.settled !== then?.settled || !isDone) this.changes++;
  }

  async #yieldTurn(): Promise<void> {
    if (performance.now() < this.#turnEnds) return;
    await setImmediate();
    this.#turnEnds = performance.now() + TURN_MS;
  }
}

function toState({ experiments, runs }: Indexed): FolderState {
  const known = [...experiments.values()].flatMap(({ value }) => value ?? []);
  const byCreation = (a: Experiment, b: Experiment) =>
    (b.creationTime ?? -Number.MAX_VALUE) - (a.creationTime ?? -Number.MAX_VALUE) || compareIds(a.id, b.id);
  const ids = new Set(known.map(({ id }) => id));
  const readable = [...runs].flatMap(([base, { value }]): [Run, string][] =>
    value !== undefined && ids.has(value.experimentId) ? [[value, base]] : [],
  );
  const bases = new Map(readable);
  return {
    experiments: known.sort(byCreation),
    runs: [...bases.keys()].sort(compareRuns([])),
    bases,
    unreadable: [...findUnreadable('experiment', experiments), ...findUnreadable('run', runs)],
    revision: revisionOf([...experiments.values(), ...runs.values()]),
  };
}

/** Ids are numbers of up to 18 digits, kept as text. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function findUnreadable(what: Unreadable['what'], reads: Reads<unknown>): Unreadable[] {
  return [...reads].flatMap(([base, { value, problems }]) => {
    const [id = '', experiment = ''] = base.split('/').reverse();
    const experimentId = what === 'run' ? experiment : id;
    const reason = problems.join(', ');
    const deleted = base.startsWith(`${TRASH}/`);
    return problems.length === 0 ? [] : [{ what, id, experimentId, reason, partly: value !== undefined, deleted }];
  });
}

function revisionOf(reads: readonly Read<unknown>[]): string {
  return reads.reduce((sum, { stamp }) => (sum * 31 + stamp.sum) % 2 ** 44, reads.length).toString(16);
}
