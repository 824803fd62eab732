/** Long answers and exports: they are cut aloud or written in turns, and wide tables lose nothing unsaid. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/agent/events.ts';
import { faultAnswer } from '../../src/app/fault-answer.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Cell } from '../../src/finding/table.ts';
import { renderAnswer } from '../../src/present/answer.ts';
import { exportFindings } from '../../src/present/export.ts';
import { joinInTurns } from '../../src/present/join-in-turns.ts';
import { jsonPieces, jsonText } from '../../src/present/json-text.ts';
import { renderMarkdown } from '../../src/present/terminal.ts';
import { drawDraft, EMPTY_DRAFT } from '../../src/surfaces/cli/chat/draft.ts';
import { createBody, createFinding } from '../agent/doubles.ts';
import { plainScreen } from './screens.ts';

const screen = plainScreen(80);
const answerOf = (text: string): Answer => {
  const fault = { code: 'x', message: 'x', retryable: false, source: 'program' } as const;
  return { ...faultAnswer('q', fault, 'c', readConfig({})), error: undefined, status: 'answered', text };
};

describe('a table', () => {
  it('shows cells that the header has no column for', () => {
    const table = '| run | f1 |\n|---|--:|\n| a | 0.5 | 0.99 [unverified] |\n| b | 0.4 |';
    expect(renderMarkdown(table, screen).join('\n')).toContain('0.5 | 0.99 [unverified]');
  });

  it('of thousands of columns is drawn at once, and says what finds no room', () => {
    const cells = Array.from({ length: 3_000 }, (_, index) => `c${index}`).join('|');
    const table = [`|${cells}|`, `|${'---|'.repeat(3_000)}`, ...Array.from({ length: 6 }, () => `|${cells}|`)].join(
      '\n',
    );
    const lines = renderMarkdown(table, screen);
    expect(lines.join(' ')).toMatch(/2,?\d{3} more columns do not fit: /);
  });

  it('gives way in its widest columns first, evenly', () => {
    const [first = ''] = ['a', 'b', 'c'].map((name) => `${name.repeat(9)} `.repeat(6).trim());
    const table = `| a | b | c |\n|---|---|---|\n| ${first} | ${first} | x |`;
    const [, rule = ''] = renderMarkdown(table, screen);
    expect(rule.split('  ').map((part) => part.length)).toEqual([37, 38, 1]);
  });
});

describe('a long text', () => {
  it('is cut where a line ends, and the rest is counted', () => {
    const text = `${'A line of the answer.\n'.repeat(50_000)}`;
    const lines = renderAnswer(answerOf(text), '', screen).join('\n');
    expect(lines).toMatch(
      /The answer goes on for 1,0\d\d,\d{3} characters, which are not shown here; --json\s+has\s+them\./,
    );
    expect(lines.length).toBeLessThan(60_000);
  });

  it('shows its end while it grows', () => {
    const draft = { ...EMPTY_DRAFT, text: `${'word '.repeat(200_000)}\nthe end` };
    expect(drawDraft(draft, { screen, rows: 5, seconds: 1, typed: '' })).toContain('the end');
  });
});

/** The whole has 100,000. */
const ROWS = process.env.RUNSIGHT_WHOLE === '1' ? 100_000 : 20_000;

describe('an export of many rows', () => {
  const rows: Cell[][] = Array.from({ length: ROWS }, (_, n) => [`run-${n}`, Math.sin(n), n, 1.7e12 + n]);
  const finding = createFinding(
    createBody(
      [
        ['run', 'text'],
        ['f1', 'metric'],
        ['n', 'count'],
        ['started', 'time'],
      ],
      rows,
    ),
    '#1',
  );

  it.each(['csv', 'md', 'json'] as const)('as %s leaves others their turn', async (format) => {
    const { pieces } = exportFindings([finding], format);
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const content = await joinInTurns(pieces);
    await setTimeout(20);
    delay.disable();
    expect(content.length).toBeGreaterThan(40 * ROWS);
    // 250 ms on a machine of its own.
    expect(delay.max / 1e6).toBeLessThan(1_000);
  });

  it('as JSON is what JSON.stringify writes', () => {
    const record = { a: [], b: {}, c: [1, [2, [3, { d: [{ e: ['\u202e', undefined] }] }]], null], f: undefined };
    expect([...jsonPieces(record)].join('')).toBe(jsonText(record, 2));
  });
});
