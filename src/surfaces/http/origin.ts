/** Which Host and Origin a request may name: a page elsewhere must not reach this server through somebody's browser. */
import { HttpError } from './http-error.ts';

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

export function isLoopbackHost(host: string): boolean {
  return /^127(?:\.\d{1,3}){3}$/.test(host) || host === 'localhost' || host === '::1' || host === '[::1]';
}

export interface OriginRules {
  /** `host:port`, exactly; of the usual ports also without. */
  readonly hosts: ReadonlySet<string>;
}

/** @param allowed what a proxy or the network calls this server, beside its own names */
export function originRules(host: string, port: number, allowed: readonly string[]): OriginRules {
  const bound = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const names = [...LOOPBACK_NAMES, bound].map((name) => `${name.toLowerCase()}:${port}`);
  return { hosts: new Set([...names, ...allowed.map((name) => name.toLowerCase())]) };
}

/** @param rawHeaders as they came, name and value in turn: repeated ones are still to be seen. @throws HttpError 403 */
export function checkOrigin(rawHeaders: readonly string[], { hosts }: OriginRules): void {
  const valuesOf = (name: string) =>
    rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
  const [host, ...otherHosts] = valuesOf('host');
  if (host === undefined || otherHosts.length > 0 || !hosts.has(host.toLowerCase()))
    throw new HttpError(403, 'foreign_host', 'the request names a host that this server is not known by', {
      hint: 'Name a host that it may be called by in RUNSIGHT_ALLOWED_HOSTS.',
    });
  const origins = valuesOf('origin');
  if (origins.some((origin) => !isOwn(origin, hosts)) || origins.length > 1)
    throw new HttpError(403, 'foreign_origin', 'the request comes from a page of another origin');
  if (valuesOf('authorization').length > 1)
    throw new HttpError(401, 'unauthorized', 'the request has more than one Authorization', {
      headers: { 'WWW-Authenticate': 'Bearer realm="runsight"' },
    });
}

function isOwn(origin: string, hosts: ReadonlySet<string>): boolean {
  const [, host = ''] = /^https?:\/\/([^/?#@]+)$/i.exec(origin) ?? [];
  return hosts.has(host.toLowerCase());
}
