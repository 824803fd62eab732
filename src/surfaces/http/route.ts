/** What a route is: a method and a path, the shapes of what comes in and goes out, and what answers. */
import * as z from 'zod';
import type { App } from '../../app/create-app.ts';
import type { ConversationStore, Conversations } from '../../conversations/conversations.ts';
import type { NameLinks } from '../../conversations/links.ts';
import type { Caller } from './access.ts';
import type { Asks } from './asks.ts';
import { HttpError } from './http-error.ts';
import type { Recordings } from './recordings.ts';

/** What a route's `answer` may use. */
export interface RouteContext {
  readonly caller: Caller;
  readonly app: App;
  readonly conversations: Conversations;
  /** Of the caller's tenant. */
  findShared(secret: string): ReturnType<ConversationStore['findShared']>;
  readonly links: NameLinks;
  readonly asks: Asks;
  readonly recordings: Recordings;
  /** Aborted when the client is gone, when time is up (where the route has a limit), and when the server ends. */
  readonly signal: AbortSignal;
  /** Whether a question's events are asked for. */
  readonly wantsEvents: boolean;
  /** What the client calls this request by, should it come again. */
  readonly idempotencyKey: string | undefined;
  /** Number of the last event that the client has of a stream that it comes back to; 0: none. */
  readonly lastEvent: number;
  /** For a stream that has begun, whose status can say nothing any more. */
  describeFault(error: unknown): { readonly code: string; readonly message: string };
  /** Counts what a question came to. */
  countAnswer(status: string): void;
}

export interface HttpReply {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON-ready. */
  readonly body?: unknown;
  /** In place of a body: what is sent as it is, of the type that the headers name. */
  readonly file?: string | Uint8Array;
}

/** What comes little by little, each JSON-ready. */
export interface EventsReply {
  readonly events: AsyncGenerator<unknown, void, undefined>;
  /** Number of the first, where they are numbered. */
  readonly from?: number;
}

export interface RouteReply {
  readonly description: string;
  /** Of a body of JSON. */
  readonly schema?: z.ZodType;
  /** What a file may be instead. */
  readonly types?: readonly string[];
}

interface Shapes<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  /** Undefined: the route takes no body. */
  readonly body?: B;
}

export interface RouteDefinition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>
  extends Shapes<P, Q, B> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/api/v1/tools/{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** JSON Schema of the body, where that is more exact than `body`. */
  readonly bodySchema?: Readonly<Record<string, unknown>>;
  /** Whether the description passes it over: it only refuses. */
  readonly isUnlisted?: boolean;
  /** Whether it may take as long as a question. */
  readonly isLong?: boolean;
  readonly replies: Readonly<Record<number, RouteReply>>;
  /** Faults that it may answer with beside those that every route may. */
  readonly faults?: readonly number[];
  answer(
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
    context: RouteContext,
  ): Promise<HttpReply | EventsReply>;
}

/** A route with its types forgotten: what the server and the OpenAPI document hold. */
export interface Route extends Omit<RouteDefinition<z.ZodObject, z.ZodObject, z.ZodType>, 'answer'> {
  /** Takes what was sent. @throws HttpError 400 where it does not fit. */
  run(sent: SentInput, context: RouteContext): Promise<HttpReply | EventsReply>;
}

export interface SentInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, text: string])[];
  readonly body: unknown;
}

const NONE = z.strictObject({});

export function defineRoute<
  P extends z.ZodObject = typeof NONE,
  Q extends z.ZodObject = typeof NONE,
  B extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<P, Q, B>): Route {
  const { answer, ...about } = definition;
  const { params = NONE, query = NONE, body = z.undefined() } = definition;
  return {
    ...(about as Omit<Route, 'run'>),
    async run(sent, context) {
      const input = {
        params: check(params, sent.params, 'path'),
        query: check(query, readQuery(query, sent.query), 'query'),
        body: check(body, sent.body, 'body'),
      };
      return answer(input as Parameters<typeof answer>[0], context);
    },
  };
}

function check(schema: z.ZodType, value: unknown, where: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => {
    const name = path.map(String).join('.');
    return name === '' ? message : `${name}: ${message}`;
  });
  throw new HttpError(400, 'invalid_request', `the ${where} does not fit: ${issues.join('; ').slice(0, 1_000)}`, {
    hint: 'GET /openapi.json has every shape.',
  });
}

/** Everything in a query is text: what fits a field only as a number is one. */
function readQuery(schema: z.ZodObject, query: SentInput['query']): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, text] of query) {
    if (name in values) throw new HttpError(400, 'invalid_request', `the query has ${name.slice(0, 100)} twice`);
    const field = schema.shape[name] as z.ZodType | undefined;
    const isNumber = /^\d{1,15}$/.test(text) && field?.safeParse(text).success === false;
    values[name] = isNumber ? Number(text) : text;
  }
  return values;
}
