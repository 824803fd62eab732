/** A store whose names are hazards: made by a seed, as plain data, and written with plain SQL. */
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';

export interface OddRun {
  readonly id: string;
  readonly name: string;
  readonly experiment: number;
  readonly start: number;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly metrics: ReadonlyMap<string, number>;
}

export interface OddStore {
  /** Names by id; MLflow's own first one is there and empty. */
  readonly experiments: ReadonlyMap<number, string>;
  readonly runs: readonly OddRun[];
}

const LONG = 'very long name '.repeat(15).trim();

/** Whole names, each a hazard of its own. */
const WHOLE = [
  // Words of the language and of filters.
  ...['best', 'failed', 'last', 'runs', 'run', 'in', 'not', 'no', 'mean', 'may', 'two', 'all', 'every', 'each', 'is'],
  ...['by', 'and', 'or', 'with', 'of', 'status', 'day', 'experiment', 'metrics', 'params', 'tags', 'dataset', 'user'],
  ...['duration', 'start_time', 'name', 'id', 'than', 'today', 'last week', 'how many', 'compare', 'AND', 'OR', 'NULL'],
  ...['IN', 'LIKE', 'IS NULL', 'the best run', 'count', 'best score', 'average of loss', 'two runs', 'runs with lr'],
  // What looks like something else.
  ...['17', '1', '1.0', '1e-05', '0.00001', '-3', '1,000', '80%', '2026-11-20', '10 minutes', 'true', 'None', 'NaN'],
  ...['deadbeef', 'run 3', 'run-17', '#1', 'https://a.example/x?y=1&z=2', 'a@b.example', '../../etc/passwd'],
  ...['metrics.x', 'params.lr', 'param.lr', 'run.x', 'attributes.status', "tags.a = 'b'", 'tags.`x`', 'attr.a', 'x.y'],
  ...['`quoted`', '"quoted"', "'quoted'", '“quoted”', '«quoted»', '‘quoted’', 'metrics.`a``b`', '``', '`', '"', "'"],
  // What would change a filter, a statement or a replacement.
  ...["'; DROP TABLE runs; --", 'k` IS NULL OR tags.`b', "x' OR '1' = '1", 'a) OR (b', '/* no */', '-- no', ';'],
  ...[
    '$&',
    '$1 $$',
    '$`',
    "$'",
    '\\',
    '\\n',
    '\\_',
    '%',
    '_',
    'a%',
    'a_b',
    'a-b',
    'a b',
    'a  b',
    'A_B',
    'A B',
    '%s',
    '{0}',
  ],
  ...[
    '|',
    '||',
    '#',
    '(',
    ')',
    '(a',
    'a)',
    ',',
    'a, b',
    ':',
    '?',
    '!',
    '=',
    '!=',
    '<',
    '>',
    '=5',
    '> 0.5',
    '*',
    '/',
    '&',
  ],
  // Letters.
  ...[
    'é',
    'e\u0301',
    'É',
    'ÉTÉ',
    'Straße',
    'STRASSE',
    'İ',
    'ı',
    'ﬁ',
    '🚀',
    '👩‍🔬',
    '日本語 実行',
    'שלום',
    '\u202Eabc',
    'a\u200bb',
  ],
  ...['Σίσυφος', 'ΣΊΣΥΦΟΣ', 'randomForest', 'RandomForest', 'random_forest', 'random forest', 'LR', 'lr', 'Lr'],
  ...[
    ' leading',
    'trailing ',
    '  two  spaces  ',
    LONG,
    `${LONG} 2`,
    '__proto__',
    'constructor',
    'toString',
    '<b>',
    'é`"',
  ],
];

const PIECES = [
  ...["'", '"', '`', '``', '“', '”', '«', '»', 'AND', 'OR', 'NULL', 'IN', '=', '!=', '<', '>', '(', ')', ',', '%', '_'],
  ...[
    '\\',
    '|',
    '#',
    ';',
    '--',
    '.',
    ':',
    '/',
    '-',
    ' ',
    ' ',
    '  ',
    'a',
    'B',
    'lr',
    '1',
    '0.5',
    'best',
    'run',
    'é',
    '🚀',
  ],
  ...['e\u0301', 'ש', '実', '$&', 'metrics.', 'tags.', '\u200d'],
];

const anyName: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...WHOLE) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 6 })
      .map((pieces) => pieces.join(''))
      .filter((name) => name.trim() !== ''),
  },
);

const names = (most: number) => fc.uniqueArray(anyName, { minLength: most, maxLength: most });

