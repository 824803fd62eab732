/** What stands behind an answer whose words are a model's own, and beside them: what code found, in its words. */
import { findingLine, leadOf } from '../finding/line.ts';
import type { Ending } from './ending.ts';
import type { EvidenceLine } from './events.ts';
import { type Question, reasonOf } from './question.ts';

/** The findings that the words cite, this question's first; where they cite none, this question's. Or why there is none. */
export function evidenceBeside(question: Question, { checked }: Ending): EvidenceLine[] {
  if (checked === undefined) return [];
  const { findings, draft } = question;
  const earlier = draft.findings.slice(0, draft.findings.length - findings.length).toReversed();
  const cited = [...findings, ...earlier].filter(({ handle }) => checked.cited.has(handle));
  const shown = cited.length > 0 ? cited : findings;
  const lines = shown.map((finding) => ({ handle: finding.handle, text: findingLine(finding, shown.length === 1) }));
  const reason = reasonOf(question);
  return [
    ...lines.filter(({ text }, index) => lines.findIndex((other) => other.text === text) === index),
    ...(reason === undefined ? [] : [{ text: leadOf(`${reason.message} ${reason.hint ?? ''}`) }]),
  ];
}

/** Whether no finding, and no reason that a tool gave, stands behind the words. */
export function isUnbacked(question: Question, { checked }: Ending): boolean {
  return (
    checked !== undefined &&
    checked.cited.size === 0 &&
    question.findings.length === 0 &&
    reasonOf(question) === undefined
  );
}
