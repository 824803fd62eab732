import { expect, it } from 'vitest';
import { costUsd, PRICES_AS_OF } from '../../src/agent/models/prices.ts';
import { createScriptedModel } from '../../src/agent/models/scripted.ts';
import { askOnce, createDeps, NO_USAGE } from './doubles.ts';

const usage = (part: Partial<typeof NO_USAGE>) => ({ ...NO_USAGE, requests: 1, ...part });
const MILLION = 1_000_000;

it.each([
  ['claude-sonnet-5-5', { inputTokens: MILLION, outputTokens: MILLION }, 12],
  ['claude-sonnet-5-5', { cacheReadTokens: MILLION, cacheWriteTokens: MILLION }, 2.6],
  ['claude-opus-5-5', { inputTokens: MILLION, outputTokens: MILLION, cacheReadTokens: MILLION }, 24.2],
  ['claude-fable-5-2', { inputTokens: MILLION, outputTokens: MILLION, cacheReadTokens: MILLION }, 48.2],
  ['claude-haiku-5-5', { inputTokens: 100_000, outputTokens: 10_000 }, 0.015],
  ['claude-haiku-5-5', { inputTokens: 100_001, outputTokens: 10_000 }, 0.0750005],
  ['claude-haiku-5-5-20261007', { inputTokens: 60_000, cacheReadTokens: 50_000 }, 0.0325],
  ['claude-sonnet-9', { inputTokens: 1 }, undefined],
  ['qwen3', { inputTokens: 0 }, undefined],
] as const)('%s, %j: %s dollars', (model, part, cost) => {
  const computed = costUsd(model, usage(part));
  if (cost === undefined) expect(computed).toBeUndefined();
  else expect(computed).toBeCloseTo(cost, 9);
});

it('is nothing where nothing was sent, whatever the model', () => {
  expect(costUsd('qwen3', NO_USAGE)).toBe(0);
});

it('comes with the day of the prices where there is a cost, and only there', async () => {
  const ask = async (name: string, part: Partial<typeof NO_USAGE>) => {
    const model = createScriptedModel([{ text: 'Hello.', usage: part }], { name });
    return (await askOnce(createDeps(model, []))).answer.usage;
  };
  const paid = await ask('claude-sonnet-5-5', { inputTokens: 10, requests: 1 });
  expect(paid).toMatchObject({ costUsd: 0.00002, pricesAsOf: PRICES_AS_OF });
  expect(await ask('offline', {})).toMatchObject({ costUsd: 0, pricesAsOf: undefined });
  expect(await ask('qwen3', { inputTokens: 10, requests: 1 })).toMatchObject({
    costUsd: undefined,
    pricesAsOf: undefined,
  });
});
