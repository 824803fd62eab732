/** Who calls: bearer tokens, each of an owner and of the tenant whose experiments they see. */
import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ConfigError } from '../../config/error.ts';
import { LOCAL_OWNER } from '../../conversations/conversations.ts';
import { readRegularFile } from '../../read-regular-file.ts';
import { HttpError } from './http-error.ts';
import { isSession, makeSession, sessionIn, sessionKey } from './session.ts';

export interface Caller {
  /** Whose conversations they are. */
  readonly owner: string;
  /** Whose experiments alone they see; undefined: all. */
  readonly tenant?: string | undefined;
}

export interface Access {
  /** Whether everybody is let in: without tokens, on this machine only. */
  readonly isOpen: boolean;
  /** By a token alone. @throws HttpError 401 */
  callerOf(headers: Headers): Caller;
  /** By a token, or where there is none by a session of the web page. */
  findCaller(headers: Headers): Caller | undefined;
  /** What a cookie may hold for a token; undefined where it is not known. */
  beginSession(token: string): string | undefined;
}

const Tokens = z
  .array(
    z.strictObject({
      token: z.string().regex(/^[\x21-\x7e]{16,512}$/, '16 to 512 visible characters'),
      owner: z.string().min(1).max(200),
      tenant: z.string().min(1).max(200).optional(),
    }),
  )
  .min(1);

interface Entry {
  readonly digest: Buffer;
  readonly key: Buffer;
  readonly caller: Caller;
}

/** @param setting JSON, or the path of a file that holds it; undefined: no tokens. @throws ConfigError */
export function readAccess(setting: string | undefined, madeBy: string): Access {
  if (setting === undefined) return OPEN;
  const entries = readTokens(setting, madeBy).map(
    ({ token, ...caller }): Entry => ({ digest: digestOf(token), key: sessionKey(token), caller }),
  );
  const distinct = new Set(entries.map(({ digest }) => digest.toString('hex')));
  if (distinct.size < entries.length) throw new ConfigError(`${madeBy} holds a token twice: each is one caller's`);
  return {
    isOpen: false,
    callerOf: (headers) => requireCaller(findByBearer(entries, headers)),
    findCaller: (headers) =>
      headers.has('authorization') ? findByBearer(entries, headers) : findBySession(entries, headers),
    beginSession(token) {
      const key = findEntry(entries, token)?.key;
      return key && makeSession(key, Math.floor(Date.now() / 1000));
    },
  };
}

const everybody = (): Caller => ({ owner: LOCAL_OWNER });
const OPEN: Access = { isOpen: true, callerOf: everybody, findCaller: everybody, beginSession: () => undefined };

function readTokens(setting: string, madeBy: string): z.output<typeof Tokens> {
  const isJson = setting.trimStart().startsWith('[');
  const where = isJson ? madeBy : `the file that ${madeBy} names`;
  let json: unknown;
  try {
    json = JSON.parse(isJson ? setting : readRegularFile(setting).toString('utf8'));
  } catch (error) {
    // What a parser says of it may quote a token.
    const why = error instanceof SyntaxError ? 'is no JSON' : `cannot be read: ${(error as Error).message}`;
    throw new ConfigError(`${where} ${why}`);
  }
  const parsed = Tokens.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
  throw new ConfigError(`${where} is no list of { "token", "owner", "tenant" }: ${issues}`);
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Every token is compared, in a time that tells nothing of how far one fits. */
function findEntry(entries: readonly Entry[], token: string): Entry | undefined {
  const digest = digestOf(token);
  const [entry] = entries.filter((entry) => timingSafeEqual(entry.digest, digest));
  return entry;
}

function findByBearer(entries: readonly Entry[], headers: Headers): Caller | undefined {
  const [, token = ''] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(headers.get('authorization') ?? '') ?? [];
  return findEntry(entries, token)?.caller;
}

function findBySession(entries: readonly Entry[], headers: Headers): Caller | undefined {
  const session = sessionIn(headers);
  if (session === undefined) return undefined;
  const [entry] = entries.filter(({ key }) => isSession(key, session));
  return entry?.caller;
}

/** @throws HttpError 401 */
export function requireCaller(caller: Caller | undefined): Caller {
  if (caller !== undefined) return caller;
  throw new HttpError(401, 'unauthorized', 'a token is needed, and this request has none that is known', {
    hint: 'Send "Authorization: Bearer …" with one of the tokens that the server was started with.',
    headers: { 'WWW-Authenticate': 'Bearer realm="runsight"' },
  });
}
