/** A SQLite database of a test, as it is, on a database server. */
import { DatabaseSync } from 'node:sqlite';
import type { ServerDatabase, ServerKind } from './database-servers.ts';

const TYPES: Readonly<Record<ServerKind, Readonly<Record<string, string>>>> = {
  postgresql: { FLOAT: 'double precision' },
  mysql: { FLOAT: 'DOUBLE', 'VARCHAR(8000)': 'VARCHAR(8000)' },
};

const MARKS = {
  postgresql: (columns: readonly string[]) => columns.map((_column, index) => `$${index + 1}`),
  mysql: (columns: readonly string[]) => columns.map(() => '?'),
};

/** Every table with its rows; keys and indexes are left behind. */
export async function copyDatabase(path: string, target: ServerDatabase): Promise<void> {
  const { kind } = target;
  const quote = (name: unknown): string => (kind === 'mysql' ? `\`${name}\`` : `"${name}"`);
  using source = new DatabaseSync(path, { readOnly: true });
  for (const { name } of source.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()) {
    const columns = source.prepare(`PRAGMA table_info("${name}")`).all();
    const isFlag = columns.map(({ type }) => type === 'BOOLEAN');
    const written = columns.map((column) => `${quote(column.name)} ${TYPES[kind][String(column.type)] ?? column.type}`);
    await target.execute(`CREATE TABLE ${quote(name)} (${written.join(', ')})`);
    const marks = MARKS[kind](written).join(', ');
    const select = source.prepare(`SELECT * FROM "${name}"`);
    select.setReadBigInts(true);
    for (const row of select.all()) {
      const values = Object.values(row).map((value, index) => (isFlag[index] ? Boolean(value) : value));
      await target.execute(`INSERT INTO ${quote(name)} VALUES (${marks})`, values);
    }
  }
}
