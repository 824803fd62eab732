/** `ask` and `get_answer`: a question's finished answer, now or later. */
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { LONGEST_QUESTION } from '../../agent/longest-question.ts';
import type { Desk } from './desk.ts';
import { inputSchemaOf, readInput } from './inputs.ts';
import type { McpTool } from './tools.ts';

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
      const asked = readInput(Question, input);
      return (await import('./settle-question.ts')).askQuestion(asked, { desk, server, context });
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
      const asked = readInput(Handle, input);
      return (await import('./settle-question.ts')).fetchAnswer(asked, desk, context);
    },
  };
}
