import { expect, it } from 'vitest';
import { emitting } from '../../src/agent/emit.ts';

it('work is told that its reader has left, who waits until it has ended', async () => {
  let ended = false;
  const events = emitting<string, void>(async (emit, gone) => {
    emit('begun');
    await new Promise((resolve) => gone.addEventListener('abort', resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
    ended = true;
    throw new Error('nobody hears this');
  });
  for await (const event of events) {
    expect(event).toBe('begun');
    break;
  }
  expect(ended).toBe(true);
});
