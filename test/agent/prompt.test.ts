import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeFacts, readSystemPrompt, splitStatus } from '../../src/agent/prompt.ts';

const root = path.resolve(import.meta.dirname, '../..');

it('is the same bytes at every question, and short', () => {
  for (const file of readdirSync(path.join(root, 'prompts/surfaces'))) {
    const prompt = readSystemPrompt(root, path.basename(file, '.md'));
    expect(prompt).toBe(readSystemPrompt(root, path.basename(file, '.md')));
    expect(prompt).not.toMatch(/\d{4}-\d{2}|\{\{|undefined/);
    // About 1,200 tokens.
    expect(prompt.length).toBeLessThan(5_500);
  }
});

it('keeps what changes apart', () => {
  const now = Date.UTC(2026, 10, 20, 23, 30);
  expect(describeFacts({ now, timeZone: 'Europe/Berlin', store: 'demo' })).toBe(
    'Today: 2026-11-21 (Europe/Berlin)\nStore: demo',
  );
});

it.each([
  ['[cannot] No such metric.', 'cannot', 'No such metric.'],
  ['\n[clarify]\nWhich one?', 'clarify', 'Which one?'],
  ['The best is [cannot] here.', undefined, 'The best is [cannot] here.'],
])('reads the marker off %j', (text, status, rest) => {
  expect(splitStatus(text)).toEqual(status === undefined ? { text: rest } : { status, text: rest });
});
