/** "None is empty", "none ended as NaN": against counts and last values. */
import type { Evidence } from './evidence.ts';
import { membersOf } from './populations.ts';
import { anyOf, type Sweep, settle } from './sweep.ts';

export function emptyOf({ kind, words }: Sweep, { counts }: Evidence): boolean | undefined {
  if (kind !== 'none' || !words.has('empty')) return undefined;
  return counts.some(({ tags, value }) => tags.has('empty') && value > 0) ? false : undefined;
}

export function finiteOf({ kind, words, count }: Sweep, { facts }: Evidence): boolean | undefined {
  const wantsFinite = words.has('finite');
  if (
    (!wantsFinite && !words.has('nan')) ||
    kind === 'only' ||
    words.has('not') ||
    !['end', 'ended', 'ends', 'finish', 'finished'].some((word) => words.has(word))
  )
    return undefined;
  return anyOf(
    facts.columns
      .filter((column) => column.facts[0]?.statistic === 'last' && column.facts.length > 1)
      .map((column) => {
        const members = membersOf(column, ({ value }) => typeof value === 'number');
        if (count !== undefined && count !== members.length) return undefined;
        return settle(
          kind,
          members.filter(({ value }) => Number.isFinite(value) === wantsFinite).length,
          members.length,
        );
      }),
  );
}
