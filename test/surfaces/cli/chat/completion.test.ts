import { describe, expect, it } from 'vitest';
import { completeLine, listNames } from '../../../../src/surfaces/cli/chat/completion.ts';
import type { StoreNames } from '../../../../src/surfaces/shared/names.ts';
import { makeChat } from './chats.ts';

const { chat } = makeChat();
const names: StoreNames = {
  experiments: [
    'churn prediction',
    'churn-2',
    'digits',
    'MINLP Small',
    'MINLP Small x',
    'evil\x1b[2J',
    '"\'`',
    'say "hi"',
  ],
  metrics: ['f1_score', 'f1_macro', 'val/loss'],
  params: ['learning_rate'],
  runs: ['run-017', "it's run"],
};

/** The line as Tab leaves it, or the names that it lists. */
function pressTab(before: string): string | readonly string[] {
  const completion = completeLine(before, chat, names);
  if (completion === undefined) return before;
  if (completion.kind === 'list') return completion.names;
  return before.slice(0, before.length - completion.remove) + completion.insert;
}

describe('completeLine', () => {
  it.each([
    ['a command', '/pl', '/plot '],
    ['a command without arguments', '/he', '/help'],
    ['commands with one beginning', '/ex', '/exp'],
    ['the argument of a command', '/model of', '/model offline'],
    ['a name with spaces as the whole argument', '/experiment churn p', '/experiment churn prediction'],
    ['a metric', 'best run by val', 'best run by val/loss'],
    ['as far as names agree', 'best run by f', 'best run by f1_'],
    ['whatever its capitals', 'best run by F1_S', 'best run by f1_score'],
    ['a name with spaces, in quotes', 'show it', 'show "it\'s run"'],
    ['as far as names with spaces agree, in quotes to go on from', 'describe MIN', 'describe "MINLP Small'],
    ['the whole argument as far as names agree', '/experiment min', '/experiment MINLP Small'],
    ['a name with quotes in others', 'describe say', 'describe \'say "hi"\''],
    ['in the quotes that were opened', "describe 'churn p", "describe 'churn prediction'"],
    ['a name with an apostrophe', "show it's", 'show "it\'s run"'],
    ['behind a sign', 'runs with learn', 'runs with learning_rate'],
  ])('completes %s', (_, before, after) => {
    expect(pressTab(before)).toBe(after);
  });

  it('lists what is left open', () => {
    expect(pressTab('best run by f1_')).toEqual(['f1_score', 'f1_macro']);
    expect(pressTab('describe churn')).toEqual(['churn prediction', 'churn-2']);
  });

  it('never puts a control character or a name that no quotes hold on the line', () => {
    expect(pressTab('describe evil')).toBe('describe evil');
    expect(pressTab('describe "\'')).toBe('describe "\'');
  });

  it('leaves alone what it does not know', () => {
    expect(pressTab('what about zebra')).toBe('what about zebra');
    expect(pressTab('best run by ')).toBe('best run by ');
  });
});

describe('listNames', () => {
  it('fits any width, and counts what it leaves out', () => {
    const many = Array.from({ length: 55 }, (_, index) => `run-${String(index).padStart(3, '0')}-名`);
    for (const width of [8, 40, 160]) {
      const lines = listNames(many, width);
      expect(lines.at(-1)).toBe('+15 more');
      expect(lines.join(' ').match(/run-\d/g)).toHaveLength(40);
    }
    expect(listNames(['a'.repeat(99), 'b'], 20)).toEqual([`${'a'.repeat(19)}…`, 'b']);
  });
});
