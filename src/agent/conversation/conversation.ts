/** What a conversation remembers between questions: messages, findings by handle, subject, totals. */

import type { Finding, FindingBody } from '../../finding/finding.ts';
import { idsOfKind } from '../../finding/refs.ts';
import type { Memory } from '../../tools/define/context.ts';
import type { AnswerChoice, Message, ToolCall, Usage } from '../models/model.ts';
import { costUsd } from '../models/prices.ts';

export interface Conversation {
  readonly messages: Message[];
  /** Every finding so far, by handle, oldest first. */
  readonly findings: Map<string, Finding>;
  memory: Memory;
  /** What the last answer asked back: the number or label of one of them is taken for its question. */
  choices: readonly AnswerChoice[];
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

export function createConversation(): Conversation {
  return { messages: [], findings: new Map(), memory: {}, choices: [], usage: NO_USAGE, costUsd: 0 };
}

/** Gives a finding the next handle and remembers it and its experiments. */
export function addFinding(conversation: Conversation, call: ToolCall, input: unknown, body: FindingBody): Finding {
  const handle = `#${conversation.findings.size + 1}`;
  const finding: Finding = { ...body, handle, tool: call.name, input };
  conversation.findings.set(handle, finding);
  const experimentIds = idsOfKind(body.subject.refs, 'experiment');
  if (experimentIds.length > 0) conversation.memory = { ...conversation.memory, recentExperimentIds: experimentIds };
  return finding;
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
