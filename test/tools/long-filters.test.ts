/** The longest filters that are taken are answered by every kind of tool; longer ones are refused with a reason. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPath } from '../support/demo.ts';
import { ToolRig } from './ask-tool.ts';

let rig: ToolRig;
beforeAll(async () => {
  rig = await ToolRig.open(demoPath);
});
afterAll(() => rig.store.close());

const conditions = (count: number, word: string) =>
  Array.from({ length: count }, (_, n) => `params.p${n} ${n % 2 ? "!= 'x'" : 'IS NULL'}`).join(` ${word} `);
const oneOf = (count: number) => `params.model IN (${Array.from({ length: count }, (_, n) => `'${n}'`).join(',')})`;

const ASK: readonly (readonly [tool: string, input: Readonly<Record<string, unknown>>])[] = [
  ['find_runs', {}],
  ['rank_runs', { metric: 'f1_score', experiment: 'churn-prediction' }],
  ['summarize_metrics', { metrics: ['accuracy'], experiment: 'digits-mlp' }],
];

it.each(ASK)('%s', async (tool, input) => {
  for (const filter of [conditions(200, 'AND'), conditions(200, 'OR'), oneOf(10_000)]) {
    const outcome = await rig.ask(tool, { ...input, filter }).catch((error: Error) => error);
    // Nothing that is found, or not there, is a fault of the database.
    if (outcome instanceof Error) expect(outcome.name, outcome.message).toBe('ToolError');
  }
  const many = await rig.refusal(tool, { ...input, filter: conditions(1_500, 'AND') });
  expect(many.message).toMatch(/a filter has at most 200 conditions/);
  const values = await rig.refusal(tool, { ...input, filter: oneOf(10_001) });
  expect(values.message).toMatch(/a list has at most 10000 values/);
});
