/** Finds the items of a long JSON list without parsing them. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Stands in the rest for an item. */
const ITEM = '0';

export interface SplitList {
  readonly text: string;
  /** Where each object or list in the list begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The text without them: JSON where all but the items is. */
  readonly rest: string;
}

/** Behind the text that begins with the quote at `from`; the end of all where it has none. */
function skipText(json: string, from: number): number {
  for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return json.length;
}

/** Behind the object or list that begins at `from`; undefined where it has no end. */
function skipNested(json: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) at = skipText(json, at) - 1;
    else if (unit === OPEN_OBJECT || unit === OPEN_LIST) depth++;
    else if ((unit === CLOSE_OBJECT || unit === CLOSE_LIST) && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Undefined where the list is not the first thing in an object, holds other than objects and lists, or has no end. */
export function splitList(text: string, name: string): SplitList | undefined {
  const from = new RegExp(`^\\s*\\{\\s*"${name}"\\s*:\\s*\\[`).exec(text)?.[0].length;
  if (from === undefined) return undefined;
  const [starts, ends]: [number[], number[]] = [[], []];
  let rest = text.slice(0, from);
  for (let at = from; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (unit === CLOSE_LIST) return { text, starts, ends, rest: rest + text.slice(at) };
    if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
      const end = skipNested(text, at);
      if (end === undefined) return undefined;
      starts.push(at);
      ends.push(end);
      rest += ITEM;
      at = end;
    } else if (/[\s,]/.test(text[at]!)) rest += text[at++];
    else return undefined;
  }
  return undefined;
}
