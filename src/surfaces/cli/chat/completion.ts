/** What Tab does to a line: puts the rest of a name, or lists the names that it may be. */
import { sanitizeLine } from '../../../present/sanitize.ts';
import { displayWidth, padEnd, truncate } from '../../../present/width.ts';
import type { StoreNames } from '../../shared/names.ts';
import type { Chat } from './chat.ts';
import { chatCommands } from './commands/index.ts';

export type Completion =
  /** Takes `remove` characters off before the cursor and puts `insert` there. */
  | { readonly kind: 'insert'; readonly remove: number; readonly insert: string }
  | { readonly kind: 'list'; readonly names: readonly string[] };

/** Names that need no quotes to be read as one. */
const PLAIN = /^[\p{L}\p{N}_.@%#/-]+$/u;
const QUOTE = /["'`]/;
const SEPARATOR = /[\s(=]/;

/** `before` is the line up to the cursor. Undefined: nothing fits. */
export function completeLine(before: string, chat: Chat, names: StoreNames): Completion | undefined {
  if (/^\/\S*$/.test(before) || before === '') return completeCommand(before);
  const [first = '', rest = ''] = before.split(/\s(.*)/s);
  const command = chatCommands.find(({ name }) => name === first.toLowerCase());
  if (command !== undefined) {
    const candidates = command.complete?.(chat, names) ?? [];
    // A command takes its argument whole: spaces belong to the name.
    const typed = command.name === '/experiment' ? rest.replace(/^["'`]/, '') : (rest.split(/\s/).at(-1) ?? '');
    return choose(typed, candidates.filter(isVisible), typed.length, { begin: asItIs, write: asItIs });
  }
  const { opened, typed } = lastWord(before);
  if (typed === '') return undefined;
  const all = [...names.experiments, ...names.metrics, ...names.params, ...names.runs].filter(isVisible);
  const quotable = all.filter((name) => quoteFor(name, opened) !== undefined);
  const begin = (start: string) => `${quoteFor(start, opened)}${start}`;
  return choose(typed, quotable, typed.length + (opened?.length ?? 0), {
    begin,
    write: (name) => `${begin(name)}${quoteFor(name, opened)}`,
  });
}

/** An opened quote with what stands behind it, or the last word, which is none where a quote begins it. */
export function lastWord(before: string): { readonly opened?: string | undefined; readonly typed: string } {
  const quote = findLast(before, QUOTE);
  if (quote >= 0 && (quote === 0 || SEPARATOR.test(before[quote - 1]!)))
    return { opened: before[quote], typed: before.slice(quote + 1) };
  const typed = before.slice(findLast(before, SEPARATOR) + 1);
  return { typed: QUOTE.test(typed.charAt(0)) ? '' : typed };
}

/** -1 where there is none. */
function findLast(text: string, sign: RegExp): number {
  let at = text.length - 1;
  while (at >= 0 && !sign.test(text[at]!)) at--;
  return at;
}

function completeCommand(before: string): Completion | undefined {
  const asTyped = new Map(chatCommands.map(({ name, usage }) => [name, usage === '' ? name : `${name} `]));
  const write = (name: string) => asTyped.get(name) ?? name;
  return choose(before, [...asTyped.keys()], before.length, { begin: asItIs, write });
}

const asItIs = (name: string): string => name;

/** A name that hides something is not offered. */
const isVisible = (name: string): boolean => sanitizeLine(name) === name && name.trim() === name;

/** Empty where a name needs no quotes; undefined where none hold it together. */
function quoteFor(name: string, opened: string | undefined): string | undefined {
  if (opened === undefined && PLAIN.test(name)) return '';
  return [opened ?? '"', '"', "'", '`'].find((quote) => !name.includes(quote));
}

interface Writing {
  /** What names have in common, to be typed on from. */
  begin(start: string): string;
  /** A whole name. */
  write(name: string): string;
}

function choose(
  typed: string,
  candidates: readonly string[],
  remove: number,
  { begin, write }: Writing,
): Completion | undefined {
  const start = typed.toLowerCase();
  const fitting = [...new Set(candidates)].filter((name) => name.toLowerCase().startsWith(start));
  const [only] = fitting;
  if (only === undefined) return undefined;
  if (fitting.length === 1) return { kind: 'insert', remove, insert: write(only) };
  const prefix = commonPrefix(fitting);
  if (prefix.length > typed.length) return { kind: 'insert', remove, insert: begin(prefix) };
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
