/** A workplace in a thread of its own, by messages. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ConversationError, type ConversationErrorCode } from '../../agent/conversation/codec.ts';
import type { FromThread, ThreadData, ToThread } from './work-thread.ts';
import type { Job, JobOutcome, Report, Workplace } from './workplace.ts';

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './work-thread.ts' : '../work-thread.js', import.meta.url);

/** What waits for a job: its outcome, then perhaps its events. */
interface Waiting {
  resolve(outcome: JobOutcome): void;
  reject(reason: unknown): void;
  events?: ReadableStreamDefaultController<string>;
}

class ThreadedWorkplace implements Workplace {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #report: Report;
  #next = 0;
  /** Why no more jobs are taken. */
  #fault: Error | undefined;

  constructor(worker: Worker, report: Report) {
    this.#worker = worker;
    this.#report = report;
    worker.on('message', (message: FromThread) => this.#hear(message));
    worker.on('error', (error) => this.#lose(error));
    worker.on('exit', () => this.#lose(new Error('the thread that routes run in has ended')));
  }

  run(job: Job, signal: AbortSignal): Promise<JobOutcome> {
    return this.#ask((id) => ({ kind: 'run', id, job }), signal);
  }

  async checkReady(): Promise<void> {
    await this.#ask((id) => ({ kind: 'ready', id }), new AbortController().signal);
  }

  async close(): Promise<void> {
    if (this.#fault !== undefined) return;
    const ended = once(this.#worker, 'exit');
    this.#post({ kind: 'close' });
    await ended;
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #ask(message: (id: number) => ToThread, signal: AbortSignal): Promise<JobOutcome> {
    signal.throwIfAborted();
    if (this.#fault !== undefined) throw this.#fault;
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<JobOutcome>();
    this.#waiting.set(id, { resolve, reject });
    signal.addEventListener('abort', () => this.#abort(id, signal.reason), { once: true });
    this.#post(message(id));
    return promise;
  }

  /** A stream that has begun goes on to its end, which says that it was cancelled. */
  #abort(id: number, reason: unknown): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#post({ kind: 'abort', id });
    if (waiting.events !== undefined) return;
    this.#waiting.delete(id);
    waiting.reject(reason);
  }

  #hear(message: FromThread): void {
    if (message.kind === 'log') this.#report.log(message.record);
    else if (message.kind === 'answered') this.#report.countAnswer(message.status);
    else if ('id' in message) this.#hearOf(message);
  }

  #hearOf(message: Extract<FromThread, { id: number }>): void {
    const { id } = message;
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    if (message.kind === 'event') waiting.events?.enqueue(message.text);
    else if (message.kind === 'events')
      waiting.resolve({ kind: 'events', events: this.#openEvents(id, waiting), from: message.from });
    else {
      this.#waiting.delete(id);
      if (message.kind === 'reply') waiting.resolve(message.reply);
      else if (message.kind === 'done') waiting.resolve({ kind: 'reply', status: 200, headers: {}, text: null });
      else if (message.kind === 'failed') waiting.reject(new Error('the store does not answer'));
      else waiting.events?.close();
    }
  }

  #openEvents(id: number, waiting: Waiting): ReadableStream<string> {
    return new ReadableStream<string>({
      start: (controller) => {
        waiting.events = controller;
      },
      cancel: () => {
        this.#waiting.delete(id);
        this.#post({ kind: 'abort', id });
      },
    });
  }

  #lose(error: Error): void {
    this.#fault ??= error;
    for (const { reject, events } of this.#waiting.values()) {
      reject(error);
      events?.error(error);
    }
    this.#waiting.clear();
  }
}

/** @throws ConversationError where conversations cannot be kept. */
export async function startThreadedWorkplace(data: ThreadData, report: Report): Promise<Workplace> {
  const worker = new Worker(THREAD, { workerData: data });
  const [message] = (await once(worker, 'message')) as [FromThread];
  if (message.kind !== 'not-started') return new ThreadedWorkplace(worker, report);
  await worker.terminate();
  if (message.code.startsWith('conversation'))
    throw new ConversationError(message.code as ConversationErrorCode, message.message);
  throw new Error(message.message);
}
