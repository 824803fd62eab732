import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteCell, quoteFilter, quoteName, visibleText } from '../../src/finding/quote.ts';

const CONTROL = /[\p{Cc}\p{Surrogate}\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const ANY_TEXT = fc.string({ unit: 'binary', maxLength: 300 });

describe('names from a store', () => {
  test('are one code span without anything that steers a terminal or ends the span', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const quoted = quoteName(text);
        expect(quoted).toMatch(/^`[^`|]+`$/su);
        expect(quoted).not.toMatch(CONTROL);
      }),
    );
  });

  test('stay as they are where nothing is wrong with them, ZWJ emoji and right-to-left text included', () => {
    for (const name of ['run-017', 'val/acc', 'Ünïcode "quotes"', '👩‍🔬 lab', 'שלום', '__proto__'])
      expect(quoteName(name)).toBe(`\`${name}\``);
  });

  test('show what cannot be seen', () => {
    expect(quoteName('\u001b[31mred\u0007')).toBe('`\\x1b[31mred\\x07`');
    expect(quoteName('a\u202eb\u200bc')).toBe('`a\\u202eb\\u200bc`');
    expect(visibleText('two\r\n  lines')).toBe('two lines');
  });

  test('are cut by grapheme, and the cut is seen', () => {
    expect(visibleText('👩‍🔬'.repeat(100), 3)).toBe(`${'👩‍🔬'.repeat(3)}…`);
    expect(visibleText('x'.repeat(80))).toBe('x'.repeat(80));
    expect(visibleText('x'.repeat(81)).length).toBe(81);
  });
});

test('cells are bare only where no Markdown, mention or link can hide in them', () => {
  for (const text of ['0.01', 'adam', 'gradient_boosting', 'a, b (c)', '1e-3']) expect(quoteCell(text)).toBe(text);
  for (const text of [
    '_it_',
    '**x**',
    '<!channel>',
    'https://evil.example',
    'www.evil.example',
    'me@evil.example',
    '[a](b)',
    '# h',
  ])
    expect(quoteCell(text)).toMatch(/^`.*`$/);
});

test('a filter can be copied from its span', () => {
  expect(quoteFilter("params.`a b` = 'x'")).toBe("`` params.`a b` = 'x' ``");
  expect(quoteFilter("params.a = 'x'")).toBe("`params.a = 'x'`");
});
