/** What a conversation remembers between questions: messages, findings by handle, subject, totals. */
import type { Memory } from '../tools/kit/context.ts';
import type { Finding, FindingBody } from '../tools/kit/finding.ts';
import type { AnswerChoice, Message, ToolCall, Usage } from './models/model.ts';
import { costUsd } from './models/prices.ts';

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
  const { experimentIds } = body.subject;
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

/**
 * Replaces what tools said before the last question by one line each, to make room in a full context.
 * Returns whether there was anything to replace.
 */
export function shortenHistory(conversation: Conversation): boolean {
  const lastQuestion = conversation.messages.findLastIndex((message) => message.role === 'user');
  let shortened = false;
  for (const [index, message] of conversation.messages.slice(0, lastQuestion).entries()) {
    if (message.role !== 'tools') continue;
    const results = message.results.map((result) => {
      const handle = result.outcome.ok ? result.outcome.finding.handle : 'error';
      const text = `(${handle}: left out to save space; call the tool again if it is needed)`;
      shortened ||= result.text !== text;
      return { ...result, text };
    });
    conversation.messages[index] = { role: 'tools', results };
  }
  return shortened;
}
