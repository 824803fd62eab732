/** What every place must do with names of one person. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { NO_USAGE } from '../../src/agent/conversation/conversation.ts';
import type { ConversationStore, Conversations } from '../../src/conversations/conversations.ts';
import { ownerWithin } from '../../src/conversations/conversations.ts';
import { CODE_MS, MOST_TRIES } from '../../src/conversations/links.ts';
import type { Place } from './conversations.contract.ts';

const { signal } = new AbortController();
const ACCEPT = join(import.meta.dirname, 'accept.ts');
const WRONG = '00000-00000';

async function ask(conversations: Conversations, id: string, question: string): Promise<void> {
  const turn = await conversations.begin(id, question, signal);
  const reply = { model: 'scripted', text: 'a reply', calls: [], stop: 'end', usage: NO_USAGE } as const;
  turn.conversation.messages = [
    ...turn.conversation.messages,
    { role: 'user', text: question },
    { role: 'assistant', turn: reply },
  ];
  await turn.end();
}

const titles = async (conversations: Conversations) => (await conversations.list(10)).entries.map(({ title }) => title);

export function describeLinks(name: string, start: () => Promise<Place>): void {
  describe(`names in ${name}`, () => {
    let place: Place;
    let store: ConversationStore;
    let [ann, local, bob] = ['', '', ''];
    beforeAll(async () => {
      place = await start();
      store = await place.open();
    });
    afterAll(async () => {
      await store?.close();
      await place?.close();
    });
    beforeEach(() => {
      const some = crypto.randomUUID();
      [ann, local, bob] = [`ann ${some}`, `local ${some}`, `bob ${some}`];
    });
    afterEach(() => vi.restoreAllMocks());
    const join = async (one: string, other: string) =>
      store.links.accept({ owner: other }, await store.links.offer({ owner: one }));

    test('that were joined see one another’s conversations, each where it began', async () => {
      await ask(store.of(ann), 'a', 'of ann');
      await ask(store.of(local), 'b', 'of local');
      await ask(store.of(bob), 'c', 'of bob');
      const code = await store.links.offer({ owner: ann });
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
      // As somebody types it.
      const typed = ` ${code.toLowerCase().replace('-', '').replaceAll('0', 'o').replaceAll('1', 'l')} `;
      expect(await store.links.accept({ owner: local }, typed)).toEqual({ kind: 'joined', other: ann });
      for (const owner of [ann, local]) expect((await titles(store.of(owner))).sort()).toEqual(['of ann', 'of local']);
      await ask(store.of(local), 'a', 'and more');
      expect(await store.of(ann).read('a')).toMatchObject({ entry: { turns: 2 } });
      expect(await store.of(local).list(1, 1)).toMatchObject({ entries: [{ id: 'b' }], total: 2 });
      expect(await store.of(local).rename('a', 'by another name')).toMatchObject({ title: 'by another name' });
      expect(await store.of(ann).delete('b')).toBe(true);
      expect(await titles(store.of(local))).toEqual(['by another name']);
      expect(await store.of(bob).read('a')).toBeUndefined();
      expect(await titles(store.of(bob))).toEqual(['of bob']);
    });

    test('are those of one person, however they were joined, until one is taken out', async () => {
      await join(ann, local);
      await join(bob, local);
      await ask(store.of(bob), 'c', 'of bob');
      expect(await store.links.list({ owner: ann })).toEqual([bob, local].sort());
      expect(await titles(store.of(ann))).toEqual(['of bob']);
      expect(await store.links.remove({ owner: ann }, 'nobody')).toBe(false);
      expect(await store.links.remove({ owner: ann }, bob)).toBe(true);
      expect([await store.links.list({ owner: ann }), await store.links.list({ owner: bob })]).toEqual([[local], []]);
      expect([await titles(store.of(ann)), await titles(store.of(bob))]).toEqual([[], ['of bob']]);
    });

    test('are joined by a code once, only by the last, not by oneself', async () => {
      const old = await store.links.offer({ owner: ann });
      const code = await store.links.offer({ owner: ann });
      const used = await store.links.accept({ owner: local }, code);
      expect(used.kind).toBe('joined');
      const refusals = [
        await store.links.accept({ owner: bob }, old),
        await store.links.accept({ owner: bob }, code),
        await store.links.accept({ owner: bob }, WRONG),
        await store.links.accept({ owner: bob }, ''),
      ];
      expect(new Set(refusals.map((one) => JSON.stringify(one))).size).toBe(1);
      expect(refusals[0]).toMatchObject({ why: expect.stringMatching(/^no such code: .*RUNSIGHT_CONVERSATIONS/) });
      expect(await join(ann, ann)).toMatchObject({ why: expect.stringContaining('your own') });
      expect(await store.links.list({ owner: bob })).toEqual([]);
    });

    test('of two tenants are never joined', async () => {
      for (const [one, other] of [
        ['red', 'blue'],
        ['red', undefined],
        [undefined, 'red'],
      ]) {
        const code = await store.links.offer({ owner: ann, tenant: one });
        const outcome = await store.links.accept({ owner: local, tenant: other }, code);
        expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining('another tenant') });
        expect(await store.links.list({ owner: ann, tenant: one })).toEqual([]);
      }
      const code = await store.links.offer({ owner: ann, tenant: 'red' });
      expect(await store.links.accept({ owner: local, tenant: 'red' }, code)).toEqual({
        kind: 'joined',
        other: `red/${ann}`,
      });
      await ask(store.of(ownerWithin('red', ann)), 'r', 'of red ann');
      expect(await titles(store.of(ownerWithin('red', local)))).toEqual(['of red ann']);
      expect(await titles(store.of(local))).toEqual([]);
    });

    test('get so many tries, whatever they type then', async () => {
      const code = await store.links.offer({ owner: ann });
      for (let tried = 0; tried < MOST_TRIES; tried++) await store.links.accept({ owner: local }, WRONG);
      const late = await store.links.accept({ owner: local }, code);
      expect(late).toMatchObject({ kind: 'refused', why: expect.stringMatching(/^too many codes/) });
      expect((await store.links.accept({ owner: bob }, code)).kind).toBe('joined');
    });

    test('with two processes: a code that both type at once joins one', async (context) => {
      if (place.address === undefined) return context.skip();
      const code = await store.links.offer({ owner: ann });
      if (!place.address.includes('://')) expect(readFileSync(`${place.address}-wal`).includes(code)).toBe(false);
      const both = [local, bob].map((owner) =>
        spawn(process.execPath, [ACCEPT, place.address!, code, owner, `${owner} too`, `${owner} as well`]),
      );
      await Promise.all(both.map(({ stdout }) => once(stdout, 'data')));
      for (const { stdin } of both) stdin.end();
      const said = (await Promise.all(both.map(({ stdout }) => text(stdout)))).join(' ').trim().split(/\s+/);
      expect(said.sort()).toEqual(['joined', ...Array.from({ length: 5 }, () => 'refused')]);
      expect(await store.links.list({ owner: ann })).toHaveLength(1);
    });

    test('are joined within ten minutes', async (context) => {
      // A database has a clock of its own.
      if (place.address?.includes('://')) return context.skip();
      const code = await store.links.offer({ owner: ann });
      const now = Date.now();
      vi.spyOn(Date, 'now').mockReturnValue(now + CODE_MS + 1);
      expect((await store.links.accept({ owner: local }, code)).kind).toBe('refused');
      vi.spyOn(Date, 'now').mockReturnValue(now + CODE_MS - 1_000);
      expect((await store.links.accept({ owner: local }, code)).kind).toBe('joined');
    });
  });
}
