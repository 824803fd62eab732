/** What is kept between questions: plain data, changed only as a whole when a question ends (`draft.ts`). */

import type { Finding } from '../../finding/finding.ts';
import type { Memory } from '../../tools/define/context.ts';
import type { AnswerChoice, Message, Usage } from '../models/model.ts';
import { costUsd } from '../models/prices.ts';

export interface Conversation {
  readonly id: string;
  messages: readonly Message[];
  /** In the order of their handles: `#1` is the first. */
  findings: readonly Finding[];
  memory: Memory;
  /** What the last answer asked back: the number or label of one of them is taken for its question. */
  choices: readonly AnswerChoice[];
  /** Of every question, also of those that left nothing else behind. */
  usage: Usage;
  /** Undefined once a model without a known price has spoken. */
  costUsd: number | undefined;
  /** Tokens that a model is known to read at most, once it has said that there were too many. */
  room?: number | undefined;
}

export const NO_USAGE: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  requests: 0,
};

export function createConversation(id: string = crypto.randomUUID()): Conversation {
  return { id, messages: [], findings: [], memory: {}, choices: [], usage: NO_USAGE, costUsd: 0 };
}

/** The experiment that is meant from here on where a question names none; undefined: none again. */
export function pinExperiment(conversation: Conversation, pinned: Memory['pinned']): void {
  conversation.memory = { ...conversation.memory, pinned };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    requests: a.requests + b.requests,
  };
}

/** A sum of prices: unknown as soon as one of them is. */
export function addCost(total: number | undefined, model: string, usage: Usage): number | undefined {
  const cost = costUsd(model, usage);
  return total === undefined || cost === undefined ? undefined : total + cost;
}
