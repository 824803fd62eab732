/** The answer record: what `--json` prints and `schema/answer.schema.json` describes. */
import type { Answer, AnswerError } from '../agent/events.ts';
import { findingJson } from '../finding/json.ts';
import { chartJson } from './chart-json.ts';

/** Version of the record; a field that is only added does not change it. */
export const ANSWER_SCHEMA = 1;

/** JSON-ready: full precision; NaN, ±Infinity and integers beyond 2^53 are strings, what is missing has no key. */
export function answerJson(answer: Answer): Record<string, unknown> {
  const { usage, error } = answer;
  return {
    schema: ANSWER_SCHEMA,
    id: answer.id,
    conversation: answer.conversation,
    status: answer.status,
    text: answer.text,
    ...(answer.evidence.length === 0 ? {} : { evidence: answer.evidence }),
    warnings: answer.warnings,
    ...(answer.choices.length === 0 ? {} : { choices: answer.choices }),
    ...(error === undefined ? {} : { error: errorJson(error) }),
    findings: answer.findings.map(findingJson),
    charts: answer.charts.map(chartJson),
    followUps: answer.followUps,
    usage: {
      model: usage.model,
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      cost_usd: usage.costUsd,
      prices_as_of: usage.pricesAsOf,
      requests: usage.requests,
    },
    timing_ms: answer.timingMs,
    receipt: answer.receipt,
  };
}

function errorJson({ requestId, ...error }: AnswerError): Record<string, unknown> {
  return { ...error, request_id: requestId };
}
