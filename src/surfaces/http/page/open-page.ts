/** What of the web page is open to everybody: its files, signing in and out, and who is signed in. */
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { Access } from '../access.ts';
import { parseJson, readBody } from '../body.ts';
import { createGates, type ServeLimits } from '../gates.ts';
import { HttpError } from '../http-error.ts';
import { jsonResponse } from '../responses.ts';
import { checkOwnPage, sessionCookies } from '../session.ts';
import type { Answering, HonoContext } from '../visit.ts';
import { type PageAsset, readPageAssets } from './assets.ts';
import { pageResponse } from './document.ts';

export interface PageParts {
  readonly access: Access;
  readonly limits: ServeLimits;
  readonly version: string;
  /** In a few words, for people. */
  readonly store: string;
}

/** What one address may try in signing in: a few at once, then one every five seconds. */
const GUESSES = { atOnce: 16, atOnceOfOne: 4, burst: 10, perSecond: 0.2 };
const WRONG_MS = 300;
const Login = z.strictObject({ token: z.string().max(512) });

type Answers = Readonly<Record<string, Answering>>;

/** Path → methods → answers. */
export function pageAnswers({ access, limits, version, store }: PageParts): Readonly<Record<string, Answers>> {
  const gates = createGates({ ...limits, ...GUESSES });
  const signIn: Answering = async (c) => {
    checkOwnPageOrProgram(c);
    const leave = gates.enter(c.env.incoming.socket.remoteAddress ?? '');
    try {
      const parsed = Login.safeParse(parseJson(await readBody(c.req.raw, limits.bodyBytes)));
      if (!parsed.success) throw new HttpError(400, 'invalid_request', 'the body is no { "token" }');
      const session = access.beginSession(parsed.data.token);
      if (session === undefined) {
        await setTimeout(WRONG_MS);
        throw new HttpError(401, 'unauthorized', 'the token is not known');
      }
      return withCookies(sessionCookies(session, c.req.raw.headers));
    } finally {
      leave();
    }
  };
  const signOut: Answering = async (c) => {
    checkOwnPage('POST', c.req.raw.headers);
    return withCookies(sessionCookies(undefined, c.req.raw.headers));
  };
  const tellSession: Answering = async (c) => {
    const needsLogin = { needs_login: !access.isOpen };
    const caller = access.findCaller(c.req.raw.headers);
    if (caller === undefined) return jsonResponse(200, { ...needsLogin, signed_in: false });
    const { owner, tenant = null } = caller;
    const about = { owner, tenant, can_write: false, version, store };
    return jsonResponse(200, { ...needsLogin, signed_in: !access.isOpen, ...about });
  };
  const assets = readPageAssets().map((asset): [string, Answers] => [
    `/page/${asset.name}`,
    { GET: async (c) => assetResponse(c, asset) },
  ]);
  const document: Answers = { GET: async () => pageResponse() };
  return {
    '/': document,
    '/shared/{secret}': document,
    '/login': { POST: signIn },
    '/logout': { POST: signOut },
    '/api/v1/session': { GET: tellSession },
    ...Object.fromEntries(assets),
  };
}

/** Another page must not sign somebody in; a program has no page. */
function checkOwnPageOrProgram({ req }: HonoContext): void {
  if (req.header('origin') !== undefined || req.header('sec-fetch-site') !== undefined)
    checkOwnPage(req.method, req.raw.headers);
}

function withCookies(cookies: readonly string[]): Response {
  const headers = new Headers();
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 204, headers });
}

function assetResponse(c: HonoContext, { type, etag, bytes }: PageAsset): Response {
  const headers = { ETag: etag, 'Cache-Control': 'no-cache', 'Content-Type': type };
  const isKnown = c.req.header('if-none-match') === etag;
  return isKnown ? new Response(null, { status: 304, headers }) : new Response(bytes, { headers });
}
