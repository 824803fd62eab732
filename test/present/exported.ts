/** An exported file whole. */
import { exportFindings } from '../../src/present/export.ts';

export function exportTexts(...[findings, format]: Parameters<typeof exportFindings>) {
  const { pieces, notes } = exportFindings(findings, format);
  const content = [...pieces].join('');
  return { content, notes: notes() };
}
