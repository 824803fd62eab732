/** Choices that a model lists by number in its text. A number in the text never means another choice than it does when typed. */

const NUMBERED = /^([ \t]*)(\d{1,3})[.)][ \t]+(.*)$/;

export interface Listed {
  /** What stands behind 1, 2, 3, … in the last list that begins so. */
  readonly items: readonly string[];
  /** The text, whose other numbered lines have bullets. */
  readonly text: string;
}

export function readListed(text: string): Listed {
  const lines = text.split('\n').map((line) => ({ line, parts: NUMBERED.exec(line) }));
  let list: typeof lines = [];
  for (const entry of lines) {
    const number = Number(entry.parts?.[2]);
    if (number === 1) list = [entry];
    else if (list.length > 0 && number === list.length + 1) list.push(entry);
  }
  const listed = new Set(list);
  return {
    items: list.map(({ parts }) => (parts?.[3] ?? '').replaceAll('`', '').trim()),
    text: lines.map((entry) => (listed.has(entry) ? entry.line : withBullet(entry.line))).join('\n'),
  };
}

export const withoutNumbers = (text: string): string => text.split('\n').map(withBullet).join('\n');

const withBullet = (line: string): string => line.replace(NUMBERED, '$1- $3');
