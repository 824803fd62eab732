/** Which findings a text cites: those without which less of it would be supported. */
import type { Finding } from '../finding/finding.ts';
import type { Evidence } from './check/evidence.ts';
import { type CheckedText, checkText } from './check/number-check.ts';

export interface Checked extends CheckedText {
  /** Handles of the findings that support some part of the text. */
  readonly cited: ReadonlySet<string>;
}

export async function check(
  text: string,
  findings: readonly Finding[],
  evidenceOf: (findings: readonly Finding[]) => Evidence,
): Promise<Checked> {
  const unsupported = (some: readonly Finding[]) => checkText(text, evidenceOf(some)).unsupported.length;
  const bare = unsupported([]);
  const cited = findings.filter((finding) => unsupported([finding]) < bare);
  return { ...checkText(text, evidenceOf(findings)), cited: new Set(cited.map(({ handle }) => handle)) };
}
