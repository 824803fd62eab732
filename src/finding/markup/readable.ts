/** The text of an answer as a person reads it, without its markup: what is checked, and what is shown. */
import { readBlocks, type SourceSpan } from './blocks.ts';
import { type Piece, readInline } from './inline.ts';

export interface Readable {
  readonly text: string;
  /** Where in the Markdown the character stands that stands here in the text. */
  sourceOf(index: number): number;
}

/** Lines and cells stay apart, list items keep their markers, and whatever is no markup stays as it is written. */
export function readable(markdown: string): Readable {
  const pieces = readBlocks(markdown).flatMap((block): Piece[] => {
    switch (block.kind) {
      case 'blank':
      case 'rule':
        return [plain('\n', block.at)];
      case 'code':
        return block.lines.flatMap((line) => [...verbatim(line), plain('\n', endOf(line))]);
      case 'table':
        return [block.table.header, ...block.table.rows].flatMap(rowPieces);
      case 'item':
        return [...verbatim(block.marker), plain(' ', endOf(block.marker)), ...linePieces(block.words)];
      default:
        return linePieces(block.words);
    }
  });
  const starts: number[] = [];
  let length = 0;
  for (const { text } of pieces) {
    starts.push(length);
    length += text.length;
  }
  return {
    text: pieces.map(({ text }) => text).join(''),
    sourceOf(index) {
      const place = lastAtMost(starts, index);
      const piece = pieces[place];
      return piece === undefined ? 0 : piece.at + Math.min(index - starts[place]!, piece.text.length);
    },
  };
}

/** The pieces of a table's cell, where a backslash keeps a bar in the cell, in code too. */
export function readCell(cell: SourceSpan): Piece[] {
  return readInline(cell.text, cell.at).flatMap((piece) => (piece.kind === 'code' ? splitAtBars(piece) : [piece]));
}

function splitAtBars(piece: Piece): Piece[] {
  let at = piece.at;
  return piece.text.split(/\\(?=\|)/).map((text) => {
    const part = { ...piece, text, at };
    at += text.length + 1;
    return part;
  });
}

const endOf = ({ text, at }: SourceSpan): number => at + text.length;
const plain = (text: string, at: number): Piece => ({ text, at, kind: 'plain' });
const verbatim = ({ text, at }: SourceSpan): Piece[] => [plain(text, at)];

function linePieces(words: SourceSpan): Piece[] {
  return [...readInline(words.text, words.at), plain('\n', endOf(words))];
}

function rowPieces(cells: readonly SourceSpan[]): Piece[] {
  return cells.flatMap((cell, index) => [
    ...readCell(cell),
    plain(index === cells.length - 1 ? '\n' : ' | ', endOf(cell)),
  ]);
}

function lastAtMost(starts: readonly number[], index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
