/** `/cost`: tokens and money, by question and in all. */

import type { Usage } from '../../../../agent/models/model.ts';
import { PRICES_AS_OF } from '../../../../agent/models/prices.ts';
import { countOf, formatCount } from '../../../../finding/format.ts';
import { quoteName } from '../../../../finding/quote.ts';
import { sumUsage, type Turn } from '../chat.ts';
import { type ChatCommand, say } from './command.ts';

const MOST_LISTED = 20;
const QUESTION_LENGTH = 40;

export const cost: ChatCommand = {
  name: '/cost',
  usage: '',
  help: 'tokens and money, by question and in all',
  run: (_, { turns }) => say(describeCost(turns)),
};

/** Markdown. */
export function describeCost(turns: readonly Turn[]): string {
  if (turns.length === 0) return 'Nothing was asked yet, and nothing spent.';
  const total = sumUsage(turns);
  if (total.requests === 0 && turns.every((turn) => turn.costUsd === 0))
    return `${countOf(turns.length, 'question')}, all read offline: nothing sent, nothing spent.`;
  const shown = turns.slice(-MOST_LISTED);
  const earlier = turns.length - shown.length;
  return [
    '| question | model | requests | tokens in | tokens out | cost |',
    '|---|---|--:|--:|--:|--:|',
    ...shown.map((turn) => row(quoteName(turn.question, QUESTION_LENGTH), modelOf(turn), turn.usage, price(turn))),
    row('in all', '', total, price(...turns)),
    '',
    ...(earlier > 0 ? [`+${countOf(earlier, 'earlier question')}, counted in all.`] : []),
    `Prices of ${PRICES_AS_OF}.${turns.some((turn) => turn.costUsd === undefined) ? ' What has no known price is left out of the sum.' : ''}`,
  ].join('\n');
}

function row(label: string, model: string, usage: Usage, money: string): string {
  const sent = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const counts = [usage.requests, sent, usage.outputTokens].map(formatCount);
  return `| ${[label, model, ...counts, money].join(' | ')} |`;
}

/** What a model had written when it was cancelled is paid for, and nobody says how much that was. */
const wasCutShort = ({ answer, usage }: Turn): boolean => answer === undefined && usage.requests > 0;

const modelOf = ({ answer }: Turn): string => answer?.usage.model ?? 'cancelled';

function price(...turns: readonly Turn[]): string {
  const known = turns.flatMap((turn) => turn.costUsd ?? []);
  if (known.length === 0) return 'not known';
  const sum = known.reduce((total, amount) => total + amount, 0);
  const isLeast = known.length < turns.length || turns.some(wasCutShort);
  return `${isLeast ? '≥ ' : ''}$${sum.toFixed(4)}`;
}
