/** "All finished", "none of them failed": against the statuses of all runs that a finding tells of. */
import { COUNTED } from '../terms/counting.ts';
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { statusPopulations } from './populations.ts';
import type { Sentence } from './sentence.ts';
import { anyOf, inScope, isShown, type Sweep, settle } from './sweep.ts';

const SUBJECT =
  /^(?:(?:of|the|these|those|them|its|listed|shown|displayed|single|one|N|T|V|runs?|ones?|hits?|trials?|jobs?|group|in|five|is|are|was|were|have|has|had|been|did|still|marked|as|ended|that|which|matched|matching|failed|first|last|experiment|there|here|:|status|at|this|a|carry|carries|fully|ever) ?)+/;

export function statusOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, count, words } = sweep;
  const place = statusPlace(sweep);
  if (place === undefined || kind === 'only' || !SUBJECT.test(shapesAfter(sentence, at, 8))) return undefined;
  const status = statusWord(sentence, place)!;
  const behind = sentence.tokens[place + 1]?.lower ?? '';
  const isSubject = COUNTED.get(behind) === 'run';
  if (isSubject && (kind !== 'none' || place > at + 1 || end > place + 5)) return undefined;
  if (
    !isSubject &&
    place + 1 < end &&
    /^(?:among|with|at|over|under|above|below|meets?|got|had|in|than|from|to)$/.test(behind) &&
    !/^under (?:the|these|those|this)/.test(shapesAfter(sentence, place, 2)) &&
    !/^in (?:T|the|this)/.test(shapesAfter(sentence, place, 2))
  )
    return undefined;
  if (/(?:^| )(?:not|never|n't)(?: \w+)?$/.test(shapesBefore(sentence, place, 2)) && place > at + 2) return undefined;
  if (
    kind === 'none' &&
    count === undefined &&
    (['top', 'best', 'those', 'them', 'ranked', 'considered'].some((word) => words.has(word)) ||
      /^of these/.test(shapesAfter(sentence, at, 2)))
  )
    return undefined;
  const experiments = sentence.things.filter(({ isExperiment }) => isExperiment).flatMap(({ owners }) => [...owners]);
  const all = statusPopulations(evidence).filter(
    ({ finding }) => experiments.length === 0 || inScope(finding, experiments),
  );
  const sized =
    count === undefined ? all : all.filter(({ size, finding }) => size === count || finding.coverage.matched === count);
  if (sized.length === 0 && count === undefined && kind === 'none') return undefined;
  // "both" may speak of two that the sentence or the one before names.
  if (
    sentence.things.length > 0 &&
    sentence.things.some(({ at: one, isExperiment }) => !isExperiment && one > at && one < place)
  )
    return undefined;
  return anyOf(
    sized.map(({ byStatus, size, isWhole }) => {
      const holding = byStatus.get(status) ?? 0;
      if (!isWhole && count === undefined && !isShown(sweep) && holding === (kind === 'none' ? 0 : size))
        return undefined;
      return settle(kind, holding, size);
    }),
  );
}

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

function statusWord({ tokens }: Sentence, at: number): StatusName | undefined {
  const word = tokens[at]!.lower.replaceAll('`', '');
  return (
    STATUS_WORDS.get(word) ??
    ((word === 'going' || word === 'ongoing') && (word === 'ongoing' || tokens[at - 1]?.lower === 'still')
      ? 'RUNNING'
      : undefined)
  );
}
