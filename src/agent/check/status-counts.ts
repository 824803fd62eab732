/** How many runs of each status there are, for each finding that tells of all: a status without a row has none. */
import type { StatusName } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';
import { statusPopulations } from './populations.ts';

export function countsByStatus(evidence: Evidence): readonly ReadonlyMap<StatusName, number>[] {
  const found = statusPopulations(evidence).filter(({ isWhole }) => isWhole);
  // What a narrow filter found says nothing of all runs.
  const most = found.reduce((max, { size }) => Math.max(max, size), 0);
  return found.filter(({ size }) => size * 5 >= most).map(({ byStatus }) => byStatus);
}
