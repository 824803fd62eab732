/** A finding in one line: the sentences that code worded, and what they rest on. */
import type { FindingBody } from './finding.ts';
import { receiptLine } from './text.ts';

/** Characters of a summary that stands alone, and of one among others. */
const ALONE = 320;
const AMONG_OTHERS = 200;

const MARKS = /`+|[.!?](?=\s)|\s/g;

/** Markdown. */
export function findingLine(body: FindingBody, isAlone: boolean): string {
  return `${leadOf(body.summary, isAlone ? ALONE : AMONG_OTHERS)} Scope: ${receiptLine(body, { brief: true })}`;
}

/**
 * As many first sentences as there is room for, on one line. `…` stands for what is left out, of the sentence where even the
 * first is too long; no code span is left open.
 */
export function leadOf(markdown: string, most = ALONE): string {
  const text = markdown.trim().replace(/\s+/g, ' ');
  if (text.length <= most) return text;
  const head = text.slice(0, most).toWellFormed();
  let open = '';
  let sentence = 0;
  let word = head;
  for (const { 0: mark, index } of head.matchAll(MARKS)) {
    if (mark.startsWith('`')) open = open === '' ? mark : open === mark ? '' : open;
    else if (mark === ' ') word = head.slice(0, index) + open;
    else if (open === '') sentence = index + 1;
  }
  return `${sentence > 0 ? head.slice(0, sentence) : word} …`;
}
