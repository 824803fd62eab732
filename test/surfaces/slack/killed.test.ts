/** Killed at the points that matter most; all of them are in the slow suite. */
import { expect, test } from 'vitest';
import { killAndRestart, TAKEN_UNNOTED } from './killed.ts';

test.each(['inbox.add.1.before', 'inbox.note.2.before', 'inbox.note.3.after'])('killed at %s', async (point) => {
  const { settled, all } = await killAndRestart(point, 'Which run had the highest F1 score?');
  expect(settled).toHaveLength(1);
  expect(all).toHaveLength(TAKEN_UNNOTED.has(point) ? 2 : 1);
  expect(/^\(repeat:/.test(settled[0]?.text ?? '')).toBe(TAKEN_UNNOTED.has(point));
});
