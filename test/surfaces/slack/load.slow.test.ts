import { expect, test } from 'vitest';
import { deliver } from './load.ts';

test('1,000 questions with duplicates and redeliveries: none lost, none answered twice', {
  timeout: 300_000,
}, async () => {
  const { asked, delivered, settled, messages, acknowledged } = await deliver(1_000, 7);
  expect({ settled, messages, acknowledged }).toEqual({ settled: asked, messages: asked, acknowledged: delivered });
});
