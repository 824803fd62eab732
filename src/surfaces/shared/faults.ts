/** A fault in one line: what failed, and the mend. */
import type { Environment } from '../../config/config.ts';
import { sanitizeForTerminal, sanitizeLine } from '../../present/sanitize.ts';

export function describeFault(fault: { readonly message: string; readonly hint?: string | undefined }): string {
  const text = fault.hint === undefined ? fault.message : `${endSentence(fault.message)} ${fault.hint}`;
  return `runsight: ${sanitizeLine(text.replace(/\s*\n\s*/g, ' ').trim())}`;
}

export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** As above, of anything that was thrown; RUNSIGHT_DEBUG=1 shows where. */
export function describeError(error: unknown, env: Environment): string {
  if (env.RUNSIGHT_DEBUG === '1' && error instanceof Error) return sanitizeForTerminal(error.stack ?? error.message);
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  const hint = typeof error === 'object' && error !== null && 'hint' in error ? error.hint : undefined;
  return describeFault({ message: String(message), hint: typeof hint === 'string' ? hint : undefined });
}
