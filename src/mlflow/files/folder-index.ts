/**
 * Everything in an mlruns folder, read once and then only where something changed: before each question every file that
 * was read is looked at again, so that nothing that MLflow writes is missed.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { compareText } from '../compare-text.ts';
import type { Unreadable } from '../runs/tracking-store.ts';
import type { Experiment } from '../runs/types.ts';
import { sortByStart } from '../table/order-rows.ts';
import { EVERYTHING, toRuns } from '../table/run-row.ts';
import { type RunRows, RunTable } from '../table/run-table.ts';
import { takeTurns } from '../take-turns.ts';
import type { Place } from './check-slices.ts';
import { findUnchanged } from './find-unchanged.ts';
import { type Entry, type Folder, UnreadableError } from './folder.ts';
import type { IndexFile } from './index-file.ts';
import type { Indexed, Reads } from './indexed.ts';
import { isNoExperiment, isNoRun, mayBeExperiment, mayBeRun, readExperiment, TRASH } from './read-experiment.ts';
import { type Read, readRun } from './read-run.ts';
import type { Work } from './read-texts.ts';

/** A writer leaves meta.yaml empty or away for a moment. */
const RETRIES = 3;
const RETRY_MS = 60;
/** Between pieces of work others get their turn. */
const TURN_MS = 50;
/** A first reading that takes longer is kept in parts: what is interrupted goes on from there. */
const SAVE_MS = 15_000;
/** Reading so few runs anew, in so little time, costs less than writing the index. */
const FEW_RUNS = 50;
const SHORT_MS = 500;
/** Of one run or experiment as many problems are named. */
const MOST_PROBLEMS = 6;
/** A table that holds more rows of runs that have changed since, or are gone, is made anew. */
const MOST_OLD_ROWS = 1_000;

