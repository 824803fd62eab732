/** Small databases as MLflow made them, and what a careless or hostile hand can make of one. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { seededRandom } from '../../src/analysis/prng.ts';
import type { StoreErrorCode } from '../../src/mlflow/errors.ts';
import { demoPath } from './demo.ts';

const TABLES = ['experiments', 'experiment_tags', 'runs', 'params', 'tags', 'metrics', 'latest_metrics'];
const MORE = ['datasets', 'inputs', 'input_tags', 'alembic_version'];
/** The run that cases about one run spoil; it is the best of the small database's by `f1_score`. */
export const BEST = 'ec647f4f';
const WHERE_BEST = `run_uuid LIKE '${BEST}%'`;

const open = (path: string): DatabaseSync => new DatabaseSync(path, { enableForeignKeyConstraints: false });

/** Some of the demo's runs in tables of MLflow's own making: 300 KB. */
export function writeSmallDatabase(path: string): void {
  using database = open(path);
  database.exec(`ATTACH '${demoPath}' AS demo`);
  const names = [...TABLES, ...MORE].map((name) => `'${name}'`).join();
  const made = database.prepare(
    `SELECT sql FROM demo.sqlite_master WHERE tbl_name IN (${names}) AND sql IS NOT NULL ORDER BY type = 'index'`,
  );
  for (const { sql } of made.all()) database.exec(String(sql));
  database.exec('CREATE TEMP TABLE kept (run_uuid PRIMARY KEY)');
  database.exec(`INSERT INTO kept SELECT run_uuid FROM demo.runs WHERE experiment_id IN (1, 4, 5) OR ${WHERE_BEST}`);
  database.exec('INSERT OR IGNORE INTO kept SELECT run_uuid FROM demo.runs WHERE experiment_id = 2 LIMIT 60');
  for (const table of ['runs', 'params', 'tags', 'metrics', 'latest_metrics'])
    database.exec(`INSERT INTO ${table} SELECT * FROM demo.${table} WHERE run_uuid IN (SELECT run_uuid FROM kept)`);
  for (const table of ['experiments', 'experiment_tags', ...MORE])
    database.exec(`INSERT INTO ${table} SELECT * FROM demo.${table}`);
}

export interface HostileDatabase {
  readonly name: string;
  /** Does it to a copy of the small database at `path`; what must be let go of afterwards, if anything. */
  readonly make: (path: string) => undefined | (() => void);
  /**
   * The fault that is due, or how many runs and experiments are lost, wholly or in part, while the rest answers.
   */
  readonly due: StoreErrorCode | number;
  /** Takes seconds, or hundreds of megabytes. */
  readonly isSlow?: boolean;
}

type Make = (path: string) => void;

const sql =
  (...statements: string[]): Make =>
  (path) => {
    using database = open(path);
    database.exec('PRAGMA legacy_alter_table = ON');
    for (const statement of statements) database.exec(statement);
  };
/** A schema that has been written over. */
const overwrite =
  (table: string, text: string): Make =>
  (path) => {
    // Node keeps its own handles from doing so.
    const script = `import sqlite3, sys
c = sqlite3.connect(sys.argv[1]); c.execute("PRAGMA writable_schema = ON")
c.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sys.argv[2], sys.argv[3])); c.commit()`;
    execFileSync('python3', ['-c', script, path, text, table]);
  };
const pipe = (path: string): void => {
  rmSync(path, { force: true });
  execFileSync('mkfifo', [path]);
};
/** From 0 to 1. */
function fractions(seed: number): () => number {
  const random = seededRandom(seed);
  return () => random() / 2 ** 32;
}
const noise = (bytes: number, seed: number): Buffer => {
  const random = fractions(seed);
  return Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
};
const asWal: Make = sql('PRAGMA journal_mode = WAL');
const copyAs = (table: string, select = `SELECT * FROM own`) =>
  sql(`ALTER TABLE ${table} RENAME TO own`, `CREATE TABLE ${table} AS ${select}`);
