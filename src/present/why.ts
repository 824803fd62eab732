/** What an answer stands on. */
import type { Answer } from '../agent/events.ts';

/** Markdown. */
export function explainAnswer({ findings, receipt }: Answer): string {
  const blocks = findings.map(({ handle, title, method, reproduce }) =>
    [`**${handle} ${title}**`, method, '```python', reproduce, '```'].join('\n'),
  );
  return [...blocks, `Asked at ${receipt.now} of ${receipt.store}.`].join('\n\n');
}
