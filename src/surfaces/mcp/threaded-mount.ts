/** MCP for those who call a process that listens already, answered in a thread of its own (`mount-thread.ts`). */
import { Worker } from 'node:worker_threads';
import { ConversationError, type ConversationErrorCode } from '../../agent/conversation/codec.ts';
import type { McpCaller } from './mount-callers.ts';
import type { FromMountThread, MountThreadData, ToMountThread } from './mount-thread.ts';

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './mount-thread.ts' : '../mount-thread.js', import.meta.url);

/** The thread starts at the first request, and anew after one that it died of. It ends with the process. */
export function mountInThread(data: MountThreadData): (request: Request, caller: McpCaller) => Promise<Response> {
  let thread: MountThread | undefined;
  return (request, caller) => {
    if (thread === undefined || thread.isLost) thread = new MountThread(data);
    return thread.fetch(request, caller);
  };
}

/** What waits for a response: its head, then its body. */
interface Waiting {
  resolve(response: Response): void;
  reject(reason: unknown): void;
  body?: ReadableStreamDefaultController<Uint8Array>;
}

class MountThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  isLost = false;

  constructor(data: MountThreadData) {
    this.#worker = new Worker(THREAD, { workerData: data });
    this.#worker.on('message', (message: FromMountThread) => this.#hear(message));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#worker.on('exit', () => this.#lose(new Error('the thread that answers MCP has ended')));
    this.#worker.unref();
  }

  /** @throws the reason of the request's signal. */
  async fetch(request: Request, caller: McpCaller): Promise<Response> {
    const { url, method, headers, signal } = request;
    const body = new Uint8Array(await request.arrayBuffer());
    signal.throwIfAborted();
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.#waiting.set(id, { resolve, reject });
    signal.addEventListener('abort', () => this.#leave(id, signal.reason), { once: true });
    this.#post({ kind: 'fetch', id, request: { url, method, headers: [...headers], body }, caller });
    return promise;
  }

  #post(message: ToMountThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromMountThread): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'head') waiting.resolve(this.#begin(message, waiting));
    else if (message.kind === 'chunk') waiting.body?.enqueue(message.bytes);
    else if (message.kind === 'failed') this.#fail(message.id, faultOf(message));
    else {
      this.#waiting.delete(message.id);
      waiting.body?.close();
    }
  }

  #begin({ id, status, headers, hasBody }: Extract<FromMountThread, { kind: 'head' }>, waiting: Waiting): Response {
    if (!hasBody) return new Response(null, { status, headers });
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        waiting.body = controller;
      },
      cancel: (reason) => this.#leave(id, reason),
    });
    return new Response(body, { status, headers });
  }

  /** Nobody waits any more. */
  #leave(id: number, reason: unknown): void {
    if (!this.#waiting.has(id)) return;
    this.#post({ kind: 'abort', id });
    this.#fail(id, reason);
  }

  #fail(id: number, reason: unknown): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.reject(reason);
    waiting?.body?.error(reason);
  }

  #lose(error: Error): void {
    this.isLost = true;
    for (const id of [...this.#waiting.keys()]) this.#fail(id, error);
  }
}

function faultOf({ error, code }: Extract<FromMountThread, { kind: 'failed' }>): Error {
  return error.name === 'ConversationError'
    ? new ConversationError(code as ConversationErrorCode, error.message)
    : error;
}
