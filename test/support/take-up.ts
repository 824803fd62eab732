/**
 * A process of its own that takes up conversations: `{ "uri", "items": [{ "conversation", "question" }] }` on standard
 * input, and for each item `{ "answer", "conversation" }` on standard output, conversations encoded.
 */
import { text } from 'node:stream/consumers';
import { decodeConversation, encodeConversation } from '../../src/agent/conversation/codec.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { answerJson } from '../../src/present/json.ts';
import { answerOf, createOfflineApp } from '../evals/asking.ts';

export interface Item {
  /** Undefined: a new one. */
  readonly conversation?: string | undefined;
  readonly question: string;
}

export interface TakenUp {
  readonly answer: Record<string, unknown>;
  readonly conversation: string;
}

const { uri, items } = JSON.parse(await text(process.stdin)) as { uri?: string; items: Item[] };
const app = createOfflineApp(uri);
const done: TakenUp[] = [];
for (const { conversation: encoded, question } of items) {
  const conversation = encoded === undefined ? createConversation() : decodeConversation(encoded);
  const answer = answerJson(await answerOf(app, question, conversation));
  done.push({ answer, conversation: encodeConversation(conversation) });
}
await app.close();
process.stdout.write(JSON.stringify(done));