/** One state of the folder. */
export interface FolderState {
  /** Creation time descending, then id. */
  readonly experiments: readonly Experiment[];
  /** Start time descending, then id; runs of experiments that cannot be read are left out. */
  readonly runs: RunRows;
  /** Where the run of each row lies below the root. */
  readonly bases: ReadonlyMap<number, string>;
  readonly unreadable: readonly Unreadable[];
  readonly revision: string;
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
  async refresh(signal: AbortSignal, tell: Tell = () => {}): Promise<FolderState> {
    const known = this.#known ?? (await this.#file?.load()) ?? nothingKnown();
    const pass = new Pass(this.#folder, known, { keep: (part) => this.#file?.save(part), tell, signal });
    const found = await pass.run();
    const current = await withoutOldRows(found, signal);
    if (pass.changes === 0 && this.#state !== undefined && current === found) return this.#state;
    const state = await toState(current, signal);
    this.#known = current;
    this.#state = state;
    if (pass.worthKeeping > FEW_RUNS || pass.spentMs > SHORT_MS) await this.#file?.save(current);
    return state;
  }
}

/** Hears how many runs have been read, while some are read anew. */
type Tell = (runs: number) => void;

/** Reads something; says whether it need not be read again in a moment. */
type Attempt = () => Promise<boolean>;

/** What a long look does between pieces of its work. */
interface Doings {
  readonly keep: (part: Indexed) => Promise<void> | undefined;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** One look at the whole folder. */
class Pass {
  /** Runs and experiments that are not as they were known. */
  changes = 0;
  /** Those that the index would spare the next program, and the time that reading them took. */
  worthKeeping = 0;
  spentMs = 0;
  readonly #folder: Folder;
  readonly #known: Indexed;
  readonly #found: Indexed;
  /** What a writer may be at work on: read again in a moment. */
  #again: Attempt[] = [];
  /** What met hard links: read again when it is known where their other names lie. */
  #linked: Attempt[] = [];
  #unchanged: ReadonlySet<string> = new Set();
  readonly #doings: Doings;
  #turnEnds = performance.now() + TURN_MS;
  #keptAt = performance.now();

  constructor(folder: Folder, known: Indexed, doings: Doings) {
    this.#doings = doings;
    this.#folder = folder;
    this.#known = known;
    this.#found = { experiments: new Map(), runs: new Map(), table: known.table };
  }

  async run(): Promise<Indexed> {
    this.#unchanged = await findUnchanged(this.#folder, placesOf(this.#known));
    for (const [base, entry] of this.#listExperiments()) await this.#lookAtExperiment(base, entry);
    if (this.#linked.length > 0) {
      await this.#folder.settleLinks(this.#doings.signal);
      for (const read of this.#linked.splice(0)) if (!(await read())) this.#again.push(read);
    }
    for (let retry = 0; retry < RETRIES && this.#again.length > 0; retry++) {
      await setTimeout(RETRY_MS);
      for (const read of this.#again.splice(0)) if (!(await read())) this.#again.push(read);
    }
    const { experiments, runs } = this.#known;
    const gone = [...experiments.keys()].some((base) => !this.#found.experiments.has(base));
    if (gone || runs.size !== this.#found.runs.size) this.changes++;
    return this.#found;
  }

  #listExperiments(): [base: string, entry: Entry][] {
    const entries = this.#folder.list('').filter(mayBeExperiment);
    const trash = this.#list(TRASH).filter(mayBeExperiment);
    const names = new Set(entries.map(({ name }) => name));
    return [
      ...entries.map((entry): [string, Entry] => [entry.name, entry]),
      ...trash
        .filter(({ name }) => !names.has(name))
        .map((entry): [string, Entry] => [`${TRASH}/${entry.name}`, entry]),
    ];
  }

  async #lookAtExperiment(base: string, entry: Entry): Promise<void> {
    const folder = this.#folder;
    const entries = this.#list(base);
    if (entry.kind === 'folder' && isNoExperiment(folder, base, entries)) return;
    const { experiments, runs } = this.#known;
    await this.#lookAt(base, this.#found.experiments, experiments, async () =>
      entry.kind === 'folder' ? this.#finish(readExperiment(folder, base)) : readNothing(entry),
    );
    for (const one of entries.filter(mayBeRun)) {
      const run = `${base}/${one.name}`;
      await this.#lookAt(run, this.#found.runs, runs, async () => {
        if (one.kind !== 'folder') return readNothing(one);
        const { value, ...read } = await this.#finish(readRun(folder, run, entry.name));
        if (value === undefined && isNoRun(folder, run)) return undefined;
        return { ...read, value: value && this.#found.table.add(value) };
      });
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

  /** Work is left where it stands when nobody waits for it any more. */
  async #finish<T>(work: Work<T>): Promise<T> {
    try {
      for (;;) {
        const step = work.next();
        if (step.done) return step.value;
        if (performance.now() >= this.#turnEnds) await this.#yieldTurn();
      }
    } finally {
      work.return(undefined as T);
    }
  }

  async #lookAt<T>(
    base: string,
    found: Reads<T>,
    known: Reads<T>,
    read: () => Promise<Read<T> | undefined>,
  ): Promise<void> {
    const before = known.get(base);
    if (before !== undefined && this.#unchanged.has(base)) {
      found.set(base, before);
      return;
    }
    const attempt = async (): Promise<boolean> => {
      const started = performance.now();
      const { linksMet } = this.#folder;
      const now = await read();
      if (this.#folder.linksMet > linksMet) this.#linked.push(attempt);
      if (now?.stamp.settled && now.problems.length === 0) {
        this.worthKeeping++;
        this.spentMs += performance.now() - started;
      }
      if (now !== undefined) found.set(base, now);
      else found.delete(base);
      return now === undefined || !now.mayPass || now.stamp.settled;
    };
    const isDone = await attempt();
    if (!isDone) this.#again.push(attempt);
    const [now, then] = [found.get(base)?.stamp, before?.stamp];
    const isUnsure = found.get(base)?.value !== undefined && now?.settled === false;
    if (now?.sum !== then?.sum || now?.settled !== then?.settled || isUnsure || !isDone) this.changes++;
  }

  async #yieldTurn(): Promise<void> {
    if (performance.now() < this.#turnEnds) return;
    await setImmediate();
    this.#doings.signal.throwIfAborted();
    if (this.changes > 0) this.#doings.tell(this.#found.runs.size);
    if (performance.now() - this.#keptAt > SAVE_MS) {
      const { experiments, runs, table } = this.#found;
      await this.#doings.keep({
        experiments: new Map([...this.#known.experiments, ...experiments]),
        runs: new Map([...this.#known.runs, ...runs]),
        table,
      });
      this.#keptAt = performance.now();
    }
    this.#turnEnds = performance.now() + TURN_MS;
  }
}

/** What is no folder that may be looked into. */
function readNothing({ reason }: Entry): Read<never> {
  return { value: undefined, stamp: { paths: [], sum: 0, settled: false }, problems: [reason ?? ''], mayPass: false };
}

function nothingKnown(): Indexed {
  return { experiments: new Map(), runs: new Map(), table: new RunTable() };
}

function placesOf({ experiments, runs }: Indexed): Place[] {
  const reads: [string, Read<unknown>][] = [...experiments, ...runs];
  return reads.flatMap(([base, { stamp, problems }]): Place[] => (problems.length > 0 ? [] : [[base, stamp]]));
}

/** Whoever still reads the old table keeps it. */
async function withoutOldRows(indexed: Indexed, signal: AbortSignal): Promise<Indexed> {
  const { experiments, runs, table } = indexed;
  if (table.length - runs.size < Math.max(MOST_OLD_ROWS, runs.size)) return indexed;
  const fresh: Indexed = { experiments, runs: new Map(), table: new RunTable() };
  const copy = ([base, read]: [string, Read<number>]): void => {
    const [run] = read.value === undefined ? [] : toRuns(table, [read.value], EVERYTHING);
    fresh.runs.set(base, { ...read, value: run && fresh.table.add(run) });
  };
  await takeTurns(runs, copy, signal);
  return fresh;
}

async function toState({ experiments, runs, table }: Indexed, signal: AbortSignal): Promise<FolderState> {
  const known = [...experiments.values()].flatMap(({ value }) => value ?? []);
  const byCreation = (a: Experiment, b: Experiment) =>
    (b.creationTime ?? -Number.MAX_VALUE) - (a.creationTime ?? -Number.MAX_VALUE) || compareIds(a.id, b.id);
  const experimentIds = new Set(known.map(({ id }) => table.texts.find(id)));
  const bases = new Map<number, string>();
  for (const [base, { value: row }] of runs)
    if (row !== undefined && experimentIds.has(table.heads.experimentIds.at(row))) bases.set(row, base);
  return {
    experiments: known.sort(byCreation),
    runs: { table, rows: await sortByStart(table, [...bases.keys()], signal) },
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
    const more = problems.length - MOST_PROBLEMS;
    const reason = problems.slice(0, MOST_PROBLEMS).join(', ') + (more > 0 ? ` and ${more} more` : '');
    const deleted = base.startsWith(`${TRASH}/`);
    return problems.length === 0 ? [] : [{ what, id, experimentId, reason, partly: value !== undefined, deleted }];
  });
}

function revisionOf(reads: readonly Read<unknown>[]): string {
  return reads.reduce((sum, { stamp }) => (sum * 31 + stamp.sum) % 2 ** 44, reads.length).toString(16);
}
