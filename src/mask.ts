/** Secrets out of text that is for people. Knows nothing of the rest: every folder may import it. */

export const MASK = '***';

/** Query fields that carry credentials: `password`, `sslpassword`, `access_token`, `api-key`, a whole ODBC string. */
const SECRET_FIELD = /([?&](?=[^?=&#]*(?:pass|pwd|secret|token|key|odbc_connect))[^?=&#]*=)[^&#]*/gi;
/**
 * What stands before the host: a name with a password, which may hold anything, or a name alone. The scheme may be
 * misspelt, quoted or missing, its slashes too few; one letter before the colon is a drive.
 */
const USER = /^([^:@]{2,}:)(?:([\\/]+(?![\\/])[^:/?#@]*:).*|([\\/]+)(?![\\/])[^/?#]*|(?![\\/]).*)@/s;

/**
 * An address for people: the password before its host, and those in its query, are masked. A password that holds `/`,
 * `?`, `#` or `@` unescaped is masked whole too, at the price of a path or query behind a port that holds an `@`.
 */
export function maskUri(uri: string): string {
  return uri
    .replace(USER, (_, scheme: string, name = '', slashes = '') => `${scheme}${name}${slashes}${MASK}@`)
    .replace(SECRET_FIELD, `$1${MASK}`);
}

/** Masks these secrets in foreign text, as they are and as servers quote them: percent-encoded, in JSON, HTML or base64. */
export function createMask(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret !== undefined && secret !== '') as string[];
  if (known.length === 0) return (text) => text;
  const forms = known.flatMap((secret) => [Array.from(secret, charForms).join(''), ...base64Forms(secret)]);
  const pattern = new RegExp(forms.toSorted((a, b) => b.length - a.length).join('|'), 'gi');
  return (text) => text.replace(pattern, MASK);
}

const HTML_NAMES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** A character as it is and as addresses, forms, JSON and HTML write it: each of them leaves others as they are. */
function charForms(char: string): string {
  const code = char.codePointAt(0)!;
  const forms = [
    char,
    Buffer.from(char).toString('hex').replace(/../g, '%$&'),
    char.replace(' ', '+'),
    JSON.stringify(char).slice(1, -1),
    Array.from({ length: char.length }, (_, unit) => `\\u${char.charCodeAt(unit).toString(16).padStart(4, '0')}`).join(
      '',
    ),
    HTML_NAMES.get(char) ?? char,
    `&#${code};`,
    `&#x${code.toString(16)};`,
  ];
  return `(?:${[...new Set(forms)].map(RegExp.escape).join('|')})`;
}

/** Shorter ones stand in too many words; a secret itself is masked however short it is. */
const SHORTEST_BASE64 = 4;

/**
 * Base64 of a secret wherever it stands in what was encoded, such as `user:password`: the characters that are its own,
 * in either alphabet.
 */
function base64Forms(secret: string): string[] {
  const { length } = Buffer.from(secret);
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.from('\0'.repeat(shift) + secret).toString('base64');
    const own = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + length) * 8) / 6));
    return own.length < SHORTEST_BASE64 ? [] : [own.replace(/[+/]/g, (sign) => (sign === '+' ? '[+-]' : '[/_]'))];
  });
}
