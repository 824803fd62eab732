/** Questions: asked, followed as they are worked on, fetched later, cancelled. */
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { LONGEST_QUESTION } from '../../../agent/longest-question.ts';
import { answerJson } from '../../../present/json.ts';
import { lastAnswer } from '../../shared/last-answer.ts';
import { type AgUiEvent, runCancelled, runStarted, toAgUi } from '../ag-ui.ts';
import type { AskUnderWay } from '../asks.ts';
import { HttpError } from '../http-error.ts';
import { defineRoute, type EventsReply, type HttpReply, type RouteContext } from '../route.ts';

const askId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .describe('Of the question.');
const conversationId = z.string().min(1).max(100).describe('To go on with; default: a new one.');

const AskBody = z.strictObject({
  question: z.string().min(1).max(LONGEST_QUESTION),
  conversation: conversationId.optional(),
  id: askId.optional().describe('To cancel the question by before there is an answer; default: made here.'),
  keep: z.boolean().optional().describe('Of events: go on for a minute when the client leaves, for it to come back.'),
});

/** Its whole shape is published as `schema/answer.schema.json`. */
export const AnswerRecord = z
  .looseObject({
    schema: z.int(),
    id: z.string(),
    conversation: z.string(),
    status: z.enum(['answered', 'partial', 'clarify', 'cannot', 'unsupported', 'error']),
    text: z.string().describe('Markdown.'),
    warnings: z.array(z.string()),
    choices: z.array(z.object({ label: z.string(), question: z.string() })).optional(),
    error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
    findings: z.array(z.looseObject({ handle: z.string(), tool: z.string() })),
    charts: z.array(z.looseObject({})),
    followUps: z.array(z.string()),
    usage: z.looseObject({ model: z.string() }),
    timing_ms: z.number(),
    receipt: z.looseObject({ question: z.string() }),
  })
  .describe('The answer record (schema/answer.schema.json).');

const Running = z.object({ id: z.string(), status: z.literal('running') }).describe('Still worked on: ask again.');

export function askRoutes(handleMs: number) {
  return [askQuestion(handleMs), fetchAnswer, followQuestion, cancelQuestion];
}

const askQuestion = (handleMs: number) =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/ask',
    tag: 'questions',
    summary: 'Ask a question. With "Accept: text/event-stream", follow it by AG-UI\'s events.',
    isLong: true,
    body: AskBody,
    replies: {
      200: { description: 'The answer, or the events that end in it.', schema: AnswerRecord },
      202: { description: 'It takes longer: fetch the answer by its id.', schema: Running },
    },
    faults: [404, 409, 503],
    async answer({ body }, context) {
      const { question, id = crypto.randomUUID() } = body;
      const conversation = body.conversation ?? crypto.randomUUID();
      if (body.conversation !== undefined) await requireConversation(body.conversation, context);
      const asked = { id, question, conversation };
      if (!context.wantsEvents) return awaitAnswer(asked, handleMs, context);
      if (body.keep === true) return recordStream(asked, context);
      return { events: agUiEvents(asked, startStream(asked, context, context.signal), context) };
    },
  });

interface Asked {
  readonly id: string;
  readonly question: string;
  readonly conversation: string;
}

async function requireConversation(id: string, { conversations }: RouteContext): Promise<void> {
  if ((await conversations.read(id)) === undefined)
    throw new HttpError(404, 'unknown_conversation', 'there is no such conversation');
}

function eventsOf({ question, conversation }: Asked, { app, conversations }: RouteContext, signal: AbortSignal) {
  return app.ask(question, signal, conversation, { conversations });
}

/** The client's leaving cancels it, until it was told where to fetch the answer. */
async function awaitAnswer(asked: Asked, handleMs: number, context: RouteContext): Promise<HttpReply> {
  const { asks, caller, signal } = context;
  const ask = asks.start(caller, asked.id, async (stop) => lastAnswer(eventsOf(asked, context, stop)));
  const waited = new AbortController();
  try {
    const late = setTimeout(handleMs, undefined, { signal: waited.signal }).catch(() => undefined);
    const answer = await Promise.race([ask.wait(signal), late]);
    if (answer === undefined && !ask.isCancelled) return running(asked.id);
    asks.forget(caller, asked.id);
    if (answer === undefined) throw cancelled();
    context.countAnswer(answer.status);
    return { body: answerJson(answer) };
  } catch (error) {
    ask.cancel();
    asks.forget(caller, asked.id);
    throw error;
  } finally {
    waited.abort();
  }
}

