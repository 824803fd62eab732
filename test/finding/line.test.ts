import { describe, expect, it } from 'vitest';
import { findingLine, leadOf } from '../../src/finding/line.ts';
import { createBody } from '../agent/doubles.ts';

describe('leadOf', () => {
  it.each([
    ['short', 'All of it. And this.', 40, 'All of it. And this.'],
    ['on one line', 'All of\n  it.', 40, 'All of it.'],
    ['whole sentences', 'One is 0.5. Two is v1.2. Three.', 26, 'One is 0.5. Two is v1.2. …'],
    ['no end within a name', 'So. Run `a. b. c` is best. More follows.', 16, 'So. …'],
    ['nor within a filter', 'So. Of `` `x. y` = 1. `` 3 runs. More.', 24, 'So. …'],
    ['words of a long sentence', 'one two three four', 11, 'one two …'],
    ['no name left open', 'Run `one two three` is best.', 11, 'Run `one` …'],
    ['a word without end', 'x'.repeat(50), 5, 'xxxxx …'],
    ['no half of a character', `${'x'.repeat(4)}😀${'x'.repeat(9)}`, 5, 'xxxx\ufffd …'],
  ])('takes %s', (_, text, most, lead) => {
    expect(leadOf(text, most)).toBe(lead);
  });

  it('looks at no more than it shows', () => {
    const texts = ['`', '``` ', '. ', 'a', ' ', '`. '].map((piece) => piece.repeat(200_000));
    const before = performance.now();
    for (const text of texts) expect(leadOf(text).length).toBeLessThan(330);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

it('tells a finding in a line, with what it rests on', () => {
  const excluded = [{ reason: 'not FINISHED', count: 2 }];
  const coverage = { ...createBody([], []).coverage, excluded, complete: false };
  const summary = `${'Long it is. '.repeat(40)}`;
  const body = createBody([], [], { summary, coverage, direction: { value: 'lower', source: 'name' } });
  const scope =
    'Scope: 42 runs matched, 40 used, incomplete · experiment `churn` · last value, lower is better (by name)';
  expect(findingLine(body, true)).toBe(`${'Long it is. '.repeat(26)}… ${scope}`);
  expect(findingLine(body, false)).toBe(`${'Long it is. '.repeat(16)}… ${scope}`);
});
