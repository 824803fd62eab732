/** The answer record: what `--json` prints and `schema/answer.schema.json` describes. */
import type { Answer } from '../agent/events.ts';
import { findingJson } from '../finding/json.ts';
import { chartJson } from './chart-json.ts';

/** JSON-ready: full precision; NaN, ±Infinity and integers beyond 2^53 are strings, what is missing has no key. */
export function answerJson(answer: Answer): Record<string, unknown> {
  const { usage } = answer;
  return {
    status: answer.status,
    text: answer.text,
    ...(answer.choices.length === 0 ? {} : { choices: answer.choices }),
    ...(answer.error === undefined ? {} : { error: answer.error }),
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
