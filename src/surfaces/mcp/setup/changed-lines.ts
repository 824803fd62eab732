/** What an edit in one place changes, line by line. */

const AROUND = 2;

/** Lines taken out with `-`, put in with `+`, and a few around them. */
export function changedLines(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const start = sameLines(old, now);
  const end = sameLines(old.slice(start).reverse(), now.slice(start).reverse());
  return [
    ...old.slice(Math.max(0, start - AROUND), start).map((line) => `  ${line}`),
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...now.slice(start, now.length - end).map((line) => `+ ${line}`),
    ...now.slice(now.length - end, now.length - end + AROUND).map((line) => `  ${line}`),
  ];
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** How many lines two texts begin with alike. */
function sameLines(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((line, at) => line !== b[at]);
  return different < 0 ? Math.min(a.length, b.length) : different;
}
