/** A fault before there was a question to work on, as the record that every surface shows. */
import type { Answer, AnswerError } from '../agent/events.ts';
import { LONGEST_QUESTION } from '../agent/longest-question.ts';
import type { Config } from '../config/config.ts';

export function faultAnswer(question: string, error: AnswerError, conversation: string, config: Config): Answer {
  const { message, hint } = error;
  return {
    id: crypto.randomUUID(),
    conversation,
    status: 'error',
    text: [message, hint].filter((part) => part !== undefined).join('. '),
    evidence: [],
    warnings: [],
    choices: [],
    error,
    findings: [],
    charts: [],
    followUps: [],
    usage: { model: config.model, inputTokens: 0, outputTokens: 0, costUsd: 0, requests: 0 },
    timingMs: 0,
    receipt: {
      version: config.version,
      question: question.slice(0, LONGEST_QUESTION),
      now: new Date(config.now ?? Date.now()).toISOString(),
      store: config.store.source,
      calls: [],
    },
  };
}
