/** Says of the rows that were passed over whose they were, and what is wrong with them. */
import type { Unreadable } from '../runs/tracking-store.ts';
import type { SqlConnection } from './connection.ts';
import type { OddRows } from './odd-rows.ts';
import { partsOf, slicesOf } from './parts.ts';

const SEARCHED = ['experiments', 'experiment_tags', 'runs', 'params', 'tags', 'latest_metrics'] as const;
const MOST_REASONS = 3;

interface Loss extends Omit<Unreadable, 'reason' | 'deleted'> {
  readonly reasons: string[];
}

export async function readUnreadable(connection: SqlConnection, odd: OddRows): Promise<Unreadable[]> {
  const losses = await describe(connection, odd);
  const parts = losses.filter(({ what, partly }) => what === 'run' && partly);
  const homes = await findExperiments(connection, [...new Set(parts.map(({ id }) => id))]);
  const deleted = await findDeleted(connection);
  const whole = new Set(losses.filter(({ partly }) => !partly).map(({ what, id }) => `${what} ${id}`));
  return losses.flatMap(({ what, id, experimentId, partly, reasons }) => {
    const home = partly && what === 'run' ? homes.get(id) : experimentId;
    // A part of what is not there, or is missing itself.
    if (home === undefined || (partly && whole.has(`${what} ${id}`))) return [];
    return { what, id, experimentId: home, reason: wordReasons(reasons), partly, deleted: deleted.has(home) };
  });
}

/** By run and experiment. */
async function describe(connection: SqlConnection, { byTable }: OddRows): Promise<Loss[]> {
  const losses = new Map<string, Loss>();
  for (const [table, ids] of byTable) {
    const text = connection.dialect.describeOddRows?.(table) ?? '';
    const rows = await connection.all({ text, values: [JSON.stringify([...ids])] });
    for (const [kind, stored, home, key, fault, rowId] of rows) {
      // It has been written to since.
      if (fault === null) continue;
      const what = String(kind).startsWith('experiment') ? 'experiment' : 'run';
      const partly = kind !== what;
      // A part of nobody.
      if (stored === null && partly) continue;
      const id = String(stored ?? `row ${rowId}`);
      const group = `${what} ${partly} ${id}`;
      const loss = losses.get(group) ?? { what, id, experimentId: String(home ?? ''), partly, reasons: [] };
      loss.reasons.push(key === '' ? `its ${fault}` : `${kind} ${key ?? 'without a name'}: its ${fault}`);
      losses.set(group, loss);
    }
  }
  return [...losses.values()];
}

function wordReasons(reasons: readonly string[]): string {
  const more = reasons.length - MOST_REASONS;
  return `${reasons.slice(0, MOST_REASONS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

async function findDeleted(connection: SqlConnection): Promise<ReadonlySet<string>> {
  const text = `SELECT ${connection.dialect.asText('experiment_id')} FROM experiments WHERE lifecycle_stage = 'deleted'`;
  return new Set((await connection.all({ text, values: [] })).map(([id]) => String(id)));
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
  const { describeOddRows, isReadable, columnsOf } = connection.dialect;
  if (describeOddRows === undefined) return;
  const columns = await columnsOf(connection, SEARCHED);
  for (const table of SEARCHED.filter((one) => (columns.get(one)?.size ?? 0) > 0))
    for await (const part of partsOf(connection, table, 'c')) {
      const text = `SELECT count(*) FROM ${table} c WHERE ${part.text} AND ${isReadable(table, 'c')}`;
      await connection.all({ text, values: part.values });
    }
}
