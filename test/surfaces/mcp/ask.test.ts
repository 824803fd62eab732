/** Questions that take their time: progress, cancelling, handles, asking back; and how many may. */
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../src/agent/events.ts';
import type { App } from '../../../src/app/create-app.ts';
import { untilAborted } from '../../../src/until-aborted.ts';
import { blocksOf, dataOf, isError, openSession, REVISIONS, textOf } from './connect.ts';

interface Held {
  readonly change: (app: App) => App;
  /** Lets questions go on to their answer. */
  release(): void;
  readonly begun: Promise<void>;
  readonly cancelled: Promise<void>;
}

/** Questions tell how far they are, and wait there. */
function holdQuestions(): Held {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  return {
    release: gate.resolve,
    begun: begun.promise,
    cancelled: cancelled.promise,
    change: (app) => ({
      ...app,
      async *ask(question, signal, ...rest): AsyncGenerator<AgentEvent> {
        yield { type: 'progress', message: 'read 1,000 runs' };
        begun.resolve();
        signal.addEventListener('abort', () => cancelled.resolve());
        await untilAborted(gate.promise, signal);
        yield* app.ask(question, signal, ...rest);
      },
    }),
  };
}

const QUESTION = { name: 'ask', arguments: { question: 'best run by f1?' } };
interface Pending {
  readonly pending: { readonly handle: string; readonly state: string };
}
const handleOf = (result: unknown) => dataOf<Pending>(result).pending.handle;
const getAnswer = (handle: string, more: object = {}) => ({ name: 'get_answer', arguments: { handle, ...more } });

