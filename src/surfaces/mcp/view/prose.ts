/** An answer's Markdown as nodes: words, emphasis and tables; links keep their words and lead nowhere. */
import { type MarkdownBlock, readBlocks, type SourceSpan, type TableBlock } from '../../../finding/markup/blocks.ts';
import { type Piece, readInline } from '../../../finding/markup/inline.ts';
import { readCell } from '../../../finding/markup/readable.ts';
import { type Child, element } from './element.ts';
import { orderOfText, sortableTable } from './table.ts';

export function proseNodes(markdown: string): Node[] {
  return readBlocks(markdown).flatMap(blockNodes);
}

function blockNodes(block: MarkdownBlock): Node[] {
  switch (block.kind) {
    case 'blank':
      return [];
    case 'rule':
      return [element('hr')];
    case 'heading':
      return [element('h3', {}, ...wordsOf(block.words))];
    case 'quote':
      return [element('blockquote', {}, ...wordsOf(block.words))];
    case 'text':
      return [element('p', {}, ...wordsOf(block.words))];
    case 'item':
      return [element('p', {}, `${/\d/.test(block.marker.text) ? block.marker.text : '•'} `, ...wordsOf(block.words))];
    case 'code':
      return [element('pre', {}, block.lines.map(({ text }) => text).join('\n'))];
    case 'table':
      return [markdownTable(block.table)];
  }
}

function markdownTable({ header, isRight, rows }: TableBlock): HTMLElement {
  const joined = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join('');
  return sortableTable(
    header.map((cell, at) => ({ shown: fragment(readCell(cell)), isRight: isRight[at] ?? false })),
    rows.map((row) =>
      row.map((cell) => {
        const pieces = readCell(cell);
        // A cell stands anew in each order: its nodes move with it.
        return { shown: element('span', {}, ...pieces.map(pieceNode)), order: orderOfText(joined(pieces)) };
      }),
    ),
  );
}

const wordsOf = (words: SourceSpan): Child[] => readInline(words.text, words.at).map(pieceNode);
const fragment = (pieces: readonly Piece[]): Child => element('span', {}, ...pieces.map(pieceNode));

const TAGS = { code: 'code', strong: 'strong', emphasis: 'em' } as const;
const pieceNode = ({ text, kind }: Piece): Child => (kind === 'plain' ? text : element(TAGS[kind], {}, text));
