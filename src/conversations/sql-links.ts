/** Links as rows of three tables, in words that SQLite and PostgreSQL share. */
import type { LinkRows } from './links.ts';
import type { ConversationDatabase } from './sql-rows.ts';

export const LINK_SCHEMA = [
  `CREATE TABLE IF NOT EXISTS runsight_link_codes (
  owner text NOT NULL PRIMARY KEY, tenant text, digest text NOT NULL, expires bigint NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS runsight_link_tries (owner text NOT NULL, id text NOT NULL PRIMARY KEY, tried bigint NOT NULL)',
  'CREATE TABLE IF NOT EXISTS runsight_names (owner text NOT NULL PRIMARY KEY, person text NOT NULL)',
] as const;

const PERSON = '(SELECT person FROM runsight_names WHERE owner = ?)';

export function createSqlLinks(database: ConversationDatabase): LinkRows {
  const { run } = database;
  return {
    async putCode({ owner, tenant, digest, expires }) {
      await run(
        `INSERT INTO runsight_link_codes (owner, tenant, digest, expires) VALUES (?, ?, ?, ?)
         ON CONFLICT (owner) DO UPDATE SET tenant = excluded.tenant, digest = excluded.digest, expires = excluded.expires`,
        [owner, tenant, digest, expires],
      );
    },
    async takeCode(digest, now) {
      const text = 'DELETE FROM runsight_link_codes WHERE digest = ? AND expires > ? RETURNING owner, tenant, expires';
      const [row] = await run(text, [digest, now]);
      if (row === undefined) return undefined;
      const tenant = typeof row.tenant === 'string' ? row.tenant : null;
      return { owner: String(row.owner), tenant, digest, expires: Number(row.expires) };
    },
    async countTry(owner, now, since) {
      await run('DELETE FROM runsight_link_tries WHERE tried <= ?', [since]);
      // Written before it is counted: of many at once none is overlooked.
      const id = crypto.randomUUID();
      await run('INSERT INTO runsight_link_tries (owner, id, tried) VALUES (?, ?, ?)', [owner, id, now]);
      const [row] = await run('SELECT count(*) AS total FROM runsight_link_tries WHERE owner = ?', [owner]);
      return Number(row?.total);
    },
    async join(one, other) {
      for (const owner of [one, other])
        await run('INSERT INTO runsight_names (owner, person) VALUES (?, ?) ON CONFLICT DO NOTHING', [
          owner,
          crypto.randomUUID(),
        ]);
      await run(`UPDATE runsight_names SET person = ${PERSON} WHERE person = ${PERSON}`, [one, other]);
    },
    async namesOf(owner) {
      const text = `SELECT owner FROM runsight_names WHERE person = ${PERSON} AND owner <> ? ORDER BY owner`;
      return [owner, ...(await run(text, [owner, owner])).map((row) => String(row.owner))];
    },
    async part(owner) {
      await run('DELETE FROM runsight_names WHERE owner = ?', [owner]);
    },
    now: () => database.now(),
  };
}
