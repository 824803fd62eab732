/** Which rows of a SQLite file can be read: it lets any value stand in any column, a million bytes long or more. */
import type { RowTable } from './dialect.ts';

/** Of one text. MLflow's own are of 8,000 characters at most. */
export const MOST_BYTES = 2 ** 20;
const MOST_ID_BYTES = 250;
/** JavaScript's times, in milliseconds either side of 1970. */
const MOST_TIME = 8.64e15;

/** The SQL function that hears of a row that is passed over, and is false. */
export const ODD_ROW = 'odd_row';

interface Check {
  readonly column: string;
  readonly test: (cell: string) => string;
  /** Continues `its name …`. */
  readonly fault: string;
}

const ofBytes = (least: number, most: number) => (cell: string) =>
  `typeof(${cell}) = 'text' AND octet_length(${cell}) BETWEEN ${least} AND ${most}`;
const orNull = (test: Check['test']) => (cell: string) => `(${cell} IS NULL OR ${test(cell)})`;
const isWhole = (cell: string) => `typeof(${cell}) = 'integer'`;
const isTime = (cell: string) => `typeof(${cell}) = 'integer' AND ${cell} BETWEEN -${MOST_TIME} AND ${MOST_TIME}`;

const TEXT_FAULT = 'is no text of up to 1 MiB';
const id = (column: string): Check => ({ column, test: ofBytes(1, MOST_ID_BYTES), fault: 'is no id' });
const text = (column: string): Check => ({ column, test: ofBytes(0, MOST_BYTES), fault: TEXT_FAULT });
const textOrNull = (column: string): Check => ({ column, test: orNull(ofBytes(0, MOST_BYTES)), fault: TEXT_FAULT });
const whole = (column: string): Check => ({ column, test: isWhole, fault: 'is no whole number' });
const time = (column: string): Check => ({ column, test: orNull(isTime), fault: 'is no time' });
/** Whatever stands beside a NaN is not looked at. */
const number: Check = {
  column: 'value',
  test: (cell) => `typeof(${cell}) IN ('real', 'integer')`,
  fault: 'is no number',
};
const POINT: readonly Check[] = [number, whole('step'), time('timestamp'), whole('is_nan')];

interface Rows {
  readonly what: 'experiment' | 'run' | 'experiment tag' | 'metric' | 'param' | 'tag' | 'dataset';
  readonly checks: readonly Check[];
}

const ROWS: Readonly<Record<RowTable, Rows>> = {
  experiments: {
    what: 'experiment',
    checks: [whole('experiment_id'), text('name'), textOrNull('lifecycle_stage')],
  },
  runs: {
    what: 'run',
    checks: [
      id('run_uuid'),
      textOrNull('name'),
      textOrNull('status'),
      textOrNull('lifecycle_stage'),
      whole('experiment_id'),
      time('start_time'),
      time('end_time'),
      textOrNull('user_id'),
      textOrNull('artifact_uri'),
    ],
  },
  experiment_tags: { what: 'experiment tag', checks: [whole('experiment_id'), text('key'), textOrNull('value')] },
  params: { what: 'param', checks: [text('key'), textOrNull('value')] },
  tags: { what: 'tag', checks: [text('key'), textOrNull('value')] },
  latest_metrics: { what: 'metric', checks: [text('key'), ...POINT] },
  metrics: { what: 'metric', checks: [text('key'), ...POINT] },
  datasets: { what: 'dataset', checks: [text('name'), text('digest')] },
  input_tags: { what: 'dataset', checks: [textOrNull('value')] },
};

const written = new Map<string, string>();

/** A condition over the row called `alias`; false, and told to `ODD_ROW`, where a cell is not what its column is for. */
export function isReadable(table: RowTable, alias: string): string {
  const name = `${table} ${alias}`;
  const known = written.get(name) ?? writeCondition(table, alias);
  written.set(name, known);
  return known;
}

/** Short: statements hold it several times, and SQLite takes them in anew with each start. */
function writeCondition(table: RowTable, alias: string): string {
  const { what, checks } = ROWS[table];
  const tests = checks.map(({ column, test }) => test(`${alias}."${column}"`));
  const row = what === 'dataset' ? 'i' : alias;
  return `CASE WHEN ${tests.join(' AND ')} THEN TRUE ELSE ${ODD_ROW}('${table}', ${row}.rowid) END`;
}

/** A query of what odd rows are, by a list of their row ids: whose, of which experiment, which key, and their fault. */
export function describeOddRows(table: RowTable): string {
  const { what, checks } = ROWS[table];
  if (what === 'dataset')
    return `SELECT '${what}', destination_id, NULL, '', '${checks[0]!.fault}' FROM inputs ${OF_LIST}`;
  const isId = ofBytes(1, MOST_ID_BYTES);
  const cell = (column: string, test: Check['test']) =>
    `CASE WHEN ${test(`c."${column}"`)} THEN CAST(c."${column}" AS TEXT) END`;
  const owner = what.startsWith('experiment')
    ? `${cell('experiment_id', isWhole)}, ${cell('experiment_id', isWhole)}`
    : `${cell('run_uuid', isId)}, ${what === 'run' ? cell('experiment_id', isWhole) : 'NULL'}`;
  const key = what === 'run' || what === 'experiment' ? `''` : cell('key', isId);
  const faults = checks.map(
    ({ column, test, fault }) => `WHEN (${test(`c."${column}"`)}) IS NOT TRUE THEN '${column} ${fault}'`,
  );
  return `SELECT '${what}', ${owner}, ${key}, CASE ${faults.join(' ')} END, c.rowid FROM ${table} c ${OF_LIST}`;
}

const OF_LIST = 'WHERE rowid IN (SELECT value FROM json_each(?))';