const viewOf = (table: string, select: string) =>
  sql(`ALTER TABLE ${table} RENAME TO own`, `CREATE VIEW ${table} AS ${select}`);
/** The same table, its text changed in a place. */
const remake =
  (table: string, from: string | RegExp, to: string): Make =>
  (path) => {
    using database = open(path);
    const { sql: text } = database.prepare('SELECT sql FROM sqlite_master WHERE name = ?').get(table) as {
      sql: string;
    };
    database.exec(`PRAGMA legacy_alter_table = ON; ALTER TABLE ${table} RENAME TO own`);
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${table}: nothing to change in ${text}`);
    database.exec(changed);
    const columns = database
      .prepare(`PRAGMA table_info(own)`)
      .all()
      .map(({ name }) => `"${name}"`);
    database.exec(`INSERT INTO ${table} (${columns.join()}) SELECT ${columns.join()} FROM own; DROP TABLE own`);
  };
const many = (count: number) =>
  `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ${count}) SELECT x FROM c`;
const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c';
const bestId = `(SELECT run_uuid FROM runs WHERE ${WHERE_BEST})`;
/** A journal that was left by a writer, as its header says. */
const HOT_JOURNAL = Buffer.concat([
  Buffer.from('d9d505f920a163d7ffffffff00112233000000010000020000001000', 'hex'),
  Buffer.alloc(484),
  Buffer.from('00000002', 'hex'),
  Buffer.alloc(4_100),
]);
/** Without what it was left with. */
const withLog =
  (change: (path: string) => void): Make =>
  (path) => {
    const own = `${path}.own`;
    renameSync(path, own);
    const writer = open(own);
    writer.exec("PRAGMA journal_mode = WAL; UPDATE runs SET name = name || '!'");
    for (const part of ['', '-wal']) copyFileSync(own + part, path + part);
    writer.close();
    for (const part of ['', '-wal', '-shm']) rmSync(own + part, { force: true });
    change(path);
  };

/**
 * Pages of a table that lead to one another so often that no one sees the end: what no rule about tables can find. Every
 * page but the last names the next one for each of its children.
 */
const endless =
  (table: string): Make =>
  (path) => {
    const database = open(path);
    const made = database.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').get(table);
    const rootpage = table === 'sqlite_master' ? 1 : Number(made?.rootpage);
    database.close();
    const size = 4_096;
    const old = readFileSync(path);
    const leaf = old.length / size + 1;
    const [depth, cells] = [8, 300];
    const inner = (child: number, page = Buffer.alloc(size), start = 0): Buffer => {
      page.writeUInt8(5, start);
      page.writeUInt16BE(cells, start + 3);
      page.writeUInt16BE(size - cells * 5, start + 5);
      page.writeUInt32BE(child, start + 8);
      for (let cell = 0; cell < cells; cell++) {
        const at = size - (cell + 1) * 5;
        page.writeUInt16BE(at, start + 12 + cell * 2);
        page.writeUInt32BE(child, at);
        page.writeUInt8(100, at + 4);
      }
      return page;
    };
    // The table's own root, where its header begins, and inner pages above it.
    const start = rootpage === 1 ? 100 : 0;
    const root = old.subarray((rootpage - 1) * size, rootpage * size);
    const own = Buffer.from(root);
    own.copy(own, 0, start, start + 12 + 2 * own.readUInt16BE(start + 3));
    const pages = [own, ...Array.from({ length: depth }, (_, at) => inner(leaf + at))];
    inner(leaf + depth, root, start);
    old.writeUInt32BE(leaf + depth, 28);
    writeFileSync(path, Buffer.concat([old, ...pages]));
  };

const bad = (name: string, make: Make, due: HostileDatabase['due']): HostileDatabase => ({
  name,
  make(path) {
    make(path);
    return undefined;
  },
  due,
});
const spoil = (name: string, set: string, due: HostileDatabase['due'] = 1) => bad(name, sql(set), due);

const SCHEMAS: readonly HostileDatabase[] = [
  bad('a view without end for runs', viewOf('runs', `SELECT own.* FROM own, (${ENDLESS})`), 'database_unreadable'),
  bad(
    'a view without end for experiments',
    viewOf('experiments', `SELECT own.* FROM own, (${ENDLESS})`),
    'database_unreadable',
  ),
  bad(
    'a view for latest_metrics',
    viewOf('latest_metrics', `SELECT * FROM own WHERE (${ENDLESS}) > 0`),
    'database_unreadable',
  ),
  bad('a harmless view', viewOf('params', 'SELECT * FROM own'), 'database_unreadable'),
  bad(
    'a view of a view',
    sql('ALTER TABLE runs RENAME TO own', 'CREATE VIEW a AS SELECT * FROM own', 'CREATE VIEW runs AS SELECT * FROM a'),
    'database_unreadable',
  ),
  bad(
    'a view of itself',
    sql('ALTER TABLE runs RENAME TO own', 'CREATE VIEW runs AS SELECT * FROM a', 'CREATE VIEW a AS SELECT * FROM runs'),
    'database_unreadable',
  ),
  bad(
    'a virtual table',
    sql('ALTER TABLE tags RENAME TO own', 'CREATE VIRTUAL TABLE tags USING fts5(key, value, run_uuid)'),
    'database_unreadable',
  ),
  bad(
    'a virtual table of coordinates',
    sql('ALTER TABLE metrics RENAME TO own', 'CREATE VIRTUAL TABLE metrics USING rtree(id, a, b)'),
    'database_unreadable',
  ),
  bad('no row ids', remake('params', /\)\s*$/, ') WITHOUT ROWID'), 'database_unreadable'),
  bad('a column called rowid', sql('ALTER TABLE runs ADD rowid INTEGER'), 'database_unreadable'),
  bad(
    'a column that is computed',
    remake('runs', 'status VARCHAR(9)', 'status VARCHAR(9), more GENERATED ALWAYS AS (run_uuid || name) VIRTUAL'),
    'database_unreadable',
  ),
  bad(
    'a column without case',
    remake('runs', 'run_uuid VARCHAR(32)', 'run_uuid VARCHAR(32) COLLATE NOCASE'),
    'database_unreadable',
  ),
  bad(
    'a collation that nobody knows',
    overwrite('runs', `CREATE TABLE runs (run_uuid VARCHAR(32) COLLATE evil PRIMARY KEY)`),
    'database_unreadable',
  ),
  bad(
    'no primary key, ids twice',
    copyAs('runs', 'SELECT * FROM own UNION ALL SELECT * FROM own'),
    'database_unreadable',
  ),
  bad(
    'no primary key, ids missing',
    copyAs('params', 'SELECT key, value, NULL AS run_uuid FROM own'),
    'database_unreadable',
  ),
  bad(
    'experiments by text',
    copyAs('experiments', "SELECT 'x' || experiment_id AS experiment_id, name, lifecycle_stage, workspace FROM own"),
    'database_unreadable',
  ),
  bad(
    'a schema with fewer columns',
    overwrite('runs', 'CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL, CONSTRAINT run_pk PRIMARY KEY (run_uuid))'),
    'not_mlflow',
  ),
  bad('a schema that is no SQL', overwrite('runs', 'garbage'), 'database_unreadable'),
  bad('a schema that makes a view', overwrite('runs', 'CREATE VIEW runs AS SELECT 1'), 'database_unreadable'),
  bad('a table that is not there', sql('DROP TABLE runs'), 'not_mlflow'),
  bad('tables of another program', sql('DROP TABLE params', 'CREATE TABLE params (a, b)'), 'not_mlflow'),
  bad('a trigger', sql("CREATE TRIGGER t BEFORE INSERT ON runs BEGIN UPDATE runs SET name = 'x'; END"), 0),
  bad('an index on an expression', sql('CREATE INDEX ix ON runs (length(name || zeroblob(10)))'), 0),
  bad(
    '4,000 other tables',
    (path) => sql('BEGIN', ...Array.from({ length: 4_000 }, (_, at) => `CREATE TABLE t${at} (x)`), 'COMMIT')(path),
    0,
  ),
  bad('names that need quotes', sql('CREATE TABLE "a""b;--" (x)', 'CREATE VIEW "\u001b[31m" AS SELECT 1'), 0),
  bad('no experiments', sql('DELETE FROM experiments'), 0),
  bad('no revision', sql('DROP TABLE alembic_version'), 0),
  bad('an odd revision', sql("UPDATE alembic_version SET version_num = char(27) || '[31m; drop'"), 0),
  bad('a revision of 200 MB', sql('UPDATE alembic_version SET version_num = CAST(zeroblob(200000000) AS TEXT)'), 0),
];

const ROWS: readonly HostileDatabase[] = [
  spoil('a name that is a BLOB', `UPDATE runs SET name = x'ff00fe1b5b33316d' WHERE ${WHERE_BEST}`),
  spoil('a name of 200 MB', `UPDATE runs SET name = CAST(zeroblob(200000000) AS TEXT) WHERE ${WHERE_BEST}`),
  spoil('no name', `UPDATE runs SET name = NULL WHERE ${WHERE_BEST}`, 0),
  spoil('a name that is no UTF-8', `UPDATE runs SET name = CAST(x'41ff80ff42' AS TEXT) WHERE ${WHERE_BEST}`, 0),
  spoil('a name with NUL', `UPDATE runs SET name = 'a' || char(0) || 'b' WHERE ${WHERE_BEST}`, 0),
  spoil('an id that is a BLOB', `UPDATE runs SET run_uuid = CAST(run_uuid AS BLOB) WHERE ${WHERE_BEST}`),
  spoil('an empty id', `UPDATE runs SET run_uuid = '' WHERE ${WHERE_BEST}`),
  spoil('an id of 1 MB', `UPDATE runs SET run_uuid = CAST(zeroblob(1000000) AS TEXT) WHERE ${WHERE_BEST}`),
  spoil('a start that is text', `UPDATE runs SET start_time = 'soon' WHERE ${WHERE_BEST}`),
  spoil('a start that is real', `UPDATE runs SET start_time = 1.5e300 WHERE ${WHERE_BEST}`),
  spoil('a start out of range', `UPDATE runs SET start_time = 9223372036854775807 WHERE ${WHERE_BEST}`),
  spoil('an end out of range', `UPDATE runs SET end_time = -9223372036854775807 WHERE ${WHERE_BEST}`),
  spoil('an experiment that is text', `UPDATE runs SET experiment_id = 'x' WHERE ${WHERE_BEST}`),
  spoil('a metric that is text', `UPDATE latest_metrics SET value = 'abc' WHERE ${WHERE_BEST} AND key = 'f1_score'`),
  spoil(
    'a metric that is a BLOB',
    `UPDATE latest_metrics SET value = x'00ff' WHERE ${WHERE_BEST} AND key = 'f1_score'`,
  ),
  spoil(
    'a metric without bounds',
    `UPDATE latest_metrics SET value = 9e999 WHERE ${WHERE_BEST} AND key = 'f1_score'`,
    0,
  ),
  spoil('a step that is real', `UPDATE latest_metrics SET step = 1.5 WHERE ${WHERE_BEST} AND key = 'f1_score'`),
  spoil(
    'a flag that is text',
    `PRAGMA ignore_check_constraints = 1; UPDATE latest_metrics SET is_nan = 'no' WHERE ${WHERE_BEST} AND key = 'f1_score'`,
  ),
  spoil('a param that is a BLOB', `UPDATE params SET value = x'00' WHERE ${WHERE_BEST} AND key = 'learning_rate'`),
  spoil(
    'a param of 500 MB',
    `UPDATE params SET value = CAST(zeroblob(500000000) AS TEXT) WHERE ${WHERE_BEST} AND key = 'learning_rate'`,
  ),
  spoil(
    'eight tags of 100 MB',
    `UPDATE tags SET value = CAST(zeroblob(100000000) AS TEXT) WHERE rowid IN (SELECT rowid FROM tags WHERE ${WHERE_BEST} LIMIT 8)`,
  ),
  spoil('a key that is a BLOB', `UPDATE params SET key = x'00ff' WHERE ${WHERE_BEST} AND key = 'learning_rate'`),
  spoil('an experiment whose name is a BLOB', `UPDATE experiments SET name = x'00' WHERE experiment_id = 5`),
  spoil(
    'an experiment made at no time',
    `UPDATE experiments SET creation_time = 9223372036854775807, last_update_time = 'x' WHERE experiment_id = 5`,
    0,
  ),
  spoil('an experiment tag that is a BLOB', `INSERT INTO experiment_tags VALUES ('k', x'00', 5)`),
  spoil(
    'every name a BLOB but one',
    `UPDATE runs SET name = x'00' WHERE NOT ${WHERE_BEST} AND experiment_id = 2 AND lifecycle_stage = 'active'`,
    60,
  ),
  spoil(
    'a million tags on a run',
    `INSERT INTO tags SELECT 'k' || x, 'v', ${bestId} FROM (${many(1_000_000)})`,
    'database_unreadable',
  ),
  spoil(
    'four hundred tags of 1 MiB',
    `INSERT INTO tags SELECT 'k' || x, CAST(zeroblob(1048576) AS TEXT), ${bestId} FROM (${many(400)})`,
    'database_unreadable',
  ),
  spoil(
    'a hundred thousand metrics on a run',
    `INSERT INTO latest_metrics SELECT 'k' || x, 0.5, 1, 0, 0, ${bestId} FROM (${many(100_000)})`,
    0,
  ),
  spoil(
    'row ids at the end of the numbers',
    `UPDATE runs SET rowid = 9223372036854775806 WHERE ${WHERE_BEST}`,
    'database_unreadable',
  ),
];

const FILES: readonly HostileDatabase[] = [
  bad('a pipe', pipe, 'database_unreadable'),
  bad('a folder', (path) => [rmSync(path), mkdirSync(path)], 'not_mlflow'),
  bad('a device', (path) => [rmSync(path), symlinkSync('/dev/zero', path)], 'database_unreadable'),
  bad('a link to itself', (path) => [rmSync(path), symlinkSync(path, path)], 'database_unreadable'),
  bad('a link', (path) => [renameSync(path, `${path}.real`), symlinkSync(`${path}.real`, path)], 0),
  bad('nothing in it', (path) => writeFileSync(path, ''), 'empty_database'),
  bad('text', (path) => writeFileSync(path, 'hello'.repeat(1_000)), 'not_mlflow'),
  bad('a header only', (path) => truncateSync(path, 100), 'database_unreadable'),
  bad('the first page only', (path) => truncateSync(path, 4_096), 'database_unreadable'),
  bad('half of it', (path) => truncateSync(path, readFileSync(path).length >> 1), 'database_unreadable'),
  bad(
    'zeros behind the first page',
    (path) =>
      writeFileSync(
        path,
        Buffer.concat([readFileSync(path).subarray(0, 4_096), Buffer.alloc(readFileSync(path).length - 4_096)]),
      ),
    'database_unreadable',
  ),
  bad('more behind the end', (path) => appendFileSync(path, noise(10_000, 7)), 0),
  bad('a pipe for a journal', (path) => pipe(`${path}-journal`), 'database_unreadable'),
  bad(
    'a pipe for the journal of what a link leads to',
    (path) => [renameSync(path, `${path}.real`), symlinkSync(`${path}.real`, path), pipe(`${path}.real-journal`)],
    'database_unreadable',
  ),
  bad('a folder for a journal', (path) => mkdirSync(`${path}-journal`), 'database_unreadable'),
  bad('a link for a journal', (path) => symlinkSync('/dev/zero', `${path}-journal`), 'database_unreadable'),
  bad('a journal of noise', (path) => writeFileSync(`${path}-journal`, noise(100_000, 3)), 'database_unreadable'),
  bad(
    'a journal of a writer that stopped',
    (path) => writeFileSync(`${path}-journal`, HOT_JOURNAL),
    'database_unreadable',
  ),
  bad('an empty journal', (path) => writeFileSync(`${path}-journal`, ''), 0),
  bad('a journal of zeros', (path) => writeFileSync(`${path}-journal`, Buffer.alloc(5_000)), 0),
  bad('a pipe for a log', (path) => [asWal(path), pipe(`${path}-wal`)], 'database_unreadable'),
  bad('a folder for a log', (path) => [asWal(path), mkdirSync(`${path}-wal`)], 'database_unreadable'),
  bad('a log of noise', (path) => [asWal(path), writeFileSync(`${path}-wal`, noise(100_000, 4))], 0),
  bad('a log of noise where there is none', (path) => writeFileSync(`${path}-wal`, noise(100_000, 4)), 0),
  bad('an empty log where there is none', (path) => writeFileSync(`${path}-wal`, ''), 0),
  bad(
    'a log whose shared memory is a pipe',
    withLog((path) => pipe(`${path}-shm`)),
    'database_unreadable',
  ),
  bad(
    'a log without its shared memory',
    withLog(() => {}),
    0,
  ),
  bad(
    'a log that is cut',
    withLog((path) => truncateSync(`${path}-wal`, 5_000)),
    0,
  ),
  bad(
    'UTF-16',
    (path) => {
      const from = `${path}.from`;
      renameSync(path, from);
      using source = open(from);
      using database = open(path);
      database.exec("PRAGMA encoding = 'UTF-16'");
      const made = source.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL').all();
      for (const { sql: text } of made) database.exec(String(text));
      database.exec('BEGIN');
      for (const table of [...TABLES, ...MORE])
        for (const row of source.prepare(`SELECT * FROM ${table}`).all()) {
          const cells = Object.values(row);
          database.prepare(`INSERT INTO ${table} VALUES (${cells.map(() => '?').join()})`).run(...cells);
        }
      database.exec('COMMIT');
      rmSync(from);
    },
    0,
  ),
  {
    name: 'locked for good',
    make(path) {
      const writer = open(path);
      writer.exec('BEGIN EXCLUSIVE');
      return () => writer.close();
    },
    due: 'database_busy',
  },
];

/** Statements over them do not end: only the process that they run in can be ended. */
export const ENDLESS_TREES: readonly HostileDatabase[] = ['runs', 'params', 'sqlite_master'].map((table) =>
  bad(`pages of ${table} without end`, endless(table), 'source_timeout'),
);

const SLOW: ReadonlySet<string> = new Set([
  'a revision of 200 MB',
  'a name of 200 MB',
  'a param of 500 MB',
  'eight tags of 100 MB',
  'a million tags on a run',
  'four hundred tags of 1 MiB',
  'a hundred thousand metrics on a run',
  '4,000 other tables',
  'locked for good',
]);

/** Each fault once. */
export const HOSTILE: readonly HostileDatabase[] = [...SCHEMAS, ...ROWS, ...FILES].map((one) => ({
  ...one,
  isSlow: SLOW.has(one.name),
}));

/** Bytes turned over anywhere, more often where the file says how it is built; half of them also cut. */
export function flipBytes(path: string, seed: number): void {
  const random = fractions(seed);
  const bytes = readFileSync(path);
  const count = [1, 3, 20, 200][Math.floor(random() * 4)]!;
  for (let flip = 0; flip < count; flip++) {
    const at =
      random() < 0.7 ? random() * bytes.length : (((random() * bytes.length) / 4_096) | 0) * 4_096 + random() * 16;
    bytes[Math.floor(at)] = Math.floor(random() * 256);
  }
  writeFileSync(path, random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes);
}
