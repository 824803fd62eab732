/** The same dialogues with every turn in a process of its own: what a conversation is crosses over as text. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { decodeConversation, encodeConversation } from '../../src/agent/conversation/codec.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { answerJson } from '../../src/present/json.ts';
import type { Item, TakenUp } from '../support/take-up.ts';
import { answerOf, createOfflineApp } from './asking.ts';
import { dialogues } from './dialogues.ts';

const PROGRAM = path.join(import.meta.dirname, '../support/take-up.ts');
const SHARED = path.join(import.meta.dirname, '../../../shared/evals');
const FILE = path.join(SHARED, 'dialogues.jsonl');

interface Talks {
  /** Undefined: the demo. */
  readonly uri?: string | undefined;
  /** Questions of each. */
  readonly talks: readonly (readonly string[])[];
}

/** Choices cross over too. */
const CHOSEN = ['best run by loss', '2', 'how long did it take?'];
const demo: Talks = {
  talks: [CHOSEN, ...Object.values(dialogues).map((turns) => turns.map(([question]) => question))],
};
const stores = [demo, ...sharedTalks()];

function sharedTalks(): Talks[] {
  if (!existsSync(FILE)) {
    process.stderr.write('\nLEFT OUT: dialogues over public databases (../shared/evals is not here).\n\n');
    return [];
  }
  type Line = { store: string; turns: { question: string }[] };
  const lines = readFileSync(FILE, 'utf8').trim().split('\n');
  const byStore = Map.groupBy(
    lines.map((line) => JSON.parse(line) as Line),
    ({ store }) => store,
  );
  return Array.from(byStore, ([store, talks]) => ({
    uri: path.join(SHARED, 'stores', store, 'mlflow.db'),
    talks: talks.map(({ turns }) => turns.map(({ question }) => question)),
  }));
}

/** A fresh process takes one turn of every talk, so that there are as many processes as the longest talk has turns. */
async function takeTurns({ uri, talks }: Talks) {
  const answers: Record<string, unknown>[][] = talks.map(() => []);
  const kept: (string | undefined)[] = [];
  for (let turn = 0; ; turn++) {
    const going = talks.flatMap((questions, talk) => (turn < questions.length ? [talk] : []));
    if (going.length === 0) return { answers, kept };
    const items = going.map((talk) => ({ conversation: kept[talk], question: talks[talk]?.[turn] ?? '' }));
    const done = await takeUp(uri, items);
    for (const [index, talk] of going.entries()) {
      kept[talk] = done[index]?.conversation;
      answers[talk]?.push(done[index]?.answer ?? {});
    }
  }
}

async function takeUp(uri: string | undefined, items: readonly Item[]): Promise<TakenUp[]> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ uri, items }));
  return JSON.parse(await text(child.stdout));
}

/** Two askings of one question differ in these. */
const same = ({ id: _, conversation: __, timing_ms: ___, ...answer }: Record<string, unknown>) => answer;

describe.each(stores)('$uri', (store) => {
  test(`${store.talks.length} dialogues are answered as in one process`, async () => {
    const { answers, kept } = await takeTurns(store);
    const app = createOfflineApp(store.uri);
    for (const [talk, questions] of store.talks.entries()) {
      const conversation = createConversation();
      for (const [turn, question] of questions.entries()) {
        const answer = JSON.parse(JSON.stringify(answerJson(await answerOf(app, question, conversation))));
        expect(same(answers[talk]?.[turn] ?? {}), `${questions.slice(0, turn + 1).join(' → ')}`).toEqual(same(answer));
      }
      const resumed = { ...decodeConversation(kept[talk] ?? ''), id: conversation.id };
      expect(encodeConversation(resumed)).toBe(encodeConversation(conversation));
    }
    await app.close();
  }, 120_000);
});
