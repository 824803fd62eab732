/** A conversation as a person saw it: what was asked and answered, with its findings and their charts. */
import * as z from 'zod';
import type { Conversation } from '../../../agent/conversation/conversation.ts';
import { isQuestion, splitExchanges } from '../../../agent/conversation/exchanges.ts';
import type { Message } from '../../../agent/models/model.ts';
import { splitStatus } from '../../../agent/prompt.ts';
import { chartOf, chartsOf } from '../../../finding/charts.ts';
import type { Finding } from '../../../finding/finding.ts';
import { findingJson } from '../../../finding/json.ts';
import { chartJson } from '../../../present/chart-json.ts';

const MOST_FOLLOW_UPS = 3;

export const viewFields = {
  exchanges: z.array(
    z.object({
      question: z.string(),
      text: z.string().describe('What was answered: Markdown.'),
      status: z.string().optional().describe("The answer's; missing where it was not kept."),
      choices: z.array(z.object({ label: z.string(), question: z.string() })),
      followUps: z.array(z.string()),
      findings: z.array(z.string()).describe('Handles of what was found for it.'),
      charts: z.array(z.string()).describe('Ids of the charts that the answer showed.'),
    }),
  ),
  findings: z.array(z.looseObject({ handle: z.string() })),
  charts: z.array(z.looseObject({ id: z.string() })).describe('Of every finding that can be drawn.'),
};

export function viewJson({ messages, findings, choices }: Conversation) {
  const charts = findings.flatMap((finding) => chartOf(finding) ?? []);
  return {
    exchanges: splitExchanges(messages).map((exchange, at, all) => {
      const json = exchangeJson(exchange);
      // What the last answer asked back is kept, whatever it came of.
      return at === all.length - 1 ? { ...json, choices } : json;
    }),
    findings: findings.map(findingJson),
    charts: charts.map(chartJson),
  };
}

/** Of the texts of an exchange the last is what stood. */
function exchangeJson(exchange: readonly Message[]) {
  const [first] = exchange;
  const question = first !== undefined && isQuestion(first) && first.role === 'user' ? first.text : '';
  const turns = exchange.flatMap((message) => (message.role === 'assistant' ? message.turn : []));
  const results = exchange.flatMap((message) => (message.role === 'tools' ? message.results : []));
  const findings = results.flatMap(({ outcome }): Finding[] => (outcome.ok ? [outcome.finding] : []));
  const verdict = turns.at(-1)?.verdict;
  const { status: marked, text } = splitStatus(turns.findLast((turn) => turn.text !== '')?.text ?? '');
  const status = verdict?.status ?? marked;
  return {
    question,
    text,
    ...(status !== undefined && { status }),
    choices: verdict?.choices ?? [],
    followUps: verdict?.followUps ?? (findings.at(-1)?.followUps ?? []).slice(0, MOST_FOLLOW_UPS),
    findings: findings.map(({ handle }) => handle),
    charts: chartsOf(findings).map(({ id }) => id),
  };
}
