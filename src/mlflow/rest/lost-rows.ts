/** The rows of one read that could not be read: runs or experiments that the rest is answered without. */
import { StoreError } from '../errors.ts';
import type { Unreadable } from '../runs/tracking-store.ts';
import { idAt, Misshapen, objectAt } from './decode.ts';
import { BadRow, type JsonObject } from './read-json.ts';

/** A server with more of them is not one of MLflow's that has some bad rows. */
const MOST = 10_000;

/** Where a row says what it is. */
const PLACES = {
  run: (row: JsonObject) => ({ about: objectAt(row, 'info'), names: ['run_id', 'run_uuid'] }),
  experiment: (row: JsonObject) => ({ about: row, names: ['experiment_id'] }),
} as const;

export class LostRows {
  readonly #what: keyof typeof PLACES;
  readonly #location: string;
  readonly #lost: Unreadable[] = [];
  #first: Misshapen | undefined;

  constructor(what: keyof typeof PLACES, location: string) {
    this.#what = what;
    this.#location = location;
  }

  get all(): readonly Unreadable[] {
    return this.#lost;
  }

  /** @param asked the ids of the experiments that the rows were to be of. */
  add(row: JsonObject | BadRow, fault: Misshapen, asked: readonly string[] = []): void {
    this.#first ??= fault;
    if (this.#lost.length === MOST)
      throw new StoreError(
        'bad_response',
        `${this.#location} sends more than ${MOST} ${this.#what}s that cannot be read`,
        {
          hint: fault.hint,
        },
      );
    const { id, experimentId, deleted } = this.#identify(row);
    this.#lost.push({
      what: this.#what,
      id: id ?? `row without an id (${this.#lost.length + 1})`,
      experimentId: experimentId ?? (asked.length === 1 ? asked[0]! : ''),
      reason: fault.reason,
      partly: false,
      deleted,
    });
  }

  /** Where nothing at all could be read it is the answer that is at fault. @param read how many rows could */
  throwIfAll(read: number): void {
    if (read === 0 && this.#first !== undefined) throw this.#first;
  }

  #identify(row: JsonObject | BadRow) {
    if (row instanceof BadRow) return { deleted: false };
    const place = orUndefined(() => PLACES[this.#what](row));
    if (place === undefined) return { deleted: false };
    const { about, names } = place;
    const idOf = (name: string) => orUndefined(() => idAt(about, name));
    return {
      id: names.map(idOf).find((id) => id !== undefined),
      experimentId: idOf('experiment_id'),
      deleted: about.lifecycle_stage === 'deleted',
    };
  }
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misshapen) return undefined;
    throw error;
  }
}
