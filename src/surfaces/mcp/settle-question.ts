/** What `ask` and `get_answer` do when they are called: begin a question, wait for it, and ask back what it meant. */
import {
  acceptedContent,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { LONGEST_QUESTION } from '../../agent/longest-question.ts';
import type { AnswerChoice } from '../../agent/models/model.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import { type AskedQuestion, waitFor } from './answers.ts';
import type { Desk } from './desk.ts';
import { canElicit } from './elicitation.ts';
import { InputError } from './inputs.ts';
import { answerResult, pendingResult } from './results.ts';
import { progressTo } from './tools.ts';

interface Question {
  readonly question: string;
  readonly conversation?: string | undefined;
}

interface Handle {
  readonly handle: string;
  readonly wait_seconds: number;
  readonly cancel: boolean;
}

export async function askQuestion(
  question: Question,
  { desk, server, context }: { readonly desk: Desk; readonly server: McpServer; readonly context: ServerContext },
): Promise<CallToolResult | InputRequiredResult> {
  const asked = begin(question, desk, context);
  const signal = context.mcpReq.signal;
  const cancel = () => asked.cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await settle(asked, desk.patienceMs, desk, context, (choices) =>
      askBack(choices, server, { asked, desk, context }),
    );
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** @throws InputError on a handle that nothing is kept under. */
export async function fetchAnswer(
  { handle, wait_seconds: seconds, cancel }: Handle,
  desk: Desk,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const asked = desk.answers.get(handle);
  if (asked === undefined)
    throw new InputError(`there is no question with handle ${JSON.stringify(handle)}, or not any more; ask it again`);
  if (cancel && asked.state() === 'running') {
    asked.cancel();
    await asked.answer.catch(() => {});
  }
  return settle(asked, seconds * 1000, desk, context);
}

/** The answer, what asks back instead of it, or that there is none yet. */
async function settle(
  asked: AskedQuestion,
  patienceMs: number,
  desk: Desk,
  context: ServerContext,
  askBack: (choices: readonly AnswerChoice[]) => Promise<InputRequiredResult | undefined> = async () => undefined,
): Promise<CallToolResult | InputRequiredResult> {
  if (asked.state() === 'cancelled') return pendingResult(asked);
  const unwatch = asked.watch(progressTo(context));
  try {
    const answer = await waitFor(asked, patienceMs, context.mcpReq.signal);
    if (answer === undefined) return pendingResult(asked);
    return (await askBack(answer.choices)) ?? (await answerResult(answer, desk.shelf));
  } catch (error) {
    if (asked.state() !== 'cancelled') throw error;
    return pendingResult(asked);
  } finally {
    unwatch();
  }
}

const CHOICE = 'choice';
/** A form lists no more of them. */
const MOST_CHOICES = 20;

/** The person settles what the question meant, where the client can ask them. */
async function askBack(
  choices: readonly AnswerChoice[],
  server: McpServer,
  { asked, desk, context }: { readonly asked: AskedQuestion; readonly desk: Desk; readonly context: ServerContext },
): Promise<InputRequiredResult | undefined> {
  const isAnswered = context.mcpReq.inputResponses?.[CHOICE] !== undefined;
  if (choices.length === 0 || choices.length > MOST_CHOICES || isAnswered || !canElicit(server, context))
    return undefined;
  const oneOf = choices.map(({ label, question }) => ({ const: question, title: sanitizeLine(label) }));
  return inputRequired({
    inputRequests: {
      [CHOICE]: inputRequired.elicit({
        message: 'The question fits several things. Which one is meant?',
        requestedSchema: {
          type: 'object',
          properties: { question: { type: 'string', title: 'Meant is', oneOf } },
          required: ['question'],
        },
      }),
    },
    requestState: await desk.states.mint(asked.handle),
  });
}

/**
 * What is to be answered: the question, or the choice that the person made of what it may mean, in the same conversation;
 * where they made none, what was answered before.
 */
function begin({ question, conversation }: Question, { answers }: Desk, { mcpReq }: ServerContext): AskedQuestion {
  const handle = mcpReq.requestState();
  const before = typeof handle === 'string' ? answers.get(handle) : undefined;
  const chosen = acceptedContent(mcpReq.inputResponses, CHOICE, Chosen);
  if (chosen !== undefined) return answers.start(chosen.question, before?.conversation ?? conversation);
  return before ?? answers.start(question, conversation);
}

const Chosen = z.object({ question: z.string().min(1).max(LONGEST_QUESTION) });
