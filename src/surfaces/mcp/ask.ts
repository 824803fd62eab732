/** `ask` and `get_answer`: a question's finished answer, now or later. */
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
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
import { InputError, inputSchemaOf, readInput } from './inputs.ts';
import { answerResult, pendingResult } from './results.ts';
import { type McpTool, progressTo } from './tools.ts';

const Question = z.strictObject({
  question: z.string().min(1).max(LONGEST_QUESTION),
  conversation: z.string().max(200).optional().describe('of an answer, to go on from it'),
});

const MOST_WAIT_S = 20;
const Handle = z.strictObject({
  handle: z.string().max(200),
  wait_seconds: z.number().min(0).max(MOST_WAIT_S).default(MOST_WAIT_S).describe(`at most ${MOST_WAIT_S}`),
  cancel: z.boolean().default(false),
});

export function askTool(desk: Desk, server: McpServer): McpTool {
  return {
    name: 'ask',
    title: 'Ask about experiments and runs',
    description:
      'Answers a question about MLflow experiments and runs in plain English: finished text, evidence, data, curves, choices. ' +
      'After 20 s it returns a handle for get_answer.',
    isIdempotent: false,
    inputSchema: () => inputSchemaOf(Question),
    outputSchema: () => desk.schemas.answer(),
    async run(input, context) {
      const asked = begin(readInput(Question, input), desk, context);
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
    },
  };
}

export function getAnswerTool(desk: Desk): McpTool {
  return {
    name: 'get_answer',
    title: 'Get an answer',
    description: 'The answer to a question that ask gave a handle for; or gives the question up.',
    isIdempotent: false,
    inputSchema: () => inputSchemaOf(Handle),
    outputSchema: () => desk.schemas.answer(),
    async run(input, context) {
      const { handle, wait_seconds: seconds, cancel } = readInput(Handle, input);
      const asked = desk.answers.get(handle);
      if (asked === undefined)
        throw new InputError(
          `there is no question with handle ${JSON.stringify(handle)}, or not any more; ask it again`,
        );
      if (cancel && asked.state() === 'running') {
        asked.cancel();
        await asked.answer.catch(() => {});
      }
      return settle(asked, seconds * 1000, desk, context);
    },
  };
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
function begin(
  { question, conversation }: z.output<typeof Question>,
  { answers }: Desk,
  { mcpReq }: ServerContext,
): AskedQuestion {
  const handle = mcpReq.requestState();
  const before = typeof handle === 'string' ? answers.get(handle) : undefined;
  const chosen = acceptedContent(mcpReq.inputResponses, CHOICE, Chosen);
  if (chosen !== undefined) return answers.start(chosen.question, before?.conversation ?? conversation);
  return before ?? answers.start(question, conversation);
}

const Chosen = z.object({ question: z.string().min(1).max(LONGEST_QUESTION) });

function canElicit({ server }: McpServer, { mcpReq }: ServerContext): boolean {
  const envelope = mcpReq.envelope as Record<string, unknown> | undefined;
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
  const { elicitation } = declared ?? server.getClientCapabilities() ?? {};
  // An empty one means forms.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}