const EXPERIMENTS = 8;
const RUNS = 48;

/** Keys are of one kind, but for metrics, which params may share; any other name may be of several kinds at once. */
const anyStore: fc.Arbitrary<OddStore> = fc
  .record({
    experiments: names(EXPERIMENTS),
    keys: names(24),
    metrics: names(8),
    values: names(16),
    runs: names(RUNS - 2),
    picks: fc.infiniteStream(fc.nat(1_000_000)),
  })
  .map(({ experiments, keys, metrics, values, runs, picks }) => {
    const pick = <T>(from: readonly T[]): T => from[(picks.next().value as number) % from.length] as T;
    const [params, tags] = [keys.slice(0, 12), keys.slice(12)];
    const own = metrics.filter((key) => !tags.includes(key));
    const some = <T>(from: readonly string[], value: () => T) =>
      new Map(from.filter(() => pick([true, true, false])).map((key) => [key, value()]));
    return {
      experiments: new Map([[0, 'Default'], ...experiments.map((name, at): [number, string] => [at + 1, name])]),
      // Two names are of two runs each.
      runs: [...runs, ...runs.slice(0, 2)].map((name, at) => ({
        id: `${(0xabc + at).toString(16)}${at.toString(16).padStart(29, '0')}`,
        name,
        experiment: (at % EXPERIMENTS) + 1,
        start: 1_700_000_000_000 + at * 60_000,
        params: some(params, () => pick(values)),
        tags: some(tags, () => pick(values)),
        metrics: some(own, () => (pick(Array.from({ length: 97 }, (_, i) => i)) + at / 100) / 97),
      })),
    };
  });

/** What five runs are tagged; once it made "how many zed runs are there" a broken filter. */
const ZED = ['k` IS NULL OR tags.`team', 'zed'] as const;
export const ZEDS = 5;

export function makeOddStore(seed: number): OddStore {
  const [store] = fc.sample(anyStore, { seed, numRuns: 1 });
  if (store === undefined) throw new Error('no store');
  const { experiments, runs } = store;
  const tagged = runs.map((run, at) => ({ ...run, tags: new Map([...run.tags, ...(at < ZEDS ? [ZED] : [])]) }));
  return { experiments, runs: tagged };
}

/** What a kind of store cannot hold at all. */
export interface Holds {
  isKey(key: string): boolean;
  isExperiment(name: string): boolean;
}

/** The store without such keys, and with other names for such experiments. */
export function keepHeld({ experiments, runs }: OddStore, { isKey: isHeld, isExperiment }: Holds): OddStore {
  const named = Array.from(experiments, ([id, name]) => [id, isExperiment(name) ? name : `e${id}`] as const);
  const keep = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([key]) => isHeld(key)));
  const kept = runs.map((run) => ({
    ...run,
    params: keep(run.params),
    tags: keep(run.tags),
    metrics: keep(run.metrics),
  }));
  return { experiments: new Map(named), runs: kept };
}

/** Into the tables of an MLflow database, which hold no run yet. */
export function writeOddStore(database: DatabaseSync, { experiments, runs }: OddStore): void {
  database.exec('BEGIN; DELETE FROM experiments');
  const insert = (table: string, columns: readonly string[], values: readonly (string | number | null)[]) =>
    database
      .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...values);
  for (const [id, name] of experiments)
    insert(
      'experiments',
      ['experiment_id', 'name', 'artifact_location', 'lifecycle_stage', 'creation_time', 'last_update_time'],
      [id, name, `file:///gone/${id}`, 'active', 1_700_000_000_000, 1_700_000_000_000],
    );
  for (const { id, name, experiment, start, params, tags, metrics } of runs) {
    insert(
      'runs',
      [
        'run_uuid',
        'name',
        'user_id',
        'status',
        'start_time',
        'end_time',
        'lifecycle_stage',
        'artifact_uri',
        'experiment_id',
      ],
      [id, name, 'ana', 'FINISHED', start, start + 1_000, 'active', `file:///gone/${experiment}/${id}`, experiment],
    );
    for (const [key, value] of params) insert('params', ['key', 'value', 'run_uuid'], [key, value, id]);
    for (const [key, value] of [...tags, ['mlflow.runName', name] as const])
      insert('tags', ['key', 'value', 'run_uuid'], [key, value, id]);
    for (const [key, value] of metrics)
      for (const table of ['metrics', 'latest_metrics'])
        insert(table, ['key', 'value', 'timestamp', 'step', 'is_nan', 'run_uuid'], [key, value, start, 0, 0, id]);
  }
  database.exec('COMMIT');
}
