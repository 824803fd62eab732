/** What a query names reaches a tool as the same key, whatever the key is made of. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKey, printKey } from '../../../src/tools/resolve/keys.ts';
import { askedText, groupText, keyText } from '../../../src/tools/resolve/query-input.ts';

const piece = fc.constantFrom(
  '`',
  '``',
  '.',
  ' ',
  "'",
  '"',
  'metrics.',
  'params.',
  'run.',
  'tags',
  'a',
  'day',
  '\n',
  '🚀',
);
const anyKey = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
  )
  .filter((key) => key !== '');
const anyKind = fc.constantFrom('metric' as const, 'param' as const, 'tag' as const);
const anyKinds = fc.uniqueArray(anyKind, { minLength: 1, maxLength: 3 });

test('a key with its kind', () => {
  fc.assert(
    fc.property(anyKey, anyKind, (key, kind) => void expect(parseKey(printKey(key, kind))).toEqual({ kind, key })),
    { numRuns: 1_000 },
  );
});

describe.each([
  ['a key', keyText],
  ['a value asked of a run', askedText],
  ['a group', (name: { kinds: readonly string[]; key: string }) => groupText(name) ?? ''],
] as const)('%s', (_, print) => {
  test('is read back as the same one, of one of its kinds', () => {
    fc.assert(
      fc.property(anyKey, anyKinds, (key, kinds) => {
        const read = parseKey(print({ kinds, key }));
        expect(read.key).toBe(key);
        if (read.kind !== undefined) expect(kinds).toEqual([read.kind]);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('a key spelt like a word that tools know is still a key', () => {
  expect(groupText({ kinds: ['param', 'tag'], key: 'day' })).toBe('`day`');
  expect(groupText({ kinds: ['attribute'], key: 'day' })).toBe('day');
  expect(askedText({ kinds: ['param'], key: 'params' })).toBe('params.params');
  expect(askedText({ kinds: ['metric'], key: 'f1' })).toBe('f1');
});
