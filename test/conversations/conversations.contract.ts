/** What every place where conversations are kept must do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../src/agent/conversation/conversation.ts';
import { NO_USAGE } from '../../src/agent/conversation/conversation.ts';
import type { ConversationStore, Conversations } from '../../src/conversations/conversations.ts';

export interface Place {
  open(leaseMs?: number): Promise<ConversationStore>;
  /** What another process opens; undefined: none can. */
  readonly address?: string;
  close(): Promise<void>;
}

const { signal } = new AbortController();
const LEASE_MS = 600;
const HOLD = join(import.meta.dirname, 'hold.ts');

/** What a question leaves behind, without a model. */
function addTurn(conversation: Conversation, question: string, reply = `about ${question}`): void {
  const turn = { model: 'scripted', text: reply, calls: [], stop: 'end', usage: NO_USAGE } as const;
  conversation.messages = [...conversation.messages, { role: 'user', text: question }, { role: 'assistant', turn }];
}

async function ask(conversations: Conversations, id: string, question: string, reply?: string): Promise<void> {
  const turn = await conversations.begin(id, question, signal);
  addTurn(turn.conversation, question, reply);
  await turn.end();
}

const questionsOf = (conversation: Conversation | undefined): string[] =>
  (conversation?.messages ?? []).flatMap((message) => (message.role === 'user' ? [message.text] : []));

