/** The places where an inbox is kept, each held against the same contract. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Inbox } from '../../src/conversations/inbox.ts';
import { createMemoryInbox } from '../../src/conversations/memory-inbox.ts';
import { openPostgresqlInbox } from '../../src/conversations/postgresql.ts';
import { openSqliteInbox } from '../../src/conversations/sqlite.ts';
import { createServerDatabase, findDatabaseServers } from '../support/database-servers.ts';
import { makeTemporaryFolder } from '../support/demo.ts';

const LEASE_MS = 200;
const HOLD = path.join(import.meta.dirname, 'hold-item.ts');
const folder = makeTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
let files = 0;

const places: Record<
  string,
  () => Promise<{
    readonly address?: string;
    readonly open: () => Promise<Inbox>;
    readonly close?: () => Promise<void>;
  }>
> = {
  memory: async () => ({ open: async () => createMemoryInbox() }),
  async SQLite() {
    const file = path.join(folder.path, `inbox-${++files}.db`);
    return { address: file, open: () => openSqliteInbox(file, LEASE_MS) };
  },
};
if ((await findDatabaseServers('inbox')).includes('postgresql'))
  places.PostgreSQL = async () => {
    const database = await createServerDatabase('postgresql');
    return {
      address: database.uri,
      open: () => openPostgresqlInbox(database.uri, LEASE_MS),
      close: () => database.drop(),
    };
  };

const item = (id: string, more: object = {}) => ({
  id,
  kind: 'question',
  thread: id,
  author: 'a',
  body: `${id}\0`,
  ...more,
});

describe.each(Object.keys(places))('%s', (name) => {
  async function using(work: (inbox: Inbox, address: string | undefined) => Promise<void>): Promise<void> {
    const place = await places[name]?.();
    if (place === undefined) throw new Error(`there is no ${name}`);
    const inbox = await place.open();
    await work(inbox, place.address);
    await inbox.close();
    await place.close?.();
  }

  test('what comes twice is new once', () =>
    using(async (inbox) => {
      const added = await Promise.all([1, 2, 3].map(() => inbox.add(item('x'))));
      expect(added.filter((isNew) => isNew)).toHaveLength(1);
      expect(await inbox.find('x')).toMatchObject({ id: 'x', progress: null });
      expect(await inbox.find('y')).toBeUndefined();
      expect([await inbox.hasThread('x'), await inbox.hasThread('y')]).toEqual([true, false]);
    }));

  test('the oldest is taken first, one of a thread at a time, and comes back with what was noted', () =>
    using(async (inbox) => {
      for (const [id, thread] of [
        ['1', 't'],
        ['2', 't'],
        ['3', 'u'],
      ] as const) {
        await inbox.add(item(id, { thread }));
        await setTimeout(2);
      }
      const [first, third, none] = [await inbox.take(), await inbox.take(), await inbox.take()];
      expect([first?.item.id, third?.item.id, none]).toEqual(['1', '3', undefined]);
      await first?.note('half');
      await first?.leave();
      const again = await inbox.take();
      expect(again?.item).toMatchObject({ id: '1', progress: 'half' });
      await again?.settle('all');
      expect((await inbox.take())?.item.id).toBe('2');
      expect(await inbox.find('1')).toMatchObject({ progress: 'all' });
      await third?.settle(null);
      expect(await inbox.take()).toBeUndefined();
      expect(await inbox.add(item('1'))).toBe(false);
    }));

  test('those of one person are counted up to one, and settled ones are forgotten', () =>
    using(async (inbox) => {
      for (const id of ['1', '2', '3']) await inbox.add(item(id));
      await inbox.add(item('4', { author: 'b' }));
      const second = await inbox.find('2');
      if (second === undefined) throw new Error('2 is gone');
      expect(await inbox.countUpTo(second, second.created - 1_000)).toBe(2);
      expect(await inbox.countUpTo(second, second.created + 1_000)).toBe(0);
      await (await inbox.take())?.settle(null);
      await inbox.forget('other', Date.now() + 1_000);
      expect(await inbox.find('1')).toBeDefined();
      await inbox.forget('question', Date.now() + 1_000);
      expect([await inbox.find('1'), (await inbox.find('2'))?.id]).toEqual([undefined, '2']);
    }));

  test.skipIf(name === 'memory')('who is gone loses what it held, and is told', () =>
    using(async (inbox, address) => {
      await inbox.add(item('1'));
      const holder = spawn(process.execPath, [HOLD, address ?? '', String(LEASE_MS)]);
      try {
        await once(holder.stdout, 'data');
        // It lives, so it keeps what it holds.
        await setTimeout(3 * LEASE_MS);
        expect(await inbox.take()).toBeUndefined();
        holder.kill('SIGSTOP');
        await setTimeout(2 * LEASE_MS);
        const taken = await inbox.take();
        expect(taken?.item.id).toBe('1');
        // Who only slept finds out when it wakes.
        holder.kill('SIGCONT');
        holder.stdin.end();
        expect(await text(holder.stdout)).toBe('conversation_changed\n');
        await taken?.settle('done');
      } finally {
        holder.kill('SIGKILL');
      }
    }),
  );
});
