import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/present/terminal.ts';
import { displayWidth, takeColumns, truncate } from '../../src/present/width.ts';
import { plainScreen } from './screens.ts';

const WIDTHS = [40, 60, 80, 160];

const TABLE = `Best three:

| run | f1_score | learning_rate | comment |
|---|--:|--:|---|
| \`日本語の実行-とても長い名前です\` (0a1b2c3d) | 0.93125 | 1e-3 | bigger batch \\| no dropout |
| \`run-016\` (1a2b3c4d) | 0.91000 | 0.0005 |  |
| \`größe / α.β\` (2a2b3c4d) | NaN | 0.01 | a very long comment that has to be wrapped over several lines to fit |
`;

describe('displayWidth', () => {
  it('counts columns, not code units', () => {
    const widths = ['run-017', '日本', 'é', 'e\u0301', '🚀', '👩‍🔬', '🇩🇪', '…', 'ｆ', ''].map(displayWidth);
    expect(widths).toEqual([7, 4, 1, 1, 2, 2, 2, 1, 2, 0]);
  });

  it('takes no short cut that counts otherwise', () => {
    // A wide neighbour sends the same text down the long way.
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(displayWidth(`${text} 日`)).toBe(displayWidth(text) + 3);
      }),
    );
    const codes = [...Array(0x300).keys(), ...Array.from({ length: 0x900 }, (_, index) => 0x2000 + index)];
    for (const text of codes.map((code) => String.fromCharCode(code))) {
      expect([text, displayWidth(`日${text}`)]).toEqual([text, displayWidth(text) + 2]);
    }
  });

  it('cuts between characters and never beyond the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (text, width) => {
        expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width);
        const { head, tail } = takeColumns(text, width);
        expect(head + tail).toBe(text);
      }),
    );
  });
});

describe('renderMarkdown', () => {
  it.each(WIDTHS)('fits any text into %i columns', (width) => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.constantFrom(
        '# heading',
        '- item',
        '1. item',
        '> quote',
        '```',
        '| a | b |',
        '|---|--:|',
        '| x | 12345 |',
        '**b** `c`',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        for (const drawn of renderMarkdown(lines.join('\n'), plainScreen(width))) {
          expect(displayWidth(drawn)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it.each(WIDTHS)('keeps every name and number of a table at %i columns', (width) => {
    const text = renderMarkdown(TABLE, plainScreen(width)).join('\n');
    for (const whole of ['0.93125', '0.91000', 'NaN', '1e-3', '0.0005', '0a1b2c3d', '1a2b3c4d', '2a2b3c4d']) {
      expect(text).toContain(whole);
    }
    for (const word of ['日本語の実行-', 'bigger', 'batch', 'dropout', 'größe', 'wrapped', 'fit']) {
      expect(text).toContain(word);
    }
  });

  it('aligns wide characters with narrow ones', () => {
    const table = '| run | n |\n|---|--:|\n| 日本 | 5 |\n| run-1 | 10 |';
    expect(renderMarkdown(table, plainScreen(80))).toEqual(['run     n', '─────  ──', '日本    5', 'run-1  10']);
  });

  it('says which columns of a long table found no room', () => {
    const names = Array.from({ length: 8 }, (_, index) => `metric_number_${index}`);
    const row = `|${names.map(() => ' 12345.6789 ').join('|')}|`;
    const table = [`|${names.join('|')}|`, `|${names.map(() => '--:').join('|')}|`, row, row, row, row, row].join('\n');
    const text = renderMarkdown(table, plainScreen(60)).join(' ');
    expect(text).toMatch(/\d more columns do not fit: .*metric_number_7/);
    expect(text.match(/metric_number_7/g)).toHaveLength(1);
  });

  it('keeps a line break, hangs list items and drops the marks', () => {
    const lines = renderMarkdown(
      '**Best**: `a|b`\n- one two three four five six seven eight nine ten\n\n## More',
      plainScreen(40),
    );
    expect(lines).toEqual(['Best: a|b', '• one two three four five six seven', '  eight nine ten', '', 'More']);
  });

  it('writes the target of our own links out, and only of those', () => {
    const own = 'http://mlflow.test/#/experiments/1';
    const text = `[run](${own}) [click](http://evil.example/) ![pixel](http://evil.example/p.png)`;
    expect(renderMarkdown(text, plainScreen(80), new Set([own]))).toEqual([`run (${own}) click pixel`]);
  });

  it('draws with ASCII alone when asked', () => {
    const text = renderMarkdown('- item\n\n| a |\n|---|\n| 1 |\n\n---', plainScreen(40, { unicode: false })).join('\n');
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
