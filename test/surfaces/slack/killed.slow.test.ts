/** Killed at every named point and started again: every question is settled in one message. */
import { expect, test } from 'vitest';
import { KILL_POINTS, killAndRestart, TAKEN_UNNOTED } from './killed.ts';

test.each(KILL_POINTS)('killed at %s', async (point) => {
  const { settled, all } = await killAndRestart(point, 'training_loss curve of run-017');
  expect(settled).toHaveLength(1);
  expect(settled[0]?.blocks.filter(({ type }) => type === 'image')).toHaveLength(1);
  // Killed when Slack had acknowledged, it may have come to any point.
  if (point === 'acknowledged') return;
  const isRepeat = TAKEN_UNNOTED.has(point);
  expect(all).toHaveLength(isRepeat ? 2 : 1);
  if (isRepeat) expect(settled[0]?.text).toMatch(/^\(repeat:/);
});
