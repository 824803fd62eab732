/** The rows that a call had to pass over, by the run or experiment that is less for it. */
import { StoreError } from '../errors.ts';
import type { OddRow } from './statements.ts';

/** Whose loss can still be told one by one. */
const MOST_OWNERS = 100_000;
/** Faults of one run or experiment that are told apart, and named. */
const MOST_KEPT = 1_000;
const MOST_REASONS = 3;

/** What is less for the rows that were passed over. */
export interface Loss {
  readonly what: 'experiment' | 'run';
  readonly id: string;
  /** Of a run whose own row it is. */
  readonly experimentId: string | undefined;
  readonly partly: boolean;
  readonly reason: string;
}

interface Owner extends Omit<Loss, 'reason'> {
  readonly reasons: Set<string>;
}

export class OddRows {
  readonly #owners = new Map<string, Owner>();
  readonly #changed = new Set<Owner>();

  /** Throws `database_unreadable` where there are too many to be told. */
  add({ what, id, experimentId, reason }: OddRow, location: string): void {
    const owner = what.startsWith('experiment') ? 'experiment' : 'run';
    const partly = what !== owner;
    const key = `${owner} ${partly} ${id}`;
    const known = this.#owners.get(key) ?? { what: owner, id, experimentId, partly, reasons: new Set() };
    if (known.reasons.size < MOST_KEPT) known.reasons.add(reason);
    this.#owners.set(key, known);
    this.#changed.add(known);
    if (this.#owners.size > MOST_OWNERS)
      throw new StoreError('database_unreadable', `${location} has too many rows that cannot be read: ${reason}`, {
        hint: `More than ${MOST_OWNERS} runs are touched; give the database that mlflow itself writes.`,
      });
  }

  /** Those that are new, or more than they were, since it was last asked. */
  take(): Loss[] {
    const changed = Array.from(this.#changed, toLoss);
    this.#changed.clear();
    return changed;
  }
}

function toLoss({ reasons, ...loss }: Owner): Loss {
  const shown = [...reasons].slice(0, MOST_REASONS).join(', ');
  const more = reasons.size - MOST_REASONS;
  const count = reasons.size < MOST_KEPT ? more : `more than ${more}`;
  return { ...loss, reason: more > 0 ? `${shown} and ${count} more` : shown };
}
