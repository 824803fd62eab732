/** A conversation as text: whatever it holds comes back, and damage is told and never runs. */
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONVERSATION_VERSION,
  ConversationError,
  decodeConversation,
  encodeConversation,
} from '../../../src/agent/conversation/codec.ts';
import { type Conversation, createConversation } from '../../../src/agent/conversation/conversation.ts';
import { fromJson, toJson } from '../../../src/agent/conversation/plain-json.ts';
import { createScriptedModel } from '../../../src/agent/models/scripted.ts';
import { ToolError } from '../../../src/tools/define/errors.ts';
import { askOnce, createBody, createDeps, createTool } from '../doubles.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '~', '~NaN', '~map'));
const cell = fc.oneof(
  text,
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(undefined, null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
);
const { plain } = fc.letrec<{ plain: unknown }>((tie) => {
  const entries = fc.array(fc.tuple(text, tie('plain')), { maxLength: 4 });
  return {
    plain: fc.oneof(
      { depthSize: 'small' },
      cell,
      fc.array(tie('plain'), { maxLength: 4 }),
      entries.map((pairs) => Object.fromEntries(pairs)),
      entries.map((pairs) => new Map(pairs)),
      fc.array(cell, { maxLength: 4 }).map((items) => new Set(items)),
    ),
  };
});

/** Two questions: one that found something and one that failed, with values that JSON has no words for. */
async function talk(cells: readonly (string | number | bigint | boolean | undefined)[]): Promise<Conversation> {
  const rank = createTool('rank', async (n) => {
    if (n < 0) throw new ToolError('unknown_metric', 'There is no metric "f2".', { hint: 'Nearest: f1.' });
    const odd = Object.fromEntries([['__proto__', 0.1 + 0.2]]);
    return createBody([['run', 'run'], ...cells.map((_, i) => [`c${i}`, 'metric'] as const)], [[undefined, ...cells]], {
      data: { tables: [{ columns: [], rows: [[...cells], []], total: 2 }], facts: odd },
    });
  });
  const model = createScriptedModel([
    {
      calls: [
        { name: 'rank', input: { n: 1 } },
        { name: 'rank', input: { n: -1 } },
      ],
    },
    { text: 'Done.' },
    { text: '[clarify] Which?\n1. `a`\n2. `b`' },
  ]);
  const { conversation } = await askOnce(createDeps(model, [rank]));
  await askOnce(createDeps(model, [rank]), 'And?', conversation);
  return conversation;
}

describe('a conversation', () => {
  it('comes back from text as it was', async () => {
    const values = fc.array(fc.oneof(text, fc.double(), fc.bigInt(), fc.boolean(), fc.constant(undefined)));
    await fc.assert(
      fc.asyncProperty(values, async (cells) => {
        const conversation = await talk(cells);
        const decoded = decodeConversation(encodeConversation(conversation));
        expect(decoded).toStrictEqual(conversation);
        // A message and the list hold one finding, not two that are alike.
        const [result] = decoded.messages.flatMap((message) => (message.role === 'tools' ? message.results : []));
        expect(result?.outcome.ok && result.outcome.finding).toBe(decoded.findings[0]);
      }),
      { numRuns: 50 },
    );
  });

  it('that is cut off or of another version is told so in one line', async () => {
    const encoded = encodeConversation(await talk([1]));
    const older = encoded.replace(`"version":${CONVERSATION_VERSION}`, '"version":0');
    expect(() => decodeConversation(older)).toThrow(
      expect.objectContaining({ code: 'conversation_version', message: expect.stringContaining('is of version 0') }),
    );
    fc.assert(
      fc.property(fc.nat({ max: encoded.length - 1 }), (length) => {
        expect(() => decodeConversation(encoded.slice(0, length))).toThrow(ConversationError);
      }),
    );
  });

  it.each<[string, (stored: Record<string, unknown>) => void, RegExp]>([
    ['no id', (stored) => delete stored.id, /id: /],
    [
      'a message of nobody',
      (stored) => Object.assign(stored, { messages: [{ role: 'system', text: '' }] }),
      /messages\[0\]\.role/,
    ],
    ['a finding that is not there', (stored) => Object.assign(stored, { findings: [] }), /points to finding 0/],
    [
      'findings in another order',
      (stored) => (stored.findings as object[]).unshift((stored.findings as object[])[0] as object),
      /findings\[1\] is not #2/,
    ],
    ['a mark of no meaning', (stored) => Object.assign(stored, { room: '~Date' }), /"~Date" stands for nothing/],
  ])('with %s is told what is wrong', async (_, damage, words) => {
    const stored = JSON.parse(encodeConversation(await talk([1])));
    damage(stored.conversation);
    const decode = () => decodeConversation(JSON.stringify(stored));
    expect(decode).toThrow(ConversationError);
    expect(decode).toThrow(words);
    expect(decode).toThrow(/^[^\n]+$/);
  });

  it('that is new has an id of its own', () => {
    expect(createConversation().id).not.toBe(createConversation().id);
  });
});

describe('plain data', () => {
  it('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(plain, (value) => {
        // Vitest's own comparison trips over keys such as `constructor`.
        deepStrictEqual(fromJson(JSON.parse(JSON.stringify(toJson(value)))), value);
      }),
      { numRuns: 2000 },
    );
  });

  it('is nothing that could run', () => {
    for (const value of [() => 1, Symbol('x'), new Date(), new (class Secret {})()])
      expect(() => toJson({ deep: [value] })).toThrow(/is no plain data/);
  });
});
