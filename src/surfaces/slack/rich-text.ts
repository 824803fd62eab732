/**
 * Markdown, as answers use it, as Slack's blocks of plain pieces: nothing in a piece is read as markup, so that no name
 * from a store can mention anybody or lead anywhere.
 */
import type { types } from '@slack/bolt';
import { formatCount } from '../../finding/format.ts';
import { readBlocks, type SourceSpan, type TableBlock } from '../../finding/markup/blocks.ts';
import { type Piece, readInline } from '../../finding/markup/inline.ts';
import { readCell } from '../../finding/markup/readable.ts';
import { sanitizeForTerminal } from '../../present/sanitize.ts';

type RichTextElement = types.RichTextBlock['elements'][number];
type Inline = types.RichTextSection['elements'][number];

/** Characters of a message in all, of which Slack takes some 13,000. */
const MOST_CHARACTERS = 9_000;
const MOST_ROWS = 60;
const MOST_COLUMNS = 20;
const LONGEST_CELL = 200;

export interface RichText {
  readonly blocks: readonly types.KnownBlock[];
  readonly characters: number;
}

/** What stands beyond `most` characters is left out, and that is said. */
export function toRichText(markdown: string, most = MOST_CHARACTERS): RichText {
  const writer = new BlockWriter();
  const source = sanitizeForTerminal(markdown);
  const shown = source.length <= most ? source : source.slice(0, source.lastIndexOf('\n', most) + 1 || most);
  for (const block of readBlocks(shown)) {
    switch (block.kind) {
      case 'blank':
      case 'rule':
        writer.gap();
        break;
      case 'code':
        writer.add({ type: 'rich_text_preformatted', elements: textElements(lines(block.lines)) });
        break;
      case 'table':
        writer.table(block.table);
        break;
      case 'quote':
        writer.add({ type: 'rich_text_quote', elements: inlineElements(block.words) });
        break;
      case 'item': {
        const marker = /^\d/.test(block.marker.text) ? block.marker.text : '•';
        writer.line([
          textElement(`${' '.repeat(Math.min(block.indent, 8))}${marker} `),
          ...inlineElements(block.words),
        ]);
        break;
      }
      case 'heading':
        writer.line(inlineElements(block.words, { bold: true }));
        break;
      case 'text':
        writer.line(inlineElements(block.words));
    }
  }
  if (shown.length < source.length) {
    writer.gap();
    writer.line([
      textElement(
        `The answer goes on for ${formatCount(source.length - shown.length)} characters, which are not shown here.`,
      ),
    ]);
  }
  return { blocks: writer.end(), characters: shown.length };
}

class BlockWriter {
  readonly #blocks: types.KnownBlock[] = [];
  #elements: RichTextElement[] = [];
  #line: Inline[] = [];
  #hasTable = false;

  line(elements: Inline[]): void {
    if (this.#line.length > 0) this.#push(textElement('\n'));
    for (const element of elements) this.#push(element);
  }

  gap(): void {
    if (this.#line.length > 0 && !endsLine(this.#line.at(-1))) this.#push(textElement('\n'));
  }

  add(element: RichTextElement): void {
    this.#endLines();
    if (element.elements.length > 0) this.#elements.push(element);
  }

  /** Slack shows one table in a message. */
  table(table: TableBlock): void {
    if (this.#hasTable) {
      const rows = [table.header, ...table.rows].map((row) => row.map(cellText).join(' | '));
      this.add({ type: 'rich_text_preformatted', elements: textElements(rows.join('\n')) });
      return;
    }
    this.#hasTable = true;
    this.#endBlock();
    this.#blocks.push(tableBlock(table));
    const more = table.rows.length - MOST_ROWS;
    if (more > 0) this.line([textElement(`+${formatCount(more)} more rows`)]);
  }

  end(): readonly types.KnownBlock[] {
    this.#endBlock();
    return this.#blocks;
  }

  /** Plain text is one piece as long as it goes on. */
  #push(element: Inline): void {
    const last = this.#line.at(-1);
    if (isPlain(last) && isPlain(element)) this.#line.splice(-1, 1, textElement(last.text + element.text));
    else this.#line.push(element);
  }

  #endLines(): void {
    const last = this.#line.at(-1);
    if (endsLine(last)) this.#line.splice(-1, 1, ...textElements(last.text.trimEnd()));
    if (this.#line.length > 0) this.#elements.push({ type: 'rich_text_section', elements: this.#line });
    this.#line = [];
  }

  #endBlock(): void {
    this.#endLines();
    if (this.#elements.length > 0) this.#blocks.push({ type: 'rich_text', elements: this.#elements });
    this.#elements = [];
  }
}

function tableBlock({ header, isRight, rows }: TableBlock): types.TableBlock {
  const columns = header.slice(0, MOST_COLUMNS);
  const write = (row: readonly SourceSpan[]): types.RawTextElement[] =>
    columns.map((_, at) => ({ type: 'raw_text', text: cellText(row[at]).slice(0, LONGEST_CELL) || ' ' }));
  return {
    type: 'table',
    rows: [header, ...rows.slice(0, MOST_ROWS)].map(write),
    column_settings: columns.map((_, at) => ({ align: isRight[at] === true ? 'right' : 'left' })),
  };
}

const cellText = (cell: SourceSpan | undefined): string =>
  cell === undefined
    ? ''
    : readCell(cell)
        .map(({ text }) => text)
        .join('');

const lines = (spans: readonly SourceSpan[]): string => spans.map(({ text }) => text).join('\n');

function inlineElements(words: SourceSpan, style: { readonly bold?: boolean } = {}): Inline[] {
  return readInline(words.text, words.at).flatMap(({ text, kind }) =>
    text === '' ? [] : textElement(text, { ...style, ...STYLES[kind] }),
  );
}

const STYLES: Readonly<Record<Piece['kind'], { bold?: boolean; italic?: boolean; code?: boolean }>> = {
  plain: {},
  code: { code: true },
  strong: { bold: true },
  emphasis: { italic: true },
};

function textElement(
  text: string,
  style: { bold?: boolean; italic?: boolean; code?: boolean } = {},
): types.RichTextText {
  return Object.keys(style).length === 0 ? { type: 'text', text } : { type: 'text', text, style };
}

const textElements = (text: string): types.RichTextText[] => (text === '' ? [] : [textElement(text)]);

const isPlain = (element: Inline | undefined): element is types.RichTextText =>
  element?.type === 'text' && element.style === undefined;

const endsLine = (element: Inline | undefined): element is types.RichTextText =>
  isPlain(element) && element.text.endsWith('\n');
