import { expect, it } from 'vitest';
import { readListed, withoutNumbers } from '../../src/agent/listed.ts';

const WHICH = 'Which?\n1. `a`\n2) `b` \n3. c';

it.each([
  ['a list', WHICH, ['a', 'b', 'c'], WHICH],
  ['no list', 'Which of 1. or 2.?', [], 'Which of 1. or 2.?'],
  ['the last of several', '1. x\n2. y\n\n1. a\n2. b', ['a', 'b'], '- x\n- y\n\n1. a\n2. b'],
  ['one with a gap', '1. a\n2. b\n4. d', ['a', 'b'], '1. a\n2. b\n- d'],
  ['one in no order', '2. b\n1. a', ['a'], '- b\n1. a'],
  ['one that begins late', '3. c\n4. d', [], '- c\n- d'],
  ['one with notes', '1. a\n   first\n2. b\n   second', ['a', 'b'], '1. a\n   first\n2. b\n   second'],
  ['a mark', '1. `a` [unverified]\n2. b', ['a [unverified]', 'b'], '1. `a` [unverified]\n2. b'],
])('reads %s', (_, text, items, shown) => {
  expect(readListed(text)).toEqual({ items, text: shown });
});

it('leaves no number where the choices come from elsewhere', () => {
  expect(withoutNumbers(WHICH)).toBe('Which?\n- `a`\n- `b` \n- c');
});
