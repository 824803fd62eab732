/** A fault in one line: what failed, and the mend. */
import { sanitizeLine } from '../../present/sanitize.ts';

export function describeFault(fault: { readonly message: string; readonly hint?: string | undefined }): string {
  const text = fault.hint === undefined ? fault.message : `${endSentence(fault.message)} ${fault.hint}`;
  return `runsight: ${sanitizeLine(text.replace(/\s*\n\s*/g, ' ').trim())}`;
}

export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
