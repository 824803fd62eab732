import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';
import { statusPopulations } from './populations.ts';
import type { Sentence } from './sentence.ts';
import type { Sweep } from './sweep.ts';

/** "one failed, all the others finished": no status besides may be among them. */
export function othersOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const place = statusPlace(sweep);
  const { sentence, kind, words } = sweep;
  if (
    place === undefined ||
    kind !== 'all' ||
    !['others', 'other', 'rest', 'remaining'].some((word) => words.has(word))
  )
    return undefined;
  const said = new Set(sentence.tokens.flatMap((_, at) => statusWord(sentence, at) ?? []));
  const all = statusPopulations(evidence);
  if (said.size < 2 || all.length === 0) return undefined;
  return all.some(({ byStatus }) => [...byStatus.keys()].every((status) => said.has(status)));
}

function statusPlace({ sentence, at, end }: Sweep): number | undefined {
  for (let index = at + 1; index < Math.min(end, at + 10); index++)
    if (statusWord(sentence, index) !== undefined) return index;
  return undefined;
}

export function statusWord({ tokens }: Sentence, at: number): StatusName | undefined {
  const word = tokens[at]!.lower.replaceAll('`', '');
  return (
    STATUS_WORDS.get(word) ??
    ((word === 'going' || word === 'ongoing') && (word === 'ongoing' || tokens[at - 1]?.lower === 'still')
      ? 'RUNNING'
      : undefined)
  );
}
