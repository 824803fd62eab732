/** "Failed runs outnumber finished ones": against the counts of all runs by status. */
import type { ComparisonSide } from '../terms/comparison.ts';
import { clauseOf, shapesAfter } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { statusesIn } from './mentions.ts';
import type { Sentence } from './sentence.ts';
import { countsByStatus } from './status-counts.ts';

export function statusOrder(
  sentence: Sentence,
  at: number,
  side: ComparisonSide,
  evidence: Evidence,
): boolean | undefined {
  const word = sentence.tokens[at]!.lower;
  const after = shapesAfter(sentence, at, 9);
  const isCount =
    /^outnumber/.test(word) ||
    (/^(?:more|less|fewer)$/.test(word) &&
      (COUNTED_MORE.test(after) || /^(?:runs? |T |V |ones? |failed |killed |finished |crashed |than )+/.test(after)));
  if (!isCount) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const found = statusesIn(sentence, from, to).filter(({ negated }) => !negated);
  const distinct = [...new Set(found.map(({ status }) => status))];
  const pivot = /^outnumber/.test(word)
    ? at
    : sentence.shapes.findIndex((shape, index) => index > at && shape === 'than');
  const [a, b] =
    pivot < 0
      ? [found.filter((one) => one.at < at).at(-1), undefined]
      : [found.filter((one) => one.at < pivot).at(-1), found.find((one) => one.at > pivot)];
  const first = a?.status;
  const second = b?.status ?? (pivot < 0 && distinct.length === 2 ? distinct.find((one) => one !== first) : undefined);
  if (first === undefined || second === undefined || first === second || distinct.length > 3) return undefined;
  const isPassive = word === 'outnumbered' && /^by(?: |$)/.test(after);
  const all = countsByStatus(evidence);
  if (all.length === 0) return undefined;
  return all.some((counts) => {
    const more = (counts.get(first) ?? 0) - (counts.get(second) ?? 0);
    return (side === 'up') !== isPassive ? more > 0 : more < 0;
  });
}

export const COUNTED_MORE = /^(?:common|frequent|frequently|often|numerous|popular|populated|recent|recently)(?: |$)/;
