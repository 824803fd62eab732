import { expect, it } from 'vitest';
import { DEFAULT_LIMITS, findLimitHit, type Spent } from '../../src/agent/limits.ts';

const step = (input: unknown, malformed = 0) => ({ calls: [{ id: 'c', name: 'rank', input }], malformed });
const steps = (count: number) => Array.from({ length: count }, (_, n) => step(n));
const NOTHING: Spent = { steps: [], tokens: 0, costUsd: 0 };

it.each<[string, Partial<Spent>, string | undefined]>([
  ['nothing spent', {}, undefined],
  ['rounds, one short', { steps: steps(7) }, undefined],
  ['rounds', { steps: steps(8) }, 'the limit of 8 rounds of tool calls'],
  ['calls', { steps: [{ calls: steps(24).flatMap((one) => one.calls), malformed: 0 }] }, 'the limit of 24 tool calls'],
  ['tokens', { tokens: 400_000 }, 'the limit of 400000 tokens'],
  ['cost', { costUsd: 1 }, 'the cost limit of $1'],
  ['an unknown cost', { costUsd: undefined }, undefined],
  ['the same call twice', { steps: [step(1), step(1)] }, undefined],
  ['the same call three times', { steps: [step(1), step(2), step(1), step(1)] }, 'the same tool call made 3 times'],
  [
    'the same call three times, its keys in another order and another call between',
    {
      steps: [
        step({ a: 1, b: { c: 2, d: [3] } }),
        step(9),
        step({ b: { d: [3], c: 2 }, a: 1 }),
        step(9),
        step({ b: { c: 2, d: [3] }, a: 1 }),
      ],
    },
    'the same tool call made 3 times',
  ],
  ['alternating calls', { steps: [step(1), step(2), step(1), step(2), step(1)] }, 'the same tool call made 3 times'],
  [
    'calls that differ by nesting',
    { steps: [step({ a: [], b: 1 }), step({ a: [1], b: 1 }), step({ a: { b: 1 } })] },
    undefined,
  ],
  ['a list in another order', { steps: [step([1, 2]), step([2, 1]), step([1, 2])] }, undefined],
  [
    'calls nested 5,000 deep',
    { steps: [1, 2, 3].map(() => step(JSON.parse('['.repeat(5000) + ']'.repeat(5000)))) },
    'the same tool call made 3 times',
  ],
  ['two mistakes', { steps: [step(1, 1), step(2, 1)] }, undefined],
  ['three mistakes', { steps: [step(1, 1), step(2, 1), step(3, 1)] }, '3 rounds of tool calls that were not valid'],
  ['three mistakes apart', { steps: [step(1, 1), step(2, 1), step(3), step(4, 1)] }, undefined],
])('%s', (_, spent, hit) => {
  expect(findLimitHit({ ...NOTHING, ...spent }, DEFAULT_LIMITS)).toBe(hit);
});
