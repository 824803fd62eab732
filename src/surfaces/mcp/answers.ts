/** Questions that are being answered, and the answers that can still be fetched: both bounded. */
import type { Answer } from '../../agent/events.ts';
import type { App } from '../../app/create-app.ts';
import { untilAborted } from '../../until-aborted.ts';
import { lastAnswer } from '../shared/last-answer.ts';
import { InputError } from './inputs.ts';

export interface AskedQuestion {
  /** Cannot be guessed. */
  readonly handle: string;
  readonly conversation: string;
  /** Rejects where the question was cancelled, or at a bug of ours. */
  readonly answer: Promise<Answer>;
  state(): 'running' | 'answered' | 'cancelled' | 'failed';
  /** Since it was asked, or until it was answered. */
  seconds(): number;
  cancel(): void;
  /** Hears what goes on until it is told to stop. */
  watch(listener: (message: string) => void): () => void;
}

export interface Answers {
  /** @throws InputError where too many are being answered already. */
  start(question: string, conversation: string | undefined): AskedQuestion;
  get(handle: string): AskedQuestion | undefined;
  /** Cancels what is running. */
  close(): void;
}

export interface AnswerBounds {
  readonly mostRunning: number;
  readonly mostKept: number;
}
const BOUNDS: AnswerBounds = { mostRunning: 8, mostKept: 100 };

export function createAnswers(app: Pick<App, 'ask'>, { mostRunning, mostKept }: AnswerBounds = BOUNDS): Answers {
  const kept = new Map<string, AskedQuestion>();
  const running = () => [...kept.values()].filter(({ state }) => state() === 'running');
  /** One that is running is never the one to go: there are fewer of those. */
  const makeRoom = () => {
    const settled = [...kept.values()].filter(({ state }) => state() !== 'running');
    for (const { handle } of settled.slice(0, Math.max(0, kept.size - mostKept))) kept.delete(handle);
  };
  return {
    start(question, conversation = crypto.randomUUID()) {
      if (running().length >= mostRunning)
        throw new InputError(
          `${mostRunning} questions are being answered already: wait for one of them, or cancel it with get_answer`,
        );
      const asked = begin(app, question, conversation);
      kept.set(asked.handle, asked);
      makeRoom();
      return asked;
    },
    get: (handle) => kept.get(handle),
    close() {
      for (const asked of running()) asked.cancel();
    },
  };
}

function begin(app: Pick<App, 'ask'>, question: string, conversation: string): AskedQuestion {
  const cancelling = new AbortController();
  const listeners = new Set<(message: string) => void>();
  const startedAt = performance.now();
  let state: ReturnType<AskedQuestion['state']> = 'running';
  let endedAt: number | undefined;
  const settle = (outcome: typeof state) => {
    state = outcome;
    endedAt = performance.now();
  };
  const answer = lastAnswer(app.ask(question, cancelling.signal, conversation), (event) => {
    const message = event.type === 'tool-start' ? event.title : event.type === 'progress' ? event.message : undefined;
    if (message !== undefined) for (const listener of listeners) listener(message);
  });
  answer.then(
    () => settle('answered'),
    () => settle(cancelling.signal.aborted ? 'cancelled' : 'failed'),
  );
  return {
    handle: crypto.randomUUID(),
    conversation,
    answer,
    state: () => state,
    seconds: () => Math.round(((endedAt ?? performance.now()) - startedAt) / 1000),
    cancel: () => cancelling.abort(),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Undefined where there is no answer after that time. @throws the signal's reason, and what the answer rejects with. */
export async function waitFor({ answer }: AskedQuestion, ms: number, signal: AbortSignal): Promise<Answer | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await untilAborted(Promise.race([answer, late]), signal);
  } finally {
    clearTimeout(timer);
  }
}
