/** A question changes its conversation with its answer, as a whole, or not at all; what it cost stays counted. */
import { describe, expect, it } from 'vitest';
import { encodeConversation } from '../../../src/agent/conversation/codec.ts';
import { type Conversation, createConversation } from '../../../src/agent/conversation/conversation.ts';
import { createTurns } from '../../../src/agent/conversation/turns.ts';
import type { Model } from '../../../src/agent/models/model.ts';
import { ModelError } from '../../../src/agent/models/model.ts';
import { createScriptedModel, type ScriptStep } from '../../../src/agent/models/scripted.ts';
import { ask, askOnce, createDeps, createTool, scoreBody } from '../doubles.ts';

const rank = createTool('rank', async (n) => scoreBody(n));
const usage = { inputTokens: 10, outputTokens: 2, requests: 1 };
const ASK_RANK: ScriptStep = { calls: [{ name: 'rank', input: { n: 0.93124 } }], usage };
const CHOICES = [{ label: 'a', question: 'a?' }];
const FIRST: readonly ScriptStep[] = [ASK_RANK, { text: 'Which?', verdict: { status: 'clarify', choices: CHOICES } }];

/** All but what was spent. */
function talkOf({ usage: _, costUsd: __, ...talk }: Conversation): string {
  return encodeConversation({ ...createConversation(), ...talk });
}

/** A model that says all of a script and then hangs, as one does that is cancelled. */
function hanging(script: readonly ScriptStep[]): Model {
  const scripted = createScriptedModel(script);
  return {
    ...scripted,
    async *respond(request, signal) {
      if (scripted.requests.length < script.length) return yield* scripted.respond(request, signal);
      yield { type: 'spending', model: 'scripted', usage: { ...usage, cacheReadTokens: 0, cacheWriteTokens: 0 } };
      yield { type: 'text-delta', text: 'The best' };
      await new Promise(() => {});
    },
  };
}

describe('what a question leaves behind', () => {
  it.each(['cancelled', 'left', 'failed', 'turned away'])('is nothing but its cost when it was %s', async (fate) => {
    const { conversation } = await askOnce(createDeps(createScriptedModel(FIRST), [rank]));
    const before = talkOf(conversation);
    const { requests } = conversation.usage;
    const failing = createScriptedModel([ASK_RANK, { error: new ModelError('overloaded', 'busy') }]);
    const deps = createDeps(fate === 'failed' ? failing : hanging([ASK_RANK]), [rank]);
    const stop = new AbortController();
    if (fate === 'turned away') stop.abort();
    const seen: string[] = [];
    const asking = (async () => {
      for await (const event of ask('best?', conversation, deps, stop.signal)) {
        seen.push(event.type);
        if (event.type !== 'text-delta') continue;
        if (fate === 'left') break;
        stop.abort();
      }
    })();
    if (fate === 'cancelled' || fate === 'turned away') await expect(asking).rejects.toThrow();
    else await asking;
    expect(talkOf(conversation)).toBe(before);
    const spent = { cancelled: 2, left: 2, failed: 1, 'turned away': 0 }[fate] ?? 0;
    expect(conversation.usage.requests - requests).toBe(spent);
    expect(seen.includes('tool-end')).toBe(fate !== 'turned away');
    // The next finding gets the handle that this one would have had.
    const next = createScriptedModel([ASK_RANK, { text: 'Done.' }]);
    expect((await askOnce(createDeps(next, [rank]), 'again', conversation)).answer.findings[0]?.handle).toBe('#2');
  });

  it.each<[string, ScriptStep]>([
    ['cannot', { text: '[cannot] There is no such metric.' }],
    ['clarify', { text: '[clarify] Which one?' }],
    ['unsupported', { text: 'Hello.' }],
    ['cannot', { text: '', stop: 'refusal' }],
  ])('is a turn when it ends as %s', async (status, step) => {
    const { answer, conversation } = await askOnce(createDeps(createScriptedModel([step]), []));
    expect(answer).toMatchObject({ status, conversation: conversation.id });
    expect(conversation.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });
});

describe('turns', () => {
  it('come in the order asked, and one that is given up or never ends its wait holds up nobody', async () => {
    const turns = createTurns();
    const stop = new AbortController();
    const order: string[] = [];
    const take = async (name: string, signal = AbortSignal.timeout(5000)) => {
      const end = await turns.take('c', signal);
      order.push(name);
      await new Promise((resolve) => setTimeout(resolve, 1));
      end();
    };
    const first = take('first');
    const givenUp = take('given up', stop.signal);
    const rest = ['second', 'third'].map((name) => take(name));
    const elsewhere = (await turns.take('another', AbortSignal.timeout(5000)))();
    stop.abort();
    await expect(givenUp).rejects.toThrow();
    await Promise.all([first, ...rest, elsewhere]);
    expect(order).toEqual(['first', 'second', 'third']);
  });
});
