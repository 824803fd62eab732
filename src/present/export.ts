/** Findings as files. */
import type { Finding } from '../tools/kit/finding.ts';
import { findingJson } from '../tools/kit/json.ts';
import { findingText } from '../tools/kit/text.ts';

export type ExportFormat = 'csv' | 'json' | 'md';

export function exportFindings(findings: readonly Finding[], format: ExportFormat): string {
  if (format === 'json') return `${JSON.stringify(findings.map(findingJson), undefined, 2)}\n`;
  if (format === 'md') return `${findings.map((finding) => findingText(finding)).join('\n\n')}\n`;
  const rows = findings.flatMap(({ data }) =>
    data.tables.flatMap(({ columns, rows }) => [columns.map((column) => column.label), ...rows]),
  );
  return rows.map((cells) => `${cells.map((cell) => JSON.stringify(String(cell ?? ''))).join(',')}\r\n`).join('');
}
