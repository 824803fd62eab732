/** Says of what was passed over where it belongs. */
import type { Unreadable } from '../runs/tracking-store.ts';
import type { SqlConnection } from './connection.ts';
import type { RowTable } from './dialect.ts';
import type { Loss } from './odd-rows.ts';
import { partsOf, slicesOf } from './parts.ts';

const ROWS = ['experiments', 'experiment_tags', 'runs', 'params', 'tags', 'latest_metrics'] as const;

export async function readUnreadable(connection: SqlConnection, losses: readonly Loss[]): Promise<Unreadable[]> {
  const stages = await connection.all({
    text: `SELECT ${connection.dialect.asText('experiment_id')}, lifecycle_stage FROM experiments`,
    values: [],
  });
  const deleted = new Set(stages.flatMap(([id, stage]) => (stage === 'deleted' ? [String(id)] : [])));
  const parts = losses.filter(({ what, partly }) => what === 'run' && partly);
  const homes = await findExperiments(connection, [...new Set(parts.map(({ id }) => id))]);
  const whole = new Set(losses.filter(({ partly }) => !partly).map(({ what, id }) => `${what} ${id}`));
  return losses.flatMap(({ what, id, experimentId, partly, reason }) => {
    // Nothing of a run is missing that is itself.
    if (partly && whole.has(`${what} ${id}`)) return [];
    const home = what === 'experiment' ? id : (experimentId ?? homes.get(id));
    // A part of a run that is not there either.
    if (home === undefined && partly) return [];
    return { what, id, experimentId: home ?? '', reason, partly, deleted: deleted.has(home ?? '') };
  });
}

async function findExperiments(connection: SqlConnection, runs: readonly string[]): Promise<Map<string, string>> {
  const homes = new Map<string, string>();
  const text = `SELECT run_uuid, ${connection.dialect.asText('experiment_id')} FROM runs WHERE run_uuid IN ??`;
  for (const slice of slicesOf(connection, runs))
    for (const [id, home] of await connection.all({ text, values: [slice] })) homes.set(String(id), String(home));
  return homes;
}

/** Passes over every row of runs and what belongs to them, so that each that cannot be read is met. */
export async function readOddRows(connection: SqlConnection): Promise<void> {
  const { name, isReadable, columnsOf } = connection.dialect;
  if (name !== 'sqlite') return;
  const columns = await columnsOf(connection, ROWS);
  const there = ROWS.filter((table: RowTable) => (columns.get(table)?.size ?? 0) > 0);
  for (const table of there)
    for await (const part of partsOf(connection, table, 'c')) {
      const text = `SELECT count(*) FROM ${table} c WHERE ${part.text} AND ${isReadable(table, 'c')}`;
      await connection.all({ text, values: part.values });
    }
}
