/** Answers which names of a question exist among runs, for stores that deliver whole runs. */
import { compareText } from '../compare-text.ts';
import { lowerAscii } from '../filter/like.ts';
import { RunRow } from '../table/run-row.ts';
import type { RunRows, RunTable } from '../table/run-table.ts';
import { takeTurns } from '../take-turns.ts';
import { readLastNumber } from './last-number.ts';
import { readColumnKeys } from './run-columns.ts';
import type { LookupQuery, LookupResult, RunName } from './tracking-store.ts';

/** At most so many runs come back. */
export const MAX_RUNS = 50;
/** The system tags whose values people ask for. */
export const VALUE_TAGS: readonly string[] = ['mlflow.user', 'mlflow.source.name'];
/** What may be the beginning of a run id. */
export const ID_PREFIX = /^[0-9a-f]{6,32}$/;

async function findKeys(runs: RunRows, signal: AbortSignal): Promise<LookupResult['keys']> {
  const { metrics, params, tags } = runs.table;
  const lists = { metric: metrics, param: params, tag: tags };
  const found: { kind: 'metric' | 'param' | 'tag'; key: string }[] = [];
  for (const kind of ['metric', 'param', 'tag'] as const)
    for (const key of await readColumnKeys(runs, lists[kind], signal)) found.push({ kind, key });
  return found;
}

function isAskedFor(kind: 'param' | 'tag', key: string, ofKeys: readonly string[] | undefined): boolean {
  const isValue = kind === 'param' || !key.startsWith('mlflow.') || VALUE_TAGS.includes(key);
  return isValue && (ofKeys === undefined || ofKeys.includes(key));
}

/** The codes of the texts that equal one of `values`. */
async function findCodes({ texts }: RunTable, values: readonly string[], signal: AbortSignal): Promise<Set<number>> {
  const wanted = new Set(values.map(lowerAscii));
  const lengths = new Set(values.map(({ length }) => length));
  const codes = new Set<number>();
  const look = (text: string, code: number): void => {
    if (lengths.has(text.length) && wanted.has(lowerAscii(text))) codes.add(code);
  };
  if (wanted.size > 0) await takeTurns(texts.all, look, signal);
  return codes;
}

async function findValues(
  { table, rows }: RunRows,
  kind: 'param' | 'tag',
  wanted: ReadonlySet<number>,
  ofKeys: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<LookupResult['values']> {
  const list = kind === 'param' ? table.params : table.tags;
  // Others may add texts between turns: none that these rows have.
  const { length } = table.texts;
  /** By key and value. */
  const found = new Map<number, { kind: 'param' | 'tag'; key: string; value: string }>();
  const look = (row: number): void => {
    const to = list.to(row);
    for (let place = list.from(row); place < to; place++) {
      const [keyCode, valueCode] = [list.keyAt(place), list.valueAt(place)];
      const pair = keyCode * length + valueCode;
      if (!wanted.has(valueCode) || found.has(pair)) continue;
      const [key, value] = [table.texts.at(keyCode), table.texts.at(valueCode)];
      if (isAskedFor(kind, key, ofKeys)) found.set(pair, { kind, key, value });
    }
  };
  if (wanted.size > 0) await takeTurns(rows, look, signal);
  return [...found.values()].sort((a, b) => compareText(a.key, b.key) || compareText(a.value, b.value));
}

function isNamed({ id, name }: { id: string; name: string }, texts: readonly string[], numbers: readonly number[]) {
  if (texts.length > 0 && texts.includes(lowerAscii(name))) return true;
  if (texts.some((text) => ID_PREFIX.test(text) && id.startsWith(text))) return true;
  const number = numbers.length > 0 ? readLastNumber(name) : undefined;
  return number !== undefined && numbers.includes(number);
}

async function findRuns({ table, rows }: RunRows, query: LookupQuery, signal: AbortSignal): Promise<RunName[]> {
  const texts = (query.runs ?? []).filter((text) => text !== '').map(lowerAscii);
  const numbers = query.lastNumbers ?? [];
  const found: RunName[] = [];
  const view = new RunRow(table);
  const look = (row: number): void => {
    if (found.length === MAX_RUNS) return;
    view.row = row;
    if (!isNamed(view, texts, numbers)) return;
    const { id, name, experimentId, status, lifecycle, startTime } = view;
    found.push({ id, name, experimentId, status, lifecycle, ...(startTime !== undefined && { startTime }) });
  };
  if (texts.length + numbers.length > 0) await takeTurns(rows, look, signal);
  return found;
}

/**
 * @param runs of any lifecycle, in store order.
 * @param active those whose keys and values count.
 */
export async function findNames(
  query: LookupQuery,
  runs: RunRows,
  active: RunRows,
  signal: AbortSignal,
): Promise<LookupResult> {
  const wanted = await findCodes(runs.table, query.values ?? [], signal);
  return {
    keys: query.keys ? await findKeys(active, signal) : [],
    values: [
      ...(await findValues(active, 'param', wanted, query.ofKeys, signal)),
      ...(await findValues(active, 'tag', wanted, query.ofKeys, signal)),
    ],
    runs: await findRuns(runs, query, signal),
  };
}
