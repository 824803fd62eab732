/** How many runs of each status there are. */
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';

/** How many of each status there are, for each finding that tells of all: a status without a row has none. */
export function countsByStatus(evidence: Evidence): readonly ReadonlyMap<StatusName, number>[] {
  const known = STATUS_COUNTS.get(evidence) ?? readStatusCounts(evidence);
  STATUS_COUNTS.set(evidence, known);
  return known;
}

const STATUS_COUNTS = new WeakMap<Evidence, readonly ReadonlyMap<StatusName, number>[]>();

function readStatusCounts(evidence: Evidence): ReadonlyMap<StatusName, number>[] {
  const found: { readonly counts: ReadonlyMap<StatusName, number>; readonly matched: number }[] = [];
  for (const finding of evidence.findings) {
    const { matched } = finding.coverage;
    const said = evidence.texts
      .filter((text) => text.finding === finding && text.status !== undefined)
      .map(({ status, value }) => [status as StatusName, value] as const);
    const counted = evidence.facts.columns
      .filter((column) => column.finding === finding && /^(?:runs|count)$/.test(column.measure))
      .flatMap(({ facts }) => facts);
    const rows = counted.flatMap(({ owner, value }) => {
      const status = typeof value === 'number' ? STATUS_WORDS.get(owner?.slice('group:'.length) ?? '') : undefined;
      return status === undefined ? [] : [[status, value as number] as const];
    });
    for (const pairs of [said, rows]) {
      const counts = new Map(pairs);
      if (counts.size > 0 && [...counts.values()].reduce((sum, value) => sum + value, 0) === matched)
        found.push({ counts, matched });
    }
  }
  // What a narrow filter found says nothing of all runs.
  const most = Math.max(0, ...found.map(({ matched }) => matched));
  return found.filter(({ matched }) => matched * 5 >= most).map(({ counts }) => counts);
}
