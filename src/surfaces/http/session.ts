/** Sessions of the web page: a cookie that proves a token without holding it, and that every replica can check. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { HttpError } from './http-error.ts';

const NAME = 'runsight_session';
/** Browsers take this name from https alone, and from nobody but this host. */
const SECURE_NAME = `__Host-${NAME}`;
const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** Clocks of replicas differ. */
const AHEAD_SECONDS = 60;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Taken from a token, so that sessions end with the token that they were begun by. */
export function sessionKey(token: string): Buffer {
  return createHmac('sha256', token).update('runsight web session').digest();
}

/** @param issued epoch seconds */
export function makeSession(key: Buffer, issued: number): string {
  return `${issued}.${createHmac('sha256', key).update(String(issued)).digest('base64url')}`;
}

/** Whether a cookie's value was made with this key and is still good. */
export function isSession(key: Buffer, value: string, now = Date.now() / 1000): boolean {
  const [, issued] = /^(\d{1,12})\.[\w-]{43}$/.exec(value) ?? [];
  if (issued === undefined) return false;
  const age = now - Number(issued);
  const isRight = timingSafeEqual(
    Buffer.from(makeSession(key, Number(issued)).padStart(60)),
    Buffer.from(value.padStart(60)),
  );
  return isRight && age >= -AHEAD_SECONDS && age < SESSION_SECONDS;
}

/** The one session that a request's cookies name; two of a name prove nothing. */
export function sessionIn(headers: Headers): string | undefined {
  const cookies = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  const valuesOf = (name: string) => cookies.flatMap(([key, value]) => (key === name && value ? [value] : []));
  const secure = valuesOf(SECURE_NAME);
  const [value, ...others] = secure.length > 0 ? secure : valuesOf(NAME);
  return others.length === 0 ? value : undefined;
}

/** A cookie comes along with whatever page asks: what changes something must come from our own. @throws HttpError 403 */
export function checkOwnPage(method: string, headers: Headers): void {
  if (SAFE_METHODS.has(method) || headers.get('sec-fetch-site') === 'same-origin') return;
  const [, host] = /^https?:\/\/(.+)$/i.exec(headers.get('origin') ?? '') ?? [];
  if (host !== undefined && host.toLowerCase() === headers.get('host')?.toLowerCase()) return;
  throw new HttpError(403, 'foreign_origin', 'a session counts only for requests of the page itself', {
    hint: 'Programs send "Authorization: Bearer …".',
  });
}

/** @param value undefined: signs out */
export function sessionCookies(value: string | undefined, headers: Headers): string[] {
  const isSecure = /^https:/i.test(headers.get('origin') ?? '');
  const make = (name: string, text: string, seconds: number, secure: string) =>
    `${name}=${text}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
  if (value !== undefined)
    return [isSecure ? make(SECURE_NAME, value, SESSION_SECONDS, '; Secure') : make(NAME, value, SESSION_SECONDS, '')];
  return [make(NAME, '', 0, ''), make(SECURE_NAME, '', 0, '; Secure')];
}
