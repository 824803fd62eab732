/** Credentials that cannot be printed by accident: logs, JSON and string joins all show `***`. */
import { inspect } from 'node:util';
import { MASK } from '../mask.ts';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain text, for the one call that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
