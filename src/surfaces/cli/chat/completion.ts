/** What Tab does to a line: puts the rest of a name, or lists the names that it may be. */
import { sanitizeLine } from '../../../present/sanitize.ts';
import { displayWidth, padEnd, truncate } from '../../../present/width.ts';
import type { Chat } from './chat.ts';
import { commands } from './commands/index.ts';
import type { StoreNames } from './names.ts';

export type Completion =
  /** Takes `remove` characters off before the cursor and puts `insert` there. */
  | { readonly kind: 'insert'; readonly remove: number; readonly insert: string }
  | { readonly kind: 'list'; readonly names: readonly string[] };

/** Names that need no quotes to be read as one. */
const PLAIN = /^[\p{L}\p{N}_.@%#/-]+$/u;
/** An opened quote, or the last word. */
const LAST_WORD = /(?:^|[\s(=])(?<quote>["'`])(?<quoted>[^"'`]*)$|(?<bare>(?:[^\s(="'`][^\s(=]*)?)$/u;

/** `before` is the line up to the cursor. Undefined: nothing fits. */
export function completeLine(before: string, chat: Chat, names: StoreNames): Completion | undefined {
  if (/^\/\S*$/.test(before) || before === '') return completeCommand(before);
  const [first = '', rest = ''] = before.split(/\s(.*)/s);
  const command = commands.find(({ name }) => name === first.toLowerCase());
  if (command !== undefined) {
    const candidates = command.complete?.(chat, names) ?? [];
    // A command takes its argument whole: spaces belong to the name.
    const typed = command.name === '/experiment' ? rest.replace(/^["'`]/, '') : (rest.split(/\s/).at(-1) ?? '');
    return choose(typed, candidates.filter(isClean), typed.length, (name) => name);
  }
  const word = LAST_WORD.exec(before)?.groups;
  const typed = word?.quoted ?? word?.bare ?? '';
  if (typed === '') return undefined;
  const quote = word?.quote;
  const all = [...names.experiments, ...names.metrics, ...names.params, ...names.runs];
  return choose(typed, all.filter(isClean), typed.length + (quote === undefined ? 0 : 1), (name) =>
    quoted(name, quote),
  );
}

function completeCommand(before: string): Completion | undefined {
  const asTyped = new Map(commands.map(({ name, usage }) => [name, usage === '' ? name : `${name} `]));
  return choose(before, [...asTyped.keys()], before.length, (name) => asTyped.get(name) ?? name);
}

/** A name that hides something, or that no quotes hold together, is not offered. */
const isClean = (name: string): boolean =>
  sanitizeLine(name) === name && !/["'`].*["'`]/.test(name) && name.trim() === name;

function quoted(name: string, opened: string | undefined): string {
  if (opened === undefined && PLAIN.test(name)) return name;
  const quote = opened !== undefined && !name.includes(opened) ? opened : name.includes('"') ? "'" : '"';
  return `${quote}${name}${quote}`;
}

function choose(
  typed: string,
  candidates: readonly string[],
  remove: number,
  write: (name: string) => string,
): Completion | undefined {
  const start = typed.toLowerCase();
  const fitting = [...new Set(candidates)].filter((name) => name.toLowerCase().startsWith(start));
  const [only] = fitting;
  if (only === undefined) return undefined;
  if (fitting.length === 1) return { kind: 'insert', remove, insert: write(only) };
  const prefix = commonPrefix(fitting);
  // The quote that a name with spaces needs is put at its end only: until then the words stand as typed.
  if (prefix.length > typed.length && PLAIN.test(prefix))
    return { kind: 'insert', remove: typed.length, insert: prefix };
  return { kind: 'list', names: fitting };
}

function commonPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let length = first.length;
  for (const name of others) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

const MOST_LISTED = 40;
const GAP = 2;

/** The first of the names side by side in columns, sorted, read downwards; what is left out is counted. */
export function listNames(names: readonly string[], width: number): string[] {
  const shown = names
    .slice(0, MOST_LISTED)
    .sort()
    .map((name) => truncate(name, width));
  const widest = Math.max(...shown.map(displayWidth));
  const columns = Math.max(1, Math.floor((width + GAP) / (widest + GAP)));
  const rows = Math.ceil(shown.length / columns);
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => shown[column * rows + row] ?? '')
      .map((name) => padEnd(name, widest))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  const more = names.length - shown.length;
  return more > 0 ? [...lines, `+${more} more`] : lines;
}
