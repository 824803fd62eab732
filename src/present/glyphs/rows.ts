/** Drawings of one row to a name: the name, the drawing, and what it stands for in numbers, which are never cut. */
import { fitLabel, type Label, labelText } from '../series-label.ts';
import { wrapSpans } from '../spans.ts';
import { paint, type Screen } from '../style.ts';
import { displayWidth, padStart } from '../width.ts';

const MAXIMUM_WIDTH = 100;
/** A name takes at most this share of a line. */
const NAME_SHARE = 0.4;
const FEWEST_CELLS = 8;

export interface Rows {
  readonly nameWidth: number;
  /** Columns of the drawing. */
  readonly cells: number;
  /** The numbers stand below each drawing: there is no room beside it. */
  readonly below: boolean;
}

export function layOutRows(names: readonly Label[], texts: readonly string[], screen: Screen): Rows {
  const width = Math.min(screen.width, MAXIMUM_WIDTH);
  const widest = (all: readonly string[]) => all.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
  const nameWidth = Math.min(widest(names.map(labelText)), Math.floor(width * NAME_SHARE));
  const beside = width - nameWidth - 3 - widest(texts);
  const below = beside < FEWEST_CELLS;
  return { nameWidth, cells: below ? width - nameWidth - 2 : beside, below };
}

/** @param drawing of the layout's columns, painted */
export function rowLines(
  { nameWidth, below }: Rows,
  name: Label,
  drawing: string,
  text: string,
  screen: Screen,
): string[] {
  const label = padStart(fitLabel(name, nameWidth, screen), nameWidth);
  const edge = paint(screen, 'dim', screen.unicode ? '│' : '|');
  const line = `${label} ${edge}${drawing}`;
  if (!below) return [`${line} ${text}`.trimEnd()];
  const lines = wrapSpans([{ text }], screen.width - nameWidth - 2);
  const indent = ' '.repeat(nameWidth + 2);
  return [line.trimEnd(), ...lines.map((spans) => indent + spans.map((span) => span.text).join(''))];
}