const running = (id: string): HttpReply => ({
  status: 202,
  headers: { Location: `/api/v1/ask/${id}`, 'Retry-After': '1' },
  body: { id, status: 'running' },
});

const cancelled = () => new HttpError(409, 'cancelled', 'the question was cancelled');

interface AskStream {
  readonly ask: AskUnderWay;
  end(): void;
}

/** @param signal cancels it, where it is under way only for as long as its events are read */
function startStream({ id }: Asked, { asks, caller }: RouteContext, signal?: AbortSignal): AskStream {
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  const ask = asks.start(caller, id, () => ended);
  const cancel = () => ask.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    ask,
    end() {
      signal?.removeEventListener('abort', cancel);
      resolve(undefined);
      asks.forget(caller, id);
    },
  };
}

/** It goes on without its client for a while. */
function recordStream(asked: Asked, context: RouteContext): EventsReply {
  const { caller, recordings, signal } = context;
  const stream = startStream(asked, context);
  try {
    const recording = recordings.start(caller, asked.id, () => stream.ask.cancel());
    void recording.record(agUiEvents(asked, stream, context));
    return recording.follow(0, signal);
  } catch (error) {
    stream.end();
    throw error;
  }
}

async function* agUiEvents(
  asked: Asked,
  { ask, end }: AskStream,
  context: RouteContext,
): AsyncGenerator<AgUiEvent, void, undefined> {
  const run = { threadId: asked.conversation, runId: asked.id };
  try {
    yield runStarted(run);
    for await (const event of eventsOf(asked, context, ask.signal)) {
      if (event.type === 'answer') context.countAnswer(event.answer.status);
      yield* toAgUi(event, run);
    }
  } catch (error) {
    if (ask.isCancelled) yield runCancelled(run);
    else yield { type: 'RUN_ERROR', ...context.describeFault(error) };
  } finally {
    end();
  }
}

const fetchAnswer = defineRoute({
  method: 'GET',
  path: '/api/v1/ask/{id}',
  tag: 'questions',
  summary: 'The answer of a question that took longer; it is kept for ten minutes.',
  params: z.strictObject({ id: askId }),
  replies: {
    200: { description: 'The answer.', schema: AnswerRecord },
    202: { description: 'It takes longer still.', schema: Running },
  },
  faults: [404, 409],
  async answer({ params: { id } }, { asks, caller, signal, countAnswer }) {
    const ask = asks.find(caller, id);
    if (ask === undefined) throw unknownQuestion();
    if (!ask.hasEnded) return running(id);
    const answer = await ask.wait(signal);
    if (answer === undefined) throw cancelled();
    countAnswer(answer.status);
    return { body: answerJson(answer) };
  },
});

const followQuestion = defineRoute({
  method: 'GET',
  path: '/api/v1/ask/{id}/events',
  tag: 'questions',
  summary: 'The events of a question that was asked with `keep`, from the first, or after Last-Event-ID.',
  isLong: true,
  params: z.strictObject({ id: askId }),
  replies: { 200: { description: 'The events, to the last.', types: ['text/event-stream'] } },
  faults: [404],
  async answer({ params: { id } }, { recordings, caller, lastEvent, signal }) {
    const recording = recordings.find(caller, id);
    if (recording === undefined) throw unknownQuestion();
    return recording.follow(lastEvent, signal);
  },
});

const cancelQuestion = defineRoute({
  method: 'POST',
  path: '/api/v1/ask/{id}/cancel',
  tag: 'questions',
  summary: 'Cancel a question, also one that is about to come: nothing of it stays but what it has cost.',
  params: z.strictObject({ id: askId }),
  replies: { 200: { description: 'It is cancelled.', schema: z.object({ id: z.string(), cancelled: z.boolean() }) } },
  async answer({ params: { id } }, { asks, caller }) {
    asks.cancel(caller, id);
    return { body: { id, cancelled: true } };
  },
});

const unknownQuestion = () =>
  new HttpError(404, 'unknown_question', 'no such question is under way or was just answered');
