/** The places where conversations are kept, each held against the same contract. */
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryConversationStore } from '../../src/conversations/memory.ts';
import { openConversations } from '../../src/conversations/open.ts';
import { openPostgresqlConversations } from '../../src/conversations/postgresql.ts';
import { openSqliteConversations } from '../../src/conversations/sqlite.ts';
import { createServerDatabase, findDatabaseServers } from '../support/database-servers.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { describeConversations, type Place } from './conversations.contract.ts';
import { describeLinks } from './links.contract.ts';

function describePlace(name: string, start: () => Promise<Place>): void {
  describeConversations(name, start);
  describeLinks(name, start);
}

describePlace('memory', async () => ({
  open: async (leaseMs) => createMemoryConversationStore(100, leaseMs),
  close: async () => {},
}));

describePlace('SQLite', async () => {
  const folder = makeTemporaryFolder();
  const address = join(folder.path, 'state', 'runsight', 'conversations.db');
  return {
    address,
    open: (leaseMs) => openSqliteConversations(address, leaseMs),
    close: async () => folder[Symbol.dispose](),
  };
});

const servers = await findDatabaseServers('conversations');
if (servers.includes('postgresql'))
  describePlace('PostgreSQL', async () => {
    const database = await createServerDatabase('postgresql');
    return {
      address: database.uri,
      open: (leaseMs) => openPostgresqlConversations(database.uri, leaseMs),
      close: () => database.drop(),
    };
  });

test('the file is its owner’s alone, and no link is followed', async () => {
  using folder = makeTemporaryFolder();
  const file = join(folder.path, 'runsight', 'conversations.db');
  const store = await openConversations({ file: join(folder.path, 'runsight', 'conversations.db') });
  const turn = await store.of('local').begin('a', 'question', new AbortController().signal);
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual(['600', '600', '600']);
  expect(modeOf(join(folder.path, 'runsight'))).toBe('700');
  await turn.end();
  await store.close();
  const target = join(folder.path, 'precious');
  writeFileSync(target, 'kept');
  const link = join(folder.path, 'link.db');
  symlinkSync(target, link);
  await expect(openSqliteConversations(link)).rejects.toMatchObject({ code: 'conversations_unreachable' });
  expect(readFileSync(target, 'utf8')).toBe('kept');
});

test('what cannot be opened is said without its password', async () => {
  using folder = makeTemporaryFolder();
  const file = join(folder.path, 'conversations.db');
  writeFileSync(file, 'no database, but long enough to be read as one');
  chmodSync(file, 0o644);
  await expect(openSqliteConversations(file)).rejects.toThrow(/^conversations cannot be kept in .*not a database/);
  const address = 'postgresql://user:s3cret@127.0.0.1:1/none';
  const fault = await openConversations({ address }).catch((error: Error) => error);
  expect(fault).toMatchObject({ code: 'conversations_unreachable' });
  expect((fault as Error).message).not.toContain('s3cret');
});
