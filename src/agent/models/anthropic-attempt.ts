/** One try at a reply: a watch over its silences and its size, and the events that it brings. */
import { setImmediate } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import type { Middleware } from '@anthropic-ai/sdk';
import { NO_USAGE } from '../conversation/conversation.ts';
import { badStatus, brokenOff, tooMuch } from './anthropic-errors.ts';
import { checkEvent } from './anthropic-events.ts';
import { ModelError, type Usage } from './model.ts';

/** Bytes of a whole reply, pings too: about twice as many as its tokens take if each comes alone. */
const MAX_BYTES = 4_000_000;
/** How long a server may take to hang up after the end of a reply. */
const LAST_MS = 1_000;
/** Of the reply of a server that refuses. */
const MAX_REFUSAL_BYTES = 64_000;
const REFUSAL_MS = 5_000;

/** What one try has brought so far, and a watch that ends it when it falls silent, for the SDK's own timeout ends at the headers. */
export class Attempt {
  readonly #model: string;
  readonly #controller = new AbortController();
  readonly #firstEventMs: number;
  readonly #idleMs: number;
  #limitMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #isOver = false;
  usage: Usage = NO_USAGE;
  hasBegun = false;
  hasSpoken = false;

  constructor(model: string, firstEventMs: number, idleMs: number) {
    this.#model = model;
    this.#firstEventMs = firstEventMs;
    this.#idleMs = idleMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds of the silence that ended it. */
  get silentFor(): number | undefined {
    return this.#controller.signal.aborted ? this.#limitMs : undefined;
  }

  /** A request goes out: the first, or the next behind a pause. */
  noteStart(): void {
    this.#isOver = false;
    this.#restart(this.#firstEventMs);
  }

  /** Anything that comes is a sign of life, also the pings that the SDK keeps to itself. */
  noteLife(): void {
    if (!this.#isOver) this.#restart(this.#idleMs);
  }

  /** The reply is whole: nothing that still comes keeps it waiting. */
  noteEnd(): void {
    this.#isOver = true;
    this.#restart(LAST_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Passes bytes on, and lets other work have its turn between them. */
  meter(): TransformStream<Uint8Array, Uint8Array> {
    const breathe = createBreath();
    return new TransformStream({
      transform: async (bytes, controller) => {
        this.noteLife();
        this.#bytes += bytes.length;
        if (this.#isOver) return controller.terminate();
        if (this.#bytes > MAX_BYTES) return controller.error(tooMuch(this.#model, `${MAX_BYTES / 1e6} MB`));
        controller.enqueue(bytes);
        await breathe();
      },
    });
  }

  #restart(ms: number): void {
    this.#limitMs = ms;
    this.end();
    this.#timer = setTimeout(() => this.#controller.abort(), ms);
  }
}

/** The events of a stream. @throws ModelError where it is cut, or holds what is no event. */
export async function* readEvents(
  stream: AsyncIterable<unknown>,
  { AnthropicError }: typeof import('@anthropic-ai/sdk'),
  name: string,
): AsyncGenerator<Anthropic.RawMessageStreamEvent> {
  const breathe = createBreath();
  try {
    for await (const event of stream) {
      await breathe();
      const checked = checkEvent(event, name);
      if (checked !== undefined) yield checked;
    }
  } catch (error) {
    throw error instanceof AnthropicError || error instanceof ModelError ? error : brokenOff(name, error);
  }
}

const TURN_MS = 25;

/** Waits, once work has gone on for a while, until everything else has had its turn: what comes at once is read at once. */
function createBreath(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await setImmediate();
    since = performance.now();
  };
}

export function watched(attempt: Attempt): Middleware {
  return async (request, next) => {
    const response = await next(request);
    if (response.status < 200 || response.status > 599) {
      await response.body?.cancel();
      throw badStatus(response.status);
    }
    if (!response.ok) return readRefusal(response);
    return response.body === null ? response : new Response(response.body.pipeThrough(attempt.meter()), response);
  };
}

/** A refusal with nothing in it but the server's words, however much it sends and whatever shape that has. */
async function readRefusal(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const said = await readStart(response.body);
  const { type, message } = parseRefusal(said);
  return new Response(JSON.stringify({ type: 'error', error: { type, message } }), response);
}

function parseRefusal(said: string): { readonly type?: string; readonly message: string } {
  try {
    const { error } = JSON.parse(said) as { error?: { type?: unknown; message?: unknown } };
    if (typeof error?.message !== 'string') return { message: said };
    return { message: error.message, ...(typeof error.type === 'string' && { type: error.type }) };
  } catch {
    return { message: said };
  }
}

async function readStart(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader();
  const timer = setTimeout(() => reader.cancel().catch(() => {}), REFUSAL_MS);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < MAX_REFUSAL_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
    }
    await reader.cancel();
  } catch {
    // What came until it broke is all that it says.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString();
}
