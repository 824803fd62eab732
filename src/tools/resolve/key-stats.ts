/** What some keys of a population hold: reading every key of a large experiment takes seconds, one of them does not. */
import { summarizeKeys } from '../../mlflow/runs/key-stats.ts';
import type { KeyStats, Population, Projection } from '../../mlflow/runs/tracking-store.ts';
import type { ToolContext } from '../define/context.ts';

/** As `TrackingStore.keyStats`, of the projected keys that some run has. */
export async function readKeyStats(
  { store, signal }: Pick<ToolContext, 'store' | 'signal'>,
  population: Population,
  projection: Projection,
): Promise<KeyStats[]> {
  const stats = summarizeKeys(await store.columns(population, projection, signal));
  return stats.filter(({ runs }) => runs > 0);
}
