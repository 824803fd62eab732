/** Findings as files to take away: CSV for spreadsheets and scripts, JSON, Markdown; all at full precision. */
import type { Series } from '../finding/drawing.ts';
import type { Finding } from '../finding/finding.ts';
import { countOf } from '../finding/format.ts';
import { findingJson } from '../finding/json.ts';
import { quoteName } from '../finding/quote.ts';
import type { Table } from '../finding/table.ts';
import { csvOf } from './csv.ts';
import { seriesGrid, tableGrid } from './grid.ts';
import { jsonPieces } from './json-text.ts';
import { findingMarkdown } from './markdown.ts';

export type ExportFormat = 'csv' | 'json' | 'md';

export interface Export {
  /** None where nothing of the findings fits the format. */
  readonly pieces: Iterable<string>;
  /** What the file lacks or shows otherwise, a phrase each, for people; once the pieces were read. */
  notes(): readonly string[];
}

export function exportFindings(findings: readonly Finding[], format: ExportFormat): Export {
  if (format === 'csv') return exportCsv(findings);
  const tables = findings.flatMap((finding) => finding.data.tables.map((table) => ({ finding, table })));
  const cuts = tables.flatMap(({ finding, table }) => cutRows(table, nameOfTable(finding, table)));
  if (format === 'json') {
    const thinned = findings.flatMap((finding) => thinnedPoints(seriesOf(finding), finding.handle));
    return { pieces: writeJson(findings), notes: () => [...cuts, ...thinned] };
  }
  const curves = findings.filter((finding) => seriesOf(finding).length > 0);
  return {
    pieces: writeMarkdown(findings),
    notes: () => [...cuts, ...curves.map(({ handle }) => `the points of the curves of ${handle} are in csv and json`)],
  };
}

function* writeJson(findings: readonly Finding[]): Generator<string, void, undefined> {
  yield* jsonPieces(findings.map(findingJson));
  yield '\n';
}

function* writeMarkdown(findings: readonly Finding[]): Generator<string, void, undefined> {
  for (const [index, finding] of findings.entries()) {
    if (index > 0) yield '\n';
    yield* findingMarkdown(finding);
    yield '\n';
  }
}

/** A CSV file is one table. */
interface Part {
  readonly finding: Finding;
  /** For notes. */
  readonly name: string;
  readonly content: Table | readonly Series[];
}

const isTable = (content: Part['content']): content is Table => 'columns' in content;

function exportCsv(findings: readonly Finding[]): Export {
  const [part, ...others] = findings.flatMap(partsOf);
  if (part === undefined)
    return { pieces: [], notes: () => ['nothing there is a table or a curve, so there is no csv'] };
  const { content, finding } = part;
  const { lines, defused } = csvOf(isTable(content) ? tableGrid(content) : seriesGrid(content));
  return {
    pieces: lines,
    notes: () => [
      ...(isTable(content) ? cutRows(content, part.name) : thinnedPoints(content, finding.handle)),
      ...others.map(({ name }) => `left out, as a csv file holds one table: ${name}`),
      ...(defused() === 0 ? [] : [`${countOf(defused(), 'cell')} got a leading ' so that no spreadsheet runs them`]),
    ],
  };
}

/** What of a finding can be the file, the best first: what a curve was asked for are its points. */
function partsOf(finding: Finding): Part[] {
  const series = seriesOf(finding);
  const curves = series.length === 0 ? [] : [{ finding, name: `the curves of ${finding.handle}`, content: series }];
  const tables = finding.data.tables
    .filter((table) => table.rows.length > 0)
    .map((table) => ({ finding, name: nameOfTable(finding, table), content: table }));
  return finding.kind === 'series' ? [...curves, ...tables] : [...tables, ...curves];
}

const seriesOf = ({ data }: Finding): readonly Series[] =>
  (data.series ?? []).filter(({ points }) => points.length > 0);

function nameOfTable({ handle, title }: Finding, table: Table): string {
  return `${quoteName(table.title ?? title)} of ${handle}`;
}

function cutRows({ rows, total }: Table, name: string): string[] {
  return total > rows.length ? [`${name} holds ${rows.length} of ${countOf(total, 'row')}`] : [];
}

function thinnedPoints(series: readonly Series[], handle: string): string[] {
  return series
    .filter(({ points, logged }) => logged > points.length)
    .map(({ of, metric, points, logged }) => {
      const curve = `${quoteName(metric)} of ${quoteName(of.name || of.id)}`;
      return `${curve} in ${handle}: the ${points.length} points drawn of ${countOf(logged, 'logged point')}`;
    });
}
