/** The part of the terminal below what was said, that is drawn again and again and then taken away without a trace. */
import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../../../present/width.ts';

/** The parts of a terminal that are used. */
export interface TerminalOutput {
  /** As it is now: what a stream remembers is late by a moment, in which a row may have become two. */
  getWindowSize(): [columns: number, rows: number];
  write(text: string): unknown;
}

export interface LiveRegion {
  /** In place of what was drawn before. The cursor stays behind the last line. */
  draw(lines: readonly string[]): void;
  erase(): void;
}

export function createLiveRegion(output: TerminalOutput): LiveRegion {
  let drawn: readonly string[] = [];
  const erasing = (): string => {
    if (drawn.length === 0) return '';
    const up = rowsOf(drawn, output.getWindowSize()[0]) - 1;
    return `${up > 0 ? `\x1b[${up}A` : ''}\r\x1b[J`;
  };
  return {
    draw(lines) {
      const text = erasing() + lines.join('\r\n');
      drawn = lines;
      if (text !== '') output.write(text);
    },
    erase() {
      const text = erasing();
      drawn = [];
      if (text !== '') output.write(text);
    },
  };
}

/** Rows that lines take now: a terminal that became narrower has broken those that no longer fit. */
export function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce(
    (rows, line) => rows + Math.max(1, Math.ceil(displayWidth(stripVTControlCharacters(line)) / columns)),
    0,
  );
}
