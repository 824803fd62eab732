import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeForTerminal, sanitizeLine } from '../../src/present/sanitize.ts';
import { renderMarkdown } from '../../src/present/terminal.ts';
import { FORBIDDEN, plainScreen } from './screens.ts';

/** Any code units, with escape sequences and their pieces far more often than chance. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b',
        '\x1b[31m',
        '\x1b]52;c;',
        '\x9b2J',
        '\x90',
        '\x07',
        '\r',
        '\b',
        '\u202e',
        '\u200b',
        '\ud800',
        '\u{e0041}',
      ),
      fc.constantFrom(
        '**',
        '`',
        '| a |\n|---|\n',
        '[x](http://evil.example)',
        '![y](http://evil.example)',
        '\n',
        '\t',
        '- ',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('sanitizeForTerminal', () => {
  it('shows an escape sequence instead of sending it', () => {
    expect(sanitizeForTerminal('\x1b[31mred\x1b[0m\x07\r\x9b')).toBe('\\x1b[31mred\\x1b[0m\\x07\\x0d\\x9b');
    expect(sanitizeForTerminal('a\u202eb\u200bc\ud800')).toBe('a\\u{202e}b\\u{200b}c\\u{d800}');
  });

  it('leaves names of every script, emoji, line feeds and tabs alone', () => {
    for (const text of ['größe / α.β', '日本語 🚀 実行', 'é', '👩‍🔬 ❤️ 👍🏽', 'a\n\tb'])
      expect(sanitizeForTerminal(text)).toBe(text);
  });

  it('keeps a joiner only where it makes one emoji', () => {
    expect(sanitizeForTerminal('a\u200db👩\u200db')).toBe('a\\u{200d}b👩\\u{200d}b');
  });

  it('lets nothing forbidden through, and says the same when applied twice', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = sanitizeForTerminal(text);
        expect(shown).not.toMatch(FORBIDDEN);
        expect(sanitizeForTerminal(shown)).toBe(shown);
        expect(sanitizeLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe('renderMarkdown', () => {
  it('sends no control byte but its own line feeds, whatever the text and width', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 40, max: 160 }), (text, width) => {
        expect(renderMarkdown(text, plainScreen(width)).join('\n')).not.toMatch(FORBIDDEN);
      }),
    );
  });

  it('adds only styles that it closes, and links only to our own URLs', () => {
    const own = 'http://mlflow.test/#/experiments/1';
    const screen = plainScreen(80, { color: true, hyperlinks: true });
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = renderMarkdown(`${text}\n[run](${own})`, screen, new Set([own])).join('\n');
        const links = Array.from(shown.matchAll(/\x1b\]8;;([^\x1b]*)\x1b\\/g), ([, url]) => url);
        expect(links.filter((url) => url !== '' && url !== own)).toEqual([]);
        const bare = shown.replace(/\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[\d+m/g, '');
        expect(bare).not.toMatch(FORBIDDEN);
      }),
    );
  });
});
