import { afterEach, describe, expect, it, vi } from 'vitest';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { DEFAULT_LIMITS } from '../../src/agent/limits.ts';
import type { Model, ToolResult } from '../../src/agent/models/model.ts';
import {
  createScriptedModel,
  type ScriptedModel,
  type ScriptedTurn,
  type ScriptStep,
} from '../../src/agent/models/scripted.ts';
import type { FindingBody } from '../../src/finding/finding.ts';
import { exitCodeOfAnswer } from '../../src/surfaces/shared/exit-codes.ts';
import { askOnce, createDeps, createTool, scoreBody } from './doubles.ts';

const rank = createTool('rank', async (n) => scoreBody(n));
const call = (name: string, n: unknown = 0.93124) => ({ name, input: { n } });
const ASK_RANK: ScriptedTurn = { calls: [call('rank')] };

async function run(script: readonly ScriptStep[], tools = [rank], overrides: Parameters<typeof createDeps>[2] = {}) {
  const model = createScriptedModel(script);
  const result = await askOnce(createDeps(model, tools, overrides));
  model.assertFinished();
  return { ...result, model };
}

/** What the model was told in its last request. */
function lastResults(model: ScriptedModel): readonly ToolResult[] {
  const last = model.requests.at(-1)?.messages.at(-1);
  return last?.role === 'tools' ? last.results : [];
}

afterEach(() => {
  vi.useRealTimers();
});

describe('limits', () => {
  /** What comes of it within so many milliseconds, and how many timers it leaves behind. */
  async function inTime<T>(asking: Promise<T>, ms: number): Promise<T & { timers: number }> {
    await vi.advanceTimersByTimeAsync(ms);
    return { ...(await asking), timers: vi.getTimerCount() };
  }

  const rounds = (count: number) => Array.from({ length: count }, (_, n) => ({ calls: [call('rank', n)] }));

  it('are said, after one more turn with tools off', async () => {
    const closing: ScriptStep = (request) => {
      expect(request.tools).toEqual([]);
      return { text: 'The best so far is `run-017`.' };
    };
    const { answer, model } = await run([...rounds(8), closing]);
    expect(answer).toMatchObject({
      status: 'partial',
      text: 'The best so far is `run-017`.',
      warnings: ['Stopped at the limit of 8 rounds of tool calls: this is what was found until then.'],
    });
    expect(lastResults(model)[0]?.text).toMatch(/Stopped at the limit of 8 rounds .* Answer now/);
  });

  it.each([
    ['tokens', { inputTokens: 400_000, requests: 1 }, 'the limit of 400000 tokens'],
    ['cost', { outputTokens: 60_000, requests: 1 }, 'the cost limit of $1'],
  ])('of %s end a question, with what was found where the model then declines', async (_, usage, limit) => {
    const script = [
      { ...ASK_RANK, usage },
      { text: 'I would rather', stop: 'refusal' as const },
    ];
    const model = createScriptedModel(script, { name: 'claude-opus-5-5' });
    const conversation = createConversation();
    const { answer } = await askOnce(createDeps(model, [rank]), 'best?', conversation);
    expect(answer).toMatchObject({
      status: 'partial',
      text: 'These are the runs.',
      warnings: [`Stopped at ${limit}: this is what was found until then.`],
    });
    expect(conversation.messages.at(-1)).toMatchObject({ role: 'tools' });
  });

  it('bound the calls of one turn: those beyond are answered without running', async () => {
    const many = { calls: Array.from({ length: 30 }, (_, n) => call('rank', n)) };
    const { answer } = await run([many, { text: 'Done.' }]);
    expect(answer.findings).toHaveLength(DEFAULT_LIMITS.calls);
    expect(answer.receipt.calls).toHaveLength(30);
    expect(answer.warnings[0]).toContain('Stopped at the limit of 24 tool calls');
  });

  it('answer calls that a model makes with its tools off', async () => {
    const stubborn: ScriptedTurn = { text: 'One more.', calls: [call('rank', 9)], stop: 'tools' };
    const { conversation, answer } = await run([...rounds(8), stubborn]);
    expect(answer.findings).toHaveLength(8);
    expect(conversation.messages.at(-1)).toMatchObject({ role: 'tools', results: [{ outcome: { ok: false } }] });
  });

  it('stop a question whose time is up with what was found', async () => {
    vi.useFakeTimers();
    const stuck = createTool('stuck', () => new Promise<FindingBody>(() => {}));
    const closing = { text: '`run-017` with 0.931.' };
    const model = createScriptedModel([{ calls: [call('rank'), call('stuck')] }, closing]);
    const limits = { ...DEFAULT_LIMITS, questionMs: 20_000, closingMs: 5_000 };
    const { answer, timers } = await inTime(askOnce(createDeps(model, [rank, stuck], { limits })), 15_000);
    expect(answer.status).toBe('partial');
    expect(answer.text).toBe('`run-017` with 0.931.');
    expect(timers).toBe(0);
  });

  it('cut a silent model short, ask it once more, and end with what was found', async () => {
    vi.useFakeTimers();
    const scripted = createScriptedModel([ASK_RANK]);
    let silences = 0;
    const model: Model = {
      ...scripted,
      async *respond(request, signal) {
        if (scripted.requests.length < 1) return yield* scripted.respond(request, signal);
        silences++;
        await new Promise(() => {});
      },
    };
    const { answer, timers } = await inTime(askOnce(createDeps(model, [rank])), DEFAULT_LIMITS.questionMs);
    expect(answer).toMatchObject({ status: 'partial', findings: [{ handle: '#1' }] });
    expect(answer.text).toBe('These are the runs.');
    expect(answer.warnings).toEqual([expect.stringContaining('Stopped at the time limit of 120 s')]);
    expect([silences, timers]).toEqual([2, 0]);
  });

  it('end a question that found nothing as an error, and forget it', async () => {
    vi.useFakeTimers();
    const model: Model = {
      name: 'mute',
      canRepair: false,
      respond: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
    };
    const { answer, conversation } = await inTime(askOnce(createDeps(model, [])), DEFAULT_LIMITS.questionMs);
    expect(answer).toMatchObject({
      status: 'error',
      error: { code: 'limit_reached', retryable: true, source: 'program' },
    });
    expect(exitCodeOfAnswer(answer)).toBe(9);
    expect(conversation.messages).toEqual([]);
  });

  it('give a slow tool its own, and end as an error where nothing else was asked', async () => {
    vi.useFakeTimers();
    const stuck = createTool('rank', () => new Promise<FindingBody>(() => {}));
    const { answer } = await inTime(askOnce(createDeps(createScriptedModel([ASK_RANK]), [stuck])), 30_000);
    expect(answer).toMatchObject({ status: 'error', error: { code: 'source_timeout' } });
  });
});
