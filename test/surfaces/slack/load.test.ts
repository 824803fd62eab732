import { expect, test } from 'vitest';
import { deliver } from './load.ts';

test('100 questions with duplicates and redeliveries: none lost, none answered twice', async () => {
  const { asked, delivered, settled, messages, acknowledged } = await deliver(100, 1);
  expect(delivered).toBeGreaterThan(asked);
  expect({ settled, messages, acknowledged }).toEqual({ settled: asked, messages: asked, acknowledged: delivered });
});
