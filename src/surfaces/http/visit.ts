/** What every request passes, whatever it asks for: host and origin, its sender, and at the end headers, counts and log. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { type Access, type Caller, requireCaller } from './access.ts';
import { httpFaultOf } from './http-error.ts';
import type { ServeMetrics } from './metrics.ts';
import { checkOrigin, type OriginRules } from './origin.ts';
import { replyResponse } from './responses.ts';
import { checkOwnPage } from './session.ts';

export type HonoContext = Context<{ Bindings: HttpBindings }>;

export interface Checks {
  readonly access: Access;
  readonly metrics: ServeMetrics;
  /** Known once the server listens. */
  origins(): OriginRules;
  /** Aborted when the server is about to end: whatever still runs is cut. */
  readonly cut: AbortSignal;
  /** One line of JSON for each request, and for each fault of our own. */
  log(record: Readonly<Record<string, unknown>>): void;
}

/** A request while it is answered. */
export interface Visit {
  readonly requestId: string;
  /** Of a path that is open to everybody: nobody. */
  readonly caller: Caller;
}

export interface VisitPlace {
  /** A template and never what the client wrote: for the log and the metrics. */
  readonly route: string;
  /** Whether it tells nothing that a token guards. */
  readonly isOpen?: boolean;
  /** Whether the web page's session lets somebody in, as a token does. */
  readonly takesSession?: boolean;
}

export type Answering = (c: HonoContext, visit: Visit) => Promise<Response>;

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const NOBODY: Caller = { owner: '' };
/** What proxies log of clients that left; nobody reads it. */
const CLIENT_GONE = 499;

export async function visit(c: HonoContext, place: VisitPlace, answer: Answering, checks: Checks): Promise<Response> {
  const began = performance.now();
  const requestId = crypto.randomUUID();
  let caller = NOBODY;
  let response: Response;
  try {
    checkOrigin(c.env.incoming.rawHeaders, checks.origins());
    if (place.isOpen !== true) caller = callerOf(c, place, checks.access);
    response = await answer(c, { requestId, caller });
  } catch (error) {
    const isGone = c.req.raw.signal.aborted && !checks.cut.aborted;
    response = isGone
      ? new Response(null, { status: CLIENT_GONE })
      : replyResponse(httpFaultOf(error, requestId, checks.log));
  }
  response.headers.set('X-Request-Id', requestId);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!response.headers.has(name)) response.headers.set(name, value);
  const { status } = response;
  const method = METHODS.includes(c.req.method) ? c.req.method : 'other';
  const ms = performance.now() - began;
  checks.metrics.countRequest(method, place.route, status, ms / 1000);
  if (place.isOpen !== true || status >= 400) {
    const { owner, tenant } = caller;
    const about = { request_id: requestId, owner, tenant, method, route: place.route, status, ms: Math.round(ms) };
    checks.log({ time: new Date().toISOString(), ...about });
  }
  return response;
}

/** @throws HttpError 401; 403 where a session came with a request that the page did not make. */
function callerOf({ req }: HonoContext, { takesSession = false }: VisitPlace, access: Access): Caller {
  const { headers } = req.raw;
  if (!takesSession) return access.callerOf(headers);
  const caller = requireCaller(access.findCaller(headers));
  if (!access.isOpen && !headers.has('authorization')) checkOwnPage(req.method, headers);
  return caller;
}
