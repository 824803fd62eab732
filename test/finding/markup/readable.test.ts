/** What a person reads of an answer is what was checked: nothing is dropped, hidden, joined or moved by its markup. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readable } from '../../../src/finding/markup/readable.ts';
import { sanitizeForTerminal } from '../../../src/present/sanitize.ts';
import { renderMarkdown } from '../../../src/present/terminal.ts';
import { plainScreen } from '../../present/screens.ts';

const MARK = '[unverified]';
/** Wide enough that no line is broken and no column left out. */
const WIDE = plainScreen(9_999);
const render = (markdown: string): string => renderMarkdown(markdown, WIDE).join('\n');

/** Signs and pieces of every kind of markup, with digits and the check's own mark among them. */
const markup = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '**',
        '*',
        '`',
        '``',
        '```',
        '[',
        ']',
        '(',
        ')',
        '](x)',
        '![',
        '|',
        '\\|',
        '\\',
        '\n',
        '> ',
        '- ',
      ),
      fc.constantFrom(
        '# ',
        '1. ',
        '---',
        '|---|---|\n',
        '| a | b |\n',
        '[5](x)',
        '![5](x)',
        '[5][x]',
        '[x]: y',
        '<!--',
      ),
      fc.constantFrom('<b>', '0.7', '5', '.5', '%', 'runs', ' ', ` ${MARK}`, MARK, '_', '\u200b', '\u202e', '日本'),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('readable', () => {
  it.each([
    ['links do not join digits', '0.7[5](x)[5](x)', '0.7 5 5'],
    ['nor does any other markup', '0.7**5** 0.7`5` 0.7![5](x) 1**,000** -**5**', '0.7 5 0.7 5 0.7 5 1 ,000 - 5'],
    ['a backslash within a number stays', '0\\.75 and a\\*b', '0\\.75 and a*b'],
    ['links keep their words, images theirs', '[run](http://x) ![pixel](http://x/p.png)', 'run pixel'],
    ['what is no link stays', '[5][x] [5]\n[x]: http://x', '[5][x] [5]\n[x]: http://x'],
    ['HTML and comments stay', '<b>0.5</b><!-- 0.7 -->', '<b>0.5</b><!-- 0.7 -->'],
    ['cells beyond the header stay', '| a |\n|---|\n| 1 | 0.99 [unverified] |', 'a\n1 | 0.99 [unverified]'],
    ['the mark is never a link', `0.9 ${MARK}(http://x)`, `0.9 ${MARK}(http://x)`],
    ['a fence with words behind it is text', '``` 0.9 is best', '``` 0.9 is best'],
    ['a fence names one word', '```python\nx = 1\n```', 'x = 1'],
    ['code keeps its signs', '`` a`b ``, `a|b`', 'a`b, a|b'],
    ['punctuation may follow', '**Best**: `run-1`, (**0.9**)', 'Best: run-1, (0.9)'],
  ])('%s', (_, markdown, text) => {
    expect(readable(markdown).text.trimEnd()).toBe(text);
  });

  it('is what the terminal shows, for any markup', () => {
    fc.assert(
      fc.property(markup, (markdown) => {
        // Apart from the signs that a screen draws for lists, quotes and rules, and the blanks of its layout.
        const words = (text: string) => text.replace(/[─│•|*+\s-]/g, '');
        expect(words(render(markdown))).toBe(words(readable(sanitizeForTerminal(markdown)).text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps every digit and every mark of the source but those of addresses', () => {
    fc.assert(
      fc.property(markup, (markdown) => {
        // Addresses and what a fence names are left out: here they hold neither.
        const text = markdown.replaceAll('```', '').replace(/\((?!x\))/g, '');
        const digits = (one: string) => one.replace(/\D/g, '');
        const marks = (one: string) => one.split('unverified').length;
        expect(digits(readable(text).text)).toBe(digits(text));
        expect(marks(render(text))).toBe(marks(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves no two digits side by side that were not so in the source', () => {
    fc.assert(
      fc.property(markup, (markdown) => {
        const { text, sourceOf } = readable(markdown);
        for (const { index } of text.matchAll(/\d(?=\d)/g)) expect(sourceOf(index + 1)).toBe(sourceOf(index) + 1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells where each character stands in the source', () => {
    fc.assert(
      fc.property(markup, (markdown) => {
        const { text, sourceOf } = readable(markdown);
        for (let index = 0; index < text.length; index++)
          if (/[^\s|]/.test(text[index]!)) expect(markdown[sourceOf(index)]).toBe(text[index]);
      }),
      { numRuns: 500 },
    );
  });
});
