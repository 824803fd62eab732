/**
 * The read transactions of one database file: short windows, between which this process holds no lock on it. A writer
 * that waits at the end of one comes in first: SQLite lets no new reader in before it.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { StoreError } from '../errors.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { identifyFile } from './sqlite-file.ts';

/** How long statements that follow one another at once may share a window. */
const WINDOW_MS = 100;
const BUSY_WAIT_MS = 5_000;
const BUSY_POLL_MS = 5;

/** One for all stores of this process: locks belong to the process, and readers that took turns would never let go. */
const known = new Map<string, SqliteWindows>();

export class SqliteWindows {
  readonly connection: SqliteConnection;
  readonly #file: string;
  #stores = 0;
  #readers = 0;
  #opening: Promise<void> | undefined;
  #openedAt: number | undefined;
  /** The event loop's next turn after the last window. */
  #pause: Promise<void> | undefined;
  #dataVersion: number | undefined;
  #state = 0;

  private constructor(path: string, file: string) {
    this.connection = new SqliteConnection(path);
    this.#file = file;
  }

  /** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
  static of(path: string, tables: readonly string[] = []): SqliteWindows {
    const file = identifyFile(path);
    const windows = known.get(file) ?? new SqliteWindows(path, file);
    known.set(file, windows);
    windows.connection.allow(tables);
    windows.#stores++;
    return windows;
  }

  /** Another number whenever the data of the open window is not that of the one before. */
  get state(): number {
    return this.#state;
  }

  join(): void {
    this.#readers++;
  }

  /** The last reader leaves no lock behind. */
  leave(): void {
    if (--this.#readers === 0) this.shut();
  }

  /**
   * What to wait for until a window is open: nothing where one is. Throws `database_busy` when a writer takes longer
   * than five seconds.
   */
  enter(): Promise<void> | undefined {
    if (this.#openedAt !== undefined && performance.now() - this.#openedAt >= WINDOW_MS) this.shut();
    if (this.#openedAt !== undefined) return undefined;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Ends the window; whoever reads on waits for the next one. */
  shut(): void {
    if (this.#openedAt === undefined) return;
    this.#openedAt = undefined;
    this.connection.end();
    // Whoever was told what was read may now compute for long: not with the next window open.
    this.#pause = setImmediate();
  }

  async close(): Promise<void> {
    if (--this.#stores > 0) return;
    known.delete(this.#file);
    this.shut();
    this.connection.close();
  }

  async #open(): Promise<void> {
    await this.#pause;
    const deadline = performance.now() + BUSY_WAIT_MS;
    while (!this.#tryOpen(deadline)) await setTimeout(BUSY_POLL_MS);
  }

  #tryOpen(deadline: number): boolean {
    try {
      const isNew = this.connection.open();
      const dataVersion = this.connection.begin();
      if (isNew || dataVersion !== this.#dataVersion) this.#state++;
      this.#dataVersion = dataVersion;
      this.#openedAt = performance.now();
      // When all that follows at once has run: the next turn may belong to a call that computes for long.
      process.nextTick(() => this.shut());
      return true;
    } catch (error) {
      const isBusy = error instanceof StoreError && error.code === 'database_busy';
      if (!isBusy || performance.now() >= deadline) throw error;
      return false;
    }
  }
}