export function describeConversations(name: string, start: () => Promise<Place>): void {
  describe(`conversations in ${name}`, () => {
    let place: Place;
    let store: ConversationStore;
    let mine: Conversations;
    beforeAll(async () => {
      place = await start();
      store = await place.open(LEASE_MS);
    });
    afterAll(async () => {
      await store?.close();
      await place?.close();
    });
    const newId = () => {
      mine = store.of(`owner ${crypto.randomUUID()}`);
      return crypto.randomUUID();
    };

    test('are shared as they were, within a tenant, until withdrawn, shared again or deleted', async () => {
      const id = newId();
      expect(await mine.share(id, 'north')).toBeUndefined();
      await ask(mine, id, 'the first?');
      const first = (await mine.share(id, 'north'))!;
      await ask(mine, id, 'the second?');
      const read = async (secret: string, tenant: string | undefined = 'north') =>
        questionsOf((await store.findShared(tenant, secret))?.conversation);
      expect(await read(first.secret)).toEqual(['the first?']);
      expect(await mine.findShare(id)).toMatchObject({ title: 'the first?', turns: 1, created: first.created });
      expect(await store.of('another').findShare(id)).toBeUndefined();
      expect(await store.of('another').unshare(id)).toBe(false);
      expect(await store.findShared('south', first.secret)).toBeUndefined();
      expect(await store.findShared(undefined, first.secret)).toBeUndefined();
      const again = (await mine.share(id, 'north'))!;
      expect([await read(first.secret), await read(again.secret)]).toEqual([[], ['the first?', 'the second?']]);
      expect([await mine.unshare(id), await mine.unshare(id), await read(again.secret)]).toEqual([true, false, []]);
      const open = (await mine.share(id, undefined))!;
      expect(await store.findShared(undefined, open.secret)).toBeDefined();
      await mine.delete(id);
      expect(await store.findShared(undefined, open.secret)).toBeUndefined();
    });

    test('begin with their first question as title, and are read as they were left', async () => {
      const id = newId();
      const odd = 'best\0 run\nby "f1" 😀 \ud800?';
      await ask(mine, id, odd, '~NaN \0 ünïcode \udfff');
      await ask(mine, id, 'and the second?');
      const found = await mine.read(id);
      expect(questionsOf(found?.conversation)).toEqual([odd, 'and the second?']);
      expect(found?.conversation.messages[1]).toMatchObject({ turn: { text: '~NaN \0 ünïcode \udfff' } });
      expect(found?.entry).toMatchObject({ id, turns: 2 });
      expect(found?.entry.title).toMatch(/^best run by "f1" 😀 .\?$/u);
      expect(found?.entry.updated).toBeGreaterThanOrEqual(found?.entry.created ?? Infinity);
      expect(found?.entry).not.toHaveProperty('interrupted');
    });

    test('are listed latest first, page by page', async () => {
      const ids = [newId(), crypto.randomUUID(), crypto.randomUUID()];
      for (const id of ids) {
        await ask(mine, id, `question of ${id}`);
        await setTimeout(2);
      }
      await ask(mine, ids[0]!, 'again');
      const { entries, total } = await mine.list(2);
      expect([entries.map(({ id }) => id), total]).toEqual([[ids[0], ids[2]], 3]);
      expect((await mine.list(2, 2)).entries.map(({ id }) => id)).toEqual([ids[1]]);
    });

    test('that were only begun are not listed, and keep what was spent', async () => {
      const id = newId();
      const turn = await mine.begin(id, 'cancelled', signal);
      turn.conversation.costUsd = 0.5;
      await turn.end();
      expect(await mine.list(10)).toEqual({ entries: [], total: 0 });
      expect((await mine.read(id))?.conversation.costUsd).toBe(0.5);
    });

    test('are nothing to another owner', async () => {
      const id = newId();
      await ask(mine, id, 'mine');
      const other = store.of('somebody else');
      expect(await other.read(id)).toBeUndefined();
      expect(await other.rename(id, 'theirs')).toBeUndefined();
      expect(await other.branch(id)).toBeUndefined();
      expect(await other.delete(id)).toBe(false);
      expect((await other.list(10)).entries.filter((entry) => entry.id === id)).toEqual([]);
      await ask(other, id, 'theirs');
      expect(questionsOf((await mine.read(id))?.conversation)).toEqual(['mine']);
      await other.delete(id);
    });

    test('are renamed and deleted', async () => {
      const id = newId();
      await ask(mine, id, 'first');
      expect(await mine.rename(id, '  churn \n models ')).toMatchObject({ title: 'churn models' });
      await ask(mine, id, 'second');
      expect((await mine.list(1)).entries[0]).toMatchObject({ title: 'churn models', turns: 2 });
      const long = await mine.rename(id, 'x'.repeat(5_000));
      expect(long?.title).toHaveLength(201);
      expect(await mine.delete(id)).toBe(true);
      expect(await mine.delete(id)).toBe(false);
      expect(await mine.read(id)).toBeUndefined();
    });

    test('branch at a question, and go on apart', async () => {
      const id = newId();
      for (const question of ['one', 'two', 'three']) await ask(mine, id, question);
      const branch = await mine.branch(id, 2);
      expect(branch).toMatchObject({ title: 'one', turns: 2 });
      await ask(mine, branch!.id, 'other three');
      expect(questionsOf((await mine.read(branch!.id))?.conversation)).toEqual(['one', 'two', 'other three']);
      expect(questionsOf((await mine.read(id))?.conversation)).toEqual(['one', 'two', 'three']);
      expect(await mine.branch(id)).toMatchObject({ turns: 3 });
    });

    test('take one question at a time, in the order in which they were asked', async () => {
      const id = newId();
      const questions = Array.from({ length: 8 }, (_, place) => `question ${place}`);
      await Promise.all(questions.map((question) => ask(mine, id, question)));
      expect(questionsOf((await mine.read(id))?.conversation)).toEqual(questions);
    });

    test('wait no longer than who asks', async () => {
      const id = newId();
      const first = await mine.begin(id, 'first', signal);
      const stop = new AbortController();
      const second = mine.begin(id, 'second', stop.signal);
      stop.abort(new Error('left'));
      await expect(second).rejects.toThrow('left');
      addTurn(first.conversation, 'first');
      await first.end();
      await ask(mine, id, 'third');
      expect(questionsOf((await mine.read(id))?.conversation)).toEqual(['first', 'third']);
    });

    test('are held for as long as the question takes', async () => {
      const id = newId();
      const turn = await mine.begin(id, 'slow', signal);
      await mine.rename(id, 'renamed meanwhile');
      await setTimeout(3 * LEASE_MS);
      expect((await mine.list(1)).entries[0]).not.toHaveProperty('interrupted');
      addTurn(turn.conversation, 'slow');
      await turn.end();
      expect((await mine.read(id))?.entry).toMatchObject({ title: 'renamed meanwhile', turns: 1 });
    });

    test('that were deleted while a question ran stay so, and it is said', async () => {
      const id = newId();
      const turn = await mine.begin(id, 'first', signal);
      addTurn(turn.conversation, 'first');
      await mine.delete(id);
      await expect(turn.end()).rejects.toMatchObject({ code: 'conversation_changed' });
      expect(await mine.read(id)).toBeUndefined();
    });

    test('with two processes: questions alternate, each sees what the other left', async (context) => {
      if (place.address === undefined) return context.skip();
      const id = newId();
      const owner = `owner ${id}`;
      const other = await place.open(LEASE_MS);
      const sides = [store.of(owner), other.of(owner)];
      const questions = Array.from({ length: 10 }, (_, turn) => `question ${turn}`);
      for (const [turn, question] of questions.entries()) await ask(sides[turn % 2]!, id, question);
      expect(questionsOf((await sides[0]!.read(id))?.conversation)).toEqual(questions);
      const together = Array.from({ length: 10 }, (_, turn) => ask(sides[turn % 2]!, id, `at once ${turn}`));
      await Promise.all(together);
      expect(questionsOf((await sides[1]!.read(id))?.conversation)).toHaveLength(20);
      await other.close();
    });

    test('of a process that is gone are taken over, and its question stands as interrupted', async (context) => {
      if (place.address === undefined) return context.skip();
      const id = newId();
      const owner = `owner ${id}`;
      const own = store.of(owner);
      await ask(own, id, 'before');
      for (const [signalName, outcome] of [
        ['SIGKILL', undefined],
        ['SIGSTOP', 'conversation_changed'],
      ] as const) {
        const other = spawn(process.execPath, [HOLD, place.address, String(LEASE_MS), owner, id, 'lost']);
        await once(other.stdout, 'data');
        other.kill(signalName);
        await setTimeout(2 * LEASE_MS);
        expect((await own.read(id))?.entry).toMatchObject({ interrupted: 'lost' });
        await ask(own, id, 'asked again');
        expect((await own.read(id))?.entry).not.toHaveProperty('interrupted');
        // Who only slept finds out when it wakes.
        other.kill('SIGCONT');
        other.stdin.end();
        if (outcome !== undefined) expect(await text(other.stdout)).toBe(`${outcome}\n`);
      }
      expect(questionsOf((await own.read(id))?.conversation)).toEqual(['before', 'asked again', 'asked again']);
    });
  });
}
