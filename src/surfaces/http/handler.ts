/** Paths to what answers them: the API's routes, what tells of the server itself, and surfaces that are mounted. */
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Caller } from './access.ts';
import { parseJson, readBody } from './body.ts';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import { eventStream } from './event-stream.ts';
import { createGates, type Gates, type ServeLimits } from './gates.ts';
import { HttpError } from './http-error.ts';
import { openApiDocument } from './openapi.ts';
import { pageAnswers } from './page/open-page.ts';
import { htmlResponse, jsonResponse, metricsResponse, outcomeResponse, whenSent } from './responses.ts';
import type { Route } from './route.ts';
import { type Answering, type Checks, type HonoContext, type Visit, type VisitPlace, visit } from './visit.ts';
import type { Workplace } from './workplace.ts';

/** What is served at a path of its own, behind the same checks; the request's body has been read within the limit. */
export type Mounted = (request: Request, caller: Caller) => Response | Promise<Response>;

export interface HandlerParts extends Checks {
  readonly version: string;
  /** In a few words, for people. */
  readonly store: string;
  readonly routes: readonly Route[];
  readonly mounts: Readonly<Record<string, Mounted>>;
  readonly workplace: Workplace;
  readonly limits: ServeLimits;
  /** Whether it takes no more work. */
  isDraining(): boolean;
}

interface Shared extends HandlerParts {
  readonly gates: Gates;
}

export function createHandler(parts: HandlerParts): Hono<{ Bindings: HttpBindings }> {
  const shared: Shared = { ...parts, gates: createGates(parts.limits) };
  const hono = new Hono<{ Bindings: HttpBindings }>();
  const add = (path: string, place: VisitPlace, answers: Readonly<Record<string, Answering>>) => {
    for (const [method, answer] of Object.entries(answers))
      hono.on(method, path, (c) => visit(c, place, answer, shared));
    // Hono would say that an undeclared method is not found.
    hono.all(path, (c) => visit(c, place, () => refuseMethod(Object.keys(answers)), shared));
  };
  addOwn(add, shared);
  for (const [path, mounted] of Object.entries(parts.mounts)) {
    const answer: Answering = (c, own) => answerMounted(c, mounted, own, shared);
    add(path, { route: path }, { GET: answer, POST: answer, DELETE: answer });
  }
  for (const [path, routes] of Map.groupBy(parts.routes.entries(), ([, route]) => route.path)) {
    const answers = routes.map(([place, { method }]): [string, Answering] => [
      method,
      (c, own) => answerRoute(c, place, own, shared),
    ]);
    add(honoPath(path), { route: path, takesSession: true }, Object.fromEntries(answers));
  }
  const unknown: Answering = () => Promise.reject(new HttpError(404, 'not_found', 'there is no such path'));
  hono.notFound((c) => visit(c, { route: 'none' }, unknown, shared));
  return hono;
}

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** What tells of the server itself, and its web page; the log leaves open ones out, for they are asked all the time. */
function addOwn(
  add: (path: string, place: VisitPlace, answers: Readonly<Record<string, Answering>>) => void,
  shared: Shared,
): void {
  const document = openApiDocument(shared.routes, shared.version);
  const page = docsPage(shared.routes, document);
  const open = (path: string, GET: Answering) => add(path, { route: path, isOpen: true }, { GET });
  open('/healthz', async () => jsonResponse(200, { status: 'ok' }));
  open('/readyz', () => answerReady(shared));
  open('/openapi.json', async () => jsonResponse(200, document));
  open('/docs', async () => htmlResponse(page, DOCS_POLICY));
  for (const [path, answers] of Object.entries(pageAnswers(shared)))
    add(honoPath(path), { route: path, isOpen: true }, answers);
  add(
    '/metrics',
    { route: '/metrics' },
    { GET: async () => metricsResponse(shared.metrics.write(shared.gates.active)) },
  );
}

async function answerRoute(c: HonoContext, route: number, own: Visit, shared: Shared): Promise<Response> {
  const { limits, cut, workplace } = shared;
  const { caller, requestId } = own;
  const leave = enter(caller, shared);
  const gone = new AbortController();
  try {
    const body = parseJson(await readBody(c.req.raw, limits.bodyBytes));
    const query = [...new URL(c.req.url).searchParams];
    const sent = { params: c.req.param() as Record<string, string>, query, body };
    const idempotencyKey = c.req.header('idempotency-key');
    const wantsEvents = (c.req.header('accept') ?? '').includes('text/event-stream');
    const [lastEvent = '0'] = /^\d{1,9}$/.exec(c.req.header('last-event-id') ?? '') ?? [];
    const signal = AbortSignal.any([c.req.raw.signal, cut, gone.signal]);
    const outcome = await workplace.run(
      { route, sent, caller, wantsEvents, idempotencyKey, lastEvent: Number(lastEvent), requestId },
      signal,
    );
    if (outcome.kind === 'events')
      return whenSent(
        eventStream(outcome.events, outcome.from, () => gone.abort()),
        leave,
      );
    leave();
    return outcomeResponse(outcome);
  } catch (error) {
    leave();
    throw error;
  }
}

async function answerMounted(c: HonoContext, mounted: Mounted, { caller }: Visit, shared: Shared): Promise<Response> {
  const leave = enter(caller, shared);
  try {
    const { url, method, headers, signal } = c.req.raw;
    const body = await readBody(c.req.raw, shared.limits.bodyBytes);
    const either = AbortSignal.any([signal, shared.cut]);
    const request = new Request(url, { method, headers, signal: either, ...(body.length > 0 && { body }) });
    return whenSent(await mounted(request, caller), leave);
  } catch (error) {
    leave();
    throw error;
  }
}

/** @throws HttpError 429, and 503 at the end. */
function enter({ tenant, owner }: Caller, { gates, isDraining }: Shared): () => void {
  if (!isDraining()) return gates.enter(JSON.stringify([tenant ?? null, owner]));
  throw new HttpError(503, 'draining', 'the server is about to end', { headers: { 'Retry-After': '5' } });
}

async function answerReady({ isDraining, workplace }: Shared): Promise<Response> {
  if (isDraining()) return jsonResponse(503, { status: 'draining' });
  try {
    await workplace.checkReady();
    return jsonResponse(200, { status: 'ready' });
  } catch {
    return jsonResponse(503, { status: 'unavailable' });
  }
}

async function refuseMethod(methods: readonly string[]): Promise<Response> {
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  throw new HttpError(405, 'method_not_allowed', `the path takes ${allowed}`, { headers: { Allow: allowed } });
}
