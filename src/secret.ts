/** Credentials that cannot be printed by accident: logs, JSON and string joins all show `***`. */
import { inspect } from 'node:util';

const MASK = '***';

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

/** Query fields that carry credentials: `password`, `sslpassword`, `access_token`, `api-key`. */
const SECRET_FIELD = /([?&][^=&#]*(?:pass|pwd|secret|token|key)[^=&#]*=)[^&#]*/gi;

/**
 * An address for people: the password before its host, and those in its query, are masked. A password that holds `/` or
 * `@` unescaped is masked whole too, at the price of a path that holds an `@`.
 */
export function maskUri(uri: string): string {
  return uri
    .replace(/^([a-z0-9+.-]+:\/\/)([^?#]*)@/i, (_, scheme: string, user: string) => {
      const name = user.includes(':') ? `${user.slice(0, user.indexOf(':'))}:` : '';
      return `${scheme}${name}${MASK}@`;
    })
    .replace(SECRET_FIELD, `$1${MASK}`);
}