describe.each(REVISIONS)('a client of revision %s', (revision) => {
  it('hears what goes on', async () => {
    const held = holdQuestions();
    await using session = await openSession(revision, { app: held.change });
    const heard: (string | undefined)[] = [];
    const asked = session.client.callTool(QUESTION, { onprogress: ({ message }) => heard.push(message) });
    await held.begun;
    await expect.poll(() => heard).toContain('read 1,000 runs');
    held.release();
    expect(textOf(await asked)).toContain('run-145');
  });

  it('cancels its question with its request', async () => {
    const held = holdQuestions();
    await using session = await openSession(revision, { app: held.change });
    const leaving = new AbortController();
    const asked = session.client.callTool(QUESTION, { signal: leaving.signal });
    await held.begun;
    const started = performance.now();
    leaving.abort('enough');
    await expect(asked).rejects.toThrow();
    await held.cancelled;
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('gets a handle when it takes long, waits with it, and gets the answer', async () => {
    const held = holdQuestions();
    await using session = await openSession(revision, { app: held.change, patienceMs: 30 });
    const late = await session.client.callTool(QUESTION);
    expect(dataOf<Pending>(late).pending).toMatchObject({ state: 'running' });
    expect(textOf(late)).toContain(handleOf(late));
    const later = await session.client.callTool(getAnswer(handleOf(late), { wait_seconds: 0.05 }));
    expect(dataOf<Pending>(later).pending).toMatchObject({ state: 'running', handle: handleOf(late) });
    const waiting = session.client.callTool(getAnswer(handleOf(late)));
    held.release();
    expect(dataOf(await waiting)).toMatchObject({ status: 'answered' });
    // It stays for a while.
    const again = await session.client.callTool(getAnswer(handleOf(late)));
    expect(dataOf(again)).toEqual(dataOf(await waiting));
  });

  it('gives a question up by its handle', async () => {
    const held = holdQuestions();
    await using session = await openSession(revision, { app: held.change, patienceMs: 30 });
    const late = await session.client.callTool(QUESTION);
    const given = await session.client.callTool(getAnswer(handleOf(late), { cancel: true }));
    await held.cancelled;
    expect(dataOf<Pending>(given).pending).toMatchObject({ state: 'cancelled' });
    expect(isError(given)).toBe(false);
    const again = await session.client.callTool(getAnswer(handleOf(late)));
    expect(dataOf<Pending>(again).pending).toMatchObject({ state: 'cancelled' });
  });

  it('may not leave a handle by leaving: the answer goes on', async () => {
    const held = holdQuestions();
    await using session = await openSession(revision, { app: held.change, patienceMs: 30 });
    const late = await session.client.callTool(QUESTION);
    const leaving = new AbortController();
    const waiting = session.client.callTool(getAnswer(handleOf(late)), { signal: leaving.signal });
    setTimeout(() => leaving.abort('enough'), 30);
    await expect(waiting).rejects.toThrow();
    held.release();
    const got = await session.client.callTool(getAnswer(handleOf(late)));
    expect(dataOf(got)).toMatchObject({ status: 'answered' });
  });

  it('is told of a handle that is none', async () => {
    await using session = await openSession(revision);
    const result = await session.client.callTool(getAnswer('mine'));
    expect([isError(result), textOf(result)]).toEqual([true, expect.stringMatching(/no question with handle "mine"/)]);
  });
});

it('answers so many at once, and keeps so many', async () => {
  const held = holdQuestions();
  const bounds = { mostRunning: 2, mostKept: 2 };
  await using session = await openSession('2026-07-28', { app: held.change, patienceMs: 20, bounds });
  const first = await session.client.callTool(QUESTION);
  await session.client.callTool(QUESTION);
  const third = await session.client.callTool(QUESTION);
  expect([isError(third), textOf(third)]).toEqual([true, expect.stringMatching(/^2 questions are being answered/)]);
  held.release();
  await session.client.callTool(getAnswer(handleOf(first)));
  await session.client.callTool(QUESTION);
  const gone = await session.client.callTool(getAnswer(handleOf(first)));
  expect(isError(gone)).toBe(true);
});

it('tells a store that cannot be opened as an answer that is an error', async () => {
  await using session = await openSession('2026-07-28', { uri: 'sqlite:////nowhere/mlflow.db' });
  const asked = await session.client.callTool(QUESTION);
  expect(isError(asked)).toBe(true);
  expect(dataOf(asked)).toMatchObject({ status: 'error', error: { source: 'store' } });
  const called = await session.client.callTool({ name: 'list_experiments', arguments: {} });
  expect([isError(called), textOf(called)]).toEqual([true, expect.stringMatching(/^[^\n]*nowhere[^\n]*$/)]);
});

it('words a bug of ours in one line, without a stack', async () => {
  const change = (app: App): App => ({
    ...app,
    // biome-ignore lint/correctness/useYield: it fails before it has anything to tell.
    async *ask() {
      throw new TypeError('cannot read\n    at somewhere');
    },
  });
  await using session = await openSession('2025-11-25', { app: change });
  const result = await session.client.callTool(QUESTION);
  expect([isError(result), textOf(result)]).toEqual([true, 'cannot read at somewhere']);
});

describe('what a question means', () => {
  const UNCLEAR = { name: 'ask', arguments: { question: 'compare the best runs by loss' } };
  const choosing = (app: App): App => ({
    ...app,
    async *ask(question, signal, ...rest): AsyncGenerator<AgentEvent> {
      for await (const event of app.ask(
        question === UNCLEAR.arguments.question ? 'best run by accuracy' : question,
        signal,
        ...rest,
      )) {
        if (event.type !== 'answer' || question !== UNCLEAR.arguments.question) yield event;
        else
          yield {
            type: 'answer',
            answer: {
              ...event.answer,
              status: 'clarify',
              text: 'Which loss?',
              choices: [
                { label: 'the best by f1', question: 'best run by f1?' },
                { label: 'the best by\u202e auc', question: 'best run by auc_roc?' },
              ],
            },
          };
      }
    },
  });

  it.each(REVISIONS)('is asked of the person where the client can: %s', async (revision) => {
    await using session = await openSession(revision, { app: choosing, client: { capabilities: { elicitation: {} } } });
    const forms: unknown[] = [];
    session.client.setRequestHandler('elicitation/create', ({ params }) => {
      forms.push(params);
      return { action: 'accept', content: { question: 'best run by auc_roc?' } };
    });
    const result = await session.client.callTool(UNCLEAR);
    expect(forms).toHaveLength(1);
    expect(JSON.stringify(forms)).toContain('the best by\\\\u{202e} auc');
    expect(dataOf(result)).toMatchObject({ status: 'answered' });
    expect(textOf(result)).toContain('auc_roc');
  });

  it.each(REVISIONS)('stays open where the person does not say: %s', async (revision) => {
    await using session = await openSession(revision, { app: choosing, client: { capabilities: { elicitation: {} } } });
    session.client.setRequestHandler('elicitation/create', () => ({ action: 'decline' }));
    const result = await session.client.callTool(UNCLEAR);
    expect(dataOf(result)).toMatchObject({ status: 'clarify', choices: [{}, {}] });
    expect(isError(result)).toBe(false);
  });

  it.each(REVISIONS)('is told as data where the client cannot: %s', async (revision) => {
    await using session = await openSession(revision, { app: choosing });
    const result = await session.client.callTool(UNCLEAR);
    expect(dataOf(result)).toMatchObject({ status: 'clarify', choices: [{ question: 'best run by f1?' }, {}] });
    expect(textOf(result)).toMatch(/Ask one of:\n- best run by f1\?/);
    expect(blocksOf(result)[0]?.type).toBe('text');
  });
});
