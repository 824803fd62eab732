/** Where routes run: stores are read, tools compute and questions are asked here, in a thread of its own or in this one. */
import { shipped } from '../../app/family.ts';
import type { Config } from '../../config/config.ts';
import type { ConversationStore } from '../../conversations/conversations.ts';
import { anySignal } from '../../deadline.ts';
import { jsonText } from '../../present/json-text.ts';
import type { Caller } from './access.ts';
import { createAsks } from './asks.ts';
import type { ServeLimits } from './gates.ts';
import { httpFaultOf } from './http-error.ts';
import { createRecordings } from './recordings.ts';
import type { HttpReply, Route, SentInput } from './route.ts';
import { listRoutes } from './routes/index.ts';
import { createTenants } from './tenants.ts';

/** Plain data, as is what comes of it: both may cross to another thread. */
export interface Job {
  /** Place in the list of routes. */
  readonly route: number;
  readonly sent: SentInput;
  readonly caller: Caller;
  readonly wantsEvents: boolean;
  readonly idempotencyKey: string | undefined;
  readonly lastEvent: number;
  readonly requestId: string;
}

export type JobOutcome =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers: HttpReply['headers'];
      /** Bytes of a file that is no text. */
      readonly text: string | Uint8Array | null;
    }
  /** Each a line of JSON. */
  | { readonly kind: 'events'; readonly events: ReadableStream<string>; readonly from?: number | undefined };

export interface Workplace {
  /** What fails is an outcome too. @throws the signal's reason. */
  run(job: Job, signal: AbortSignal): Promise<JobOutcome>;
  /** Whether the store answers. @throws StoreError */
  checkReady(): Promise<void>;
  close(): Promise<void>;
}

/** What is told while it works. */
export interface Report {
  log(record: Readonly<Record<string, unknown>>): void;
  countAnswer(status: string): void;
}

export interface WorkplaceParts {
  readonly config: Config;
  readonly conversations: ConversationStore;
  readonly limits: ServeLimits;
  readonly report: Report;
}

/** Whose app knows every experiment: it is asked for nothing but whether the store answers. */
const NOBODY: Caller = { owner: '' };
/** Whoever asks whether it is ready asks often. */
const READY_MS = 2_000;

/** The same list wherever it is made. */
export function routesOf(config: Config, { handleMs }: ServeLimits): Route[] {
  return listRoutes(shipped.tools, config, handleMs);
}

export function createWorkplace({ config, conversations, limits, report }: WorkplaceParts): Workplace {
  const routes = routesOf(config, limits);
  const tenants = createTenants(config, conversations);
  const asks = createAsks();
  const recordings = createRecordings();
  let asked: { readonly at: number; readonly result: Promise<unknown> } | undefined;

  async function run(
    { route, sent, caller, wantsEvents, idempotencyKey, lastEvent, requestId }: Job,
    signal: AbortSignal,
  ): Promise<JobOutcome> {
    const { isLong = false, run } = routes[route]!;
    const late = isLong ? [] : [AbortSignal.timeout(limits.requestMs)];
    const describeFault = (error: unknown) => httpFaultOf(error, requestId, report.log);
    try {
      const reply = await run(sent, {
        caller,
        asks,
        recordings,
        wantsEvents,
        idempotencyKey,
        lastEvent,
        signal: anySignal([signal, ...late], isLong ? undefined : limits.requestMs),
        app: tenants.appOf(caller),
        conversations: tenants.conversationsOf(caller),
        findShared: (secret) => tenants.findShared(caller, secret),
        links: tenants.links,
        countAnswer: report.countAnswer,
        describeFault: (error) => describeFault(error).body.error,
      });
      return 'events' in reply ? { kind: 'events', events: toLines(reply.events), from: reply.from } : toOutcome(reply);
    } catch (error) {
      signal.throwIfAborted();
      return toOutcome(describeFault(error));
    }
  }

  return {
    run,
    async checkReady() {
      if (asked === undefined || performance.now() - asked.at > READY_MS)
        asked = { at: performance.now(), result: check() };
      await asked.result;
    },
    async close() {
      asks.cancelAll();
      await tenants.close();
    },
  };

  async function check(): Promise<void> {
    const store = await tenants.appOf(NOBODY).openStore();
    await store.searchExperiments({}, AbortSignal.timeout(limits.requestMs));
  }
}

function toOutcome({ status = 200, headers = {}, body, file }: HttpReply): JobOutcome {
  if (file !== undefined) return { kind: 'reply', status, headers, text: file };
  return { kind: 'reply', status, headers, text: body === undefined ? null : `${jsonText(body)}\n` };
}

function toLines(events: AsyncGenerator<unknown, void, undefined>): ReadableStream<string> {
  return ReadableStream.from(events).pipeThrough(
    new TransformStream({ transform: (event, controller) => controller.enqueue(jsonText(event)) }),
  );
}
