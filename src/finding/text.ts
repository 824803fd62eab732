/** A finding as Markdown: what a model reads and what the offline answer is made of. The first sentence is the answer. */
import type { Coverage } from './coverage.ts';
import type { Direction, FindingBody } from './finding.ts';
import { countOf, formatColumn, formatCount, pluralOf } from './format.ts';
import { quoteCell, quoteFilter, quoteName } from './quote.ts';
import type { Column, Table } from './table.ts';

const DEFAULT_ROWS = 10;
/** A list that is hardly longer is shown whole. */
const WHOLE_ROWS = 16;
const MAX_COLUMNS = 7;
const MAX_CAVEATS = 4;
/** UTF-8 bytes: 1,000 tokens by default and 8,000 when more rows are asked for, at the 1.6 bytes a token of ids and digits. */
const DEFAULT_BYTES = 1_600;
const MOST_BYTES = 12_500;

export interface TextOptions {
  /** Rows shown of each table. Default: the `limit` or `top` that was asked for, else 10. */
  readonly rows?: number | undefined;
  /** IANA name for the times in tables. */
  readonly timeZone?: string | undefined;
}

/** How many rows the asker wants to read, by the inputs that mean so in every tool. */
function askedRows(input: unknown): number | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { limit, top } = input as { limit?: unknown; top?: unknown };
  const rows = limit ?? top;
  return typeof rows === 'number' ? rows : undefined;
}

function tableLines(table: Table, rows: number, timeZone: string | undefined): string[] {
  const columns = table.columns.slice(0, MAX_COLUMNS);
  const shown = table.rows.slice(0, rows === DEFAULT_ROWS && table.total <= WHOLE_ROWS ? WHOLE_ROWS : rows);
  const texts = columns.map((column, i) =>
    formatColumn(
      column,
      shown.map((row) => row[i]),
      timeZone,
    ),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    ...(table.title === undefined ? [] : [`**${table.title}**`, '']),
    line(columns.map((column) => labelText(column))),
    `|${columns.map((column) => (isRightAligned(column) ? '--:' : '---')).join('|')}|`,
    ...shown.map((_, i) => line(texts.map((column) => column[i] ?? ''))),
  ];
  const more = [
    table.total > shown.length ? `+${formatCount(table.total - shown.length)} more` : '',
    table.columns.length > MAX_COLUMNS ? countOf(table.columns.length - MAX_COLUMNS, 'further column') : '',
  ].filter((part) => part !== '');
  return more.length === 0 ? lines : [...lines, '', more.join(', ')];
}

const labelText = (column: Column): string => quoteCell(column.label);
const isRightAligned = (column: Column): boolean =>
  ['metric', 'count', 'number', 'percent', 'delta', 'duration'].includes(column.kind);

/** `42 runs matched, 38 used`. */
function countsText({ matched, considered, unit }: Coverage): string {
  return `${countOf(matched, unit)}${considered === matched ? '' : ` matched, ${formatCount(considered)} used`}`;
}

/** ` (3 not FINISHED, 1 NaN)`. */
function reasonsText({ excluded }: Coverage): string {
  const reasons = excluded
    .filter(({ count }) => count > 0)
    .map(({ reason, count }) => `${formatCount(count)} ${reason}`);
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
}

function scopeText({ scope, within = 'experiment' }: Coverage): string {
  if (scope === 'all') return `all ${pluralOf(within)}`;
  const [first] = scope;
  const kind = first?.kind ?? within;
  return scope.length === 1 && first ? `${kind} ${quoteName(first.name || first.id)}` : countOf(scope.length, kind);
}

const DIRECTION_SOURCES = {
  asked: 'as asked',
  experiment: "by the experiment's primary metric",
  name: 'by name',
} as const;

/** `lower is better (by name)`. */
export function directionText(direction: Direction): string {
  return `${direction.value} is better (${DIRECTION_SOURCES[direction.source]})`;
}

/** Coverage, scope, filter, method and direction in one line; `brief` without the reasons why things were left out. */
export function receiptLine(body: FindingBody, { brief = false } = {}): string {
  const { coverage, method, direction } = body;
  const counts = `${countsText(coverage)}${brief ? '' : reasonsText(coverage)}${coverage.complete ? '' : ', incomplete'}`;
  const how = [method, direction && directionText(direction)].filter(Boolean).join(', ');
  const filter = coverage.filter === undefined ? '' : `filter ${quoteFilter(coverage.filter)}`;
  return [counts, scopeText(coverage), filter, how].filter((part) => part !== '').join(' · ');
}

function caveatLines(body: FindingBody): string[] {
  const shown = body.caveats.slice(0, MAX_CAVEATS).map((caveat) => `Note: ${caveat.text}`);
  const more = body.caveats.length - shown.length;
  return more > 0 ? [...shown, `+${countOf(more, 'more note')}`] : shown;
}

function compose(body: FindingBody, rows: number, timeZone: string | undefined): string {
  const tables = rows === 0 ? [] : body.data.tables.filter((table) => table.rows.length > 0);
  const blocks = [
    body.summary,
    ...tables.map((table) => tableLines(table, rows, timeZone).join('\n')),
    caveatLines(body).join('\n'),
    receiptLine(body),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** Markdown of a finding. Rows that would pass the size limit are left out, and the count of them said. */
export function findingText(body: FindingBody & { readonly input?: unknown }, options: TextOptions = {}): string {
  const asked = options.rows ?? askedRows(body.input);
  const limit = asked === undefined || asked <= DEFAULT_ROWS ? DEFAULT_BYTES : MOST_BYTES;
  let rows = asked ?? DEFAULT_ROWS;
  let text = compose(body, rows, options.timeZone);
  while (Buffer.byteLength(text) > limit && rows > 0) {
    rows = Math.floor(rows * 0.8);
    text = compose(body, rows, options.timeZone);
  }
  return text;
}
