/** One read transaction shared by overlapping readers: begun by the first, ended by the last. */
import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

const BUSY_WAIT_MS = 5_000;
const BUSY_POLL_MS = 25;

export class ReadTransaction {
  readonly #connection: SqliteConnection;
  /** Called once the data stands still, before the first reader reads. */
  readonly #onBegin: () => void;
  #readers = 0;
  #beginning: Promise<void> | undefined;

  constructor(connection: SqliteConnection, onBegin: () => void) {
    this.#connection = connection;
    this.#onBegin = onBegin;
  }

  /** Waits for a writer to finish; throws `database_busy` when that takes longer than five seconds. */
  async run<T>(work: () => Promise<T> | T): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  async enter(): Promise<void> {
    this.#readers++;
    this.#beginning ??= this.#begin();
    try {
      await this.#beginning;
    } catch (error) {
      this.#beginning = undefined;
      this.#readers--;
      throw error;
    }
  }

  leave(): void {
    if (--this.#readers > 0) return;
    this.#beginning = undefined;
    this.#connection.exec('COMMIT');
  }

  async #begin(): Promise<void> {
    const deadline = Date.now() + BUSY_WAIT_MS;
    this.#connection.refresh();
    for (;;) {
      try {
        this.#lock();
        return;
      } catch (error) {
        const busy = error instanceof StoreError && error.code === 'database_busy';
        if (!busy || Date.now() >= deadline) throw error;
      }
      await setTimeout(BUSY_POLL_MS);
    }
  }

  /** BEGIN alone takes no lock; the first read does. */
  #lock(): void {
    this.#connection.exec('BEGIN');
    try {
      this.#onBegin();
    } catch (error) {
      this.#connection.exec('ROLLBACK');
      throw error;
    }
  }
}
