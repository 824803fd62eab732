import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../src/agent/events.ts';
import { displayWidth } from '../../../../src/present/width.ts';
import { drawDraft, EMPTY_DRAFT, nextDraft, type StreamedText } from '../../../../src/surfaces/cli/chat/draft.ts';
import { firstScreen } from '../../../../src/surfaces/cli/chat/first-screen.ts';
import { cleanPaste } from '../../../../src/surfaces/cli/chat/line-editor.ts';
import { createLiveRegion, rowsOf } from '../../../../src/surfaces/cli/chat/live-region.ts';
import { plainScreen } from '../../../present/screens.ts';
import { makeChat } from './chats.ts';

const draftOf = (...events: readonly AgentEvent[]): StreamedText => events.reduce(nextDraft, EMPTY_DRAFT);
const says = (text: string): AgentEvent => ({ type: 'text-delta', text });
const thinks = (text: string): AgentEvent => ({ type: 'thinking-delta', text });
const starts = (title: string): AgentEvent => ({ type: 'tool-start', callId: 'a', tool: 'rank_runs', title });

describe('drawDraft', () => {
  const view = { screen: plainScreen(60), rows: 6, seconds: 3, typed: '' };

  it('shows the end of a long text in the rows that it may take', () => {
    const lines = drawDraft(draftOf(says(Array.from({ length: 99 }, (_, index) => `line ${index}`).join('\n'))), view);
    expect(lines).toEqual([
      'line 95',
      'line 96',
      'line 97',
      'line 98',
      '',
      'writing, not checked yet … 3 s, Ctrl-C cancels',
    ]);
  });

  it('says one line of what goes on, and forgets the talk before it', () => {
    expect(drawDraft(draftOf(thinks('hm'), says('Let me look.'), starts('Ranks runs')), view)).toEqual([
      'Ranks runs … 3 s, Ctrl-C cancels',
    ]);
  });

  it('dims the end of a thought until there are words', () => {
    const thought = drawDraft(draftOf(thinks('long '.repeat(200))), {
      ...view,
      screen: { ...view.screen, color: true },
    });
    expect(thought).toHaveLength(4);
    expect(thought[0]).toMatch(/^\x1b\[2mlong .*\x1b\[22m$/);
    expect(drawDraft(draftOf(thinks('hm'), says('So.')), view).join('\n')).not.toContain('hm');
  });

  it('shows what is typed meanwhile', () => {
    expect(drawDraft(EMPTY_DRAFT, { ...view, typed: 'and then?' }).at(-1)).toBe('> and then?');
  });

  it('never fills the last column, whatever is said', () => {
    const draft = draftOf(says(`${'a'.repeat(200)}\n\n| a | b |\n|---|---|\n| ${'名'.repeat(60)} | 1 |`), {
      type: 'progress',
      message: 'x\x1b[2J'.repeat(50),
    });
    const lines = drawDraft(draft, { ...view, rows: 40, typed: 'y'.repeat(200) });
    expect(Math.max(...lines.map(displayWidth))).toBeLessThan(60);
    expect(lines.join('')).not.toContain('\x1b');
  });
});

describe('the first screen', () => {
  it('has three lines that fit, with the longest question that fits whole', () => {
    const { chat } = makeChat();
    const examples = [`best run by f1 in ${'x'.repeat(80)}`, 'best run by f1', 'which experiments are there'];
    const lines = firstScreen(chat, '/名'.repeat(60), { experiments: 1, runs: 1_234, examples });
    expect(lines.map(displayWidth).every((width) => width <= 80)).toBe(true);
    expect(lines.slice(1)).toEqual([
      '1 experiment, 1,234 runs',
      'Ask: best run by f1? · /help, Tab completes, Ctrl-D leaves',
    ]);
  });

  it('does not keep a person waiting for a count', () => {
    const { chat } = makeChat();
    const lines = firstScreen(chat, 'server', { experiments: 2, examples: ['which experiments are there'] });
    expect(lines[1]).toBe('2 experiments, more runs than can be counted at once');
  });
});

describe('the live region', () => {
  function makeTerminal(columns: number) {
    const written: string[] = [];
    const size: [number, number] = [columns, 24];
    return { written, size, getWindowSize: () => size, write: (text: string) => written.push(text) };
  }

  it('draws in place of what it drew, and leaves nothing', () => {
    const terminal = makeTerminal(80);
    const region = createLiveRegion(terminal);
    region.draw(['one', 'two', 'three']);
    region.draw(['four']);
    region.erase();
    region.erase();
    expect(terminal.written).toEqual(['one\r\ntwo\r\nthree', '\x1b[2A\r\x1b[Jfour', '\r\x1b[J']);
  });

  it('goes up over the rows that a narrower terminal has made of its lines', () => {
    const terminal = makeTerminal(80);
    const region = createLiveRegion(terminal);
    region.draw(['x'.repeat(70), '\x1b[2mshort\x1b[22m']);
    terminal.size[0] = 30;
    region.erase();
    expect(terminal.written.at(-1)).toBe('\x1b[3A\r\x1b[J');
    expect(rowsOf(['', '名'.repeat(15), 'x'], 30)).toBe(3);
  });
});

describe('cleanPaste', () => {
  it.each([
    ['lines', 'a\nb\r\nc\rd\n\n', 'a↵b↵c↵d'],
    ['tabs', '\ta\tb', ' a b'],
    ['keys', 'a\x03\x1b[2J\x04\x7fb', 'a[2Jb'],
    ['nothing', '\r\n', ''],
  ])('makes one line of %s', (_, pasted, line) => {
    expect(cleanPaste(pasted, '↵')).toBe(line);
  });
});
