/** What the findings of a conversation support: numbers, times, durations and names. */
import type { Series } from '../../finding/drawing.ts';
import type { Finding } from '../../finding/finding.ts';
import { quoteName, visibleText } from '../../finding/quote.ts';
import { isRef, type Ref, refKey } from '../../finding/refs.ts';
import type { Cell, Column, Table } from '../../finding/table.ts';
import { Attribution } from './attribution.ts';
import { foldName } from './fold.ts';
import { findNumerals, LETTER, NumberSet, WORD } from './numerals.ts';
import { findDurations, findMoments, TimeSet } from './times.ts';

export interface Evidence {
  readonly numbers: NumberSet;
  /** Milliseconds. */
  readonly durations: NumberSet;
  readonly times: TimeSet;
  /** Whole names, folded. */
  readonly names: Set<string>;
  /** Names and whatever part of a key people call it by (`f1` of `f1_score`), folded. */
  readonly words: Set<string>;
  /** Names as they stand that hold blanks or signs: looked for in the text itself. */
  readonly oddNames: Set<string>;
  /** With the kinds of thing that they are ids of. */
  readonly ids: Map<string, Set<string>>;
  /** Kinds of thing that the findings name or count. */
  readonly kinds: Set<string>;
  /** Of each kind of thing the last numbers of the names: `run 17` is `run-017`. */
  readonly numbered: Map<string, Set<number>>;
  readonly handles: Set<string>;
  readonly urls: Set<string>;
  readonly attribution: Attribution;
  /** Rows that a table has and how many of them are shown. */
  readonly tables: { readonly total: number; readonly shown: number }[];
}

export interface EvidenceSources {
  readonly findings: Iterable<Finding>;
  /** What the user typed: its numbers and names may be repeated. */
  readonly questions: readonly string[];
  /** Other text worded by code: why a tool could not answer, the names of the tools. */
  readonly texts: readonly string[];
  readonly now: number;
  readonly timeZone: string;
}

/** A name that is shown as it is stored. */
const PLAIN = /^[\w.-]{1,80}$/;
const A_LETTER = new RegExp(`[${LETTER}]`);
const TWO_LETTERS = new RegExp(`[${LETTER}]{2}`);
const WORDS = new RegExp(`[${WORD}]+(?:[-.][${WORD}]+)*`, 'g');

/** A name in backticks; pairs of them hold a filter, whose own names are spans again. */
export const CODE_SPAN = /(?<!`)`(?!`)([^`\n]+)`(?!`)/g;

const COMMON_WORDS = ['f1', 'r2', 'l1', 'l2'];

export function collectEvidence(sources: EvidenceSources): Evidence {
  const evidence: Evidence = {
    numbers: new NumberSet(),
    durations: new NumberSet(),
    times: new TimeSet(sources.timeZone),
    names: new Set(),
    words: new Set(COMMON_WORDS),
    oddNames: new Set(),
    ids: new Map(),
    kinds: new Set(),
    numbered: new Map(),
    handles: new Set(),
    urls: new Set(),
    attribution: new Attribution(),
    tables: [],
  };
  evidence.times.add(sources.now);
  for (const finding of sources.findings) addFinding(evidence, finding);
  for (const question of sources.questions) addText(evidence, question);
  for (const text of sources.texts) {
    addText(evidence, withoutQuoted(text));
    // The nearest names that a tool gave may be passed on.
    addWords(evidence, text);
  }
  return evidence;
}

function addFinding(evidence: Evidence, finding: Finding): void {
  const { data, coverage, subject } = finding;
  evidence.handles.add(finding.handle);
  evidence.attribution.add(finding);
  for (const table of data.tables) addTable(evidence, table);
  for (const series of data.series ?? []) addSeries(evidence, series);
  for (const [key, cell] of Object.entries(data.facts ?? {})) {
    addKey(evidence, key);
    addCell(evidence, cell);
  }
  const counts = [coverage.matched, coverage.considered, data.tables.length, data.series?.length ?? 0];
  for (const count of [...counts, ...coverage.excluded.map((one) => one.count)]) evidence.numbers.add(count);
  evidence.kinds.add(coverage.unit);
  if (coverage.scope !== 'all') {
    evidence.numbers.add(coverage.scope.length);
    for (const ref of coverage.scope) addRef(evidence, ref);
  }
  for (const ref of subject.refs) addRef(evidence, ref);
  if (subject.measure !== undefined) addKey(evidence, subject.measure);
  for (const link of finding.links) evidence.urls.add(link.url);
  const worded = [finding.title, finding.summary, finding.method, ...finding.caveats.map((caveat) => caveat.text)];
  // What code worded is evidence, but not the store's own words that it quotes.
  for (const text of [...worded, coverage.filter ?? '']) addText(evidence, withoutQuoted(text));
  for (const text of [...worded, coverage.filter ?? '', finding.reproduce]) addWords(evidence, text);
}

function addTable(evidence: Evidence, table: Table): void {
  evidence.tables.push({ total: table.total, shown: table.rows.length });
  for (const count of [table.total, table.rows.length]) evidence.numbers.add(count);
  for (const [index, column] of table.columns.entries()) {
    addKey(evidence, column.key);
    addKey(evidence, column.label);
    const cells = table.rows.map((row) => row[index]);
    for (const cell of cells) addCell(evidence, cell, column);
    addTally(evidence, cells);
  }
}

/** How many rows say the same, and how many different things they say, may be counted off a table. */
function addTally(evidence: Evidence, cells: readonly Cell[]): void {
  const tally = new Map<unknown, number>();
  for (const cell of cells) {
    if (cell === undefined || typeof cell === 'number' || typeof cell === 'bigint') continue;
    const said = isRef(cell) ? refKey(cell) : cell;
    tally.set(said, (tally.get(said) ?? 0) + 1);
  }
  for (const count of [...tally.values(), tally.size]) evidence.numbers.add(count);
}

function addSeries(evidence: Evidence, { of, metric, points, logged }: Series): void {
  addRef(evidence, of);
  addKey(evidence, metric);
  evidence.numbers.add(logged);
  const finite = points.filter((point) => Number.isFinite(point.value));
  const lowest = finite.reduce((low, point) => (point.value < low.value ? point : low), finite[0]!);
  const highest = finite.reduce((high, point) => (point.value > high.value ? point : high), finite[0]!);
  // Not every point: among a thousand of them almost any number could be found.
  for (const point of [points[0], points.at(-1), lowest, highest]) {
    if (point === undefined) continue;
    evidence.numbers.add(point.value);
    evidence.numbers.add(point.step);
  }
}

function addCell(evidence: Evidence, cell: Cell, column?: Column): void {
  if (typeof cell === 'number' || typeof cell === 'bigint') {
    if (column?.kind === 'time') evidence.times.add(Number(cell));
    else evidence.numbers.add(cell);
    if (column === undefined || column.kind === 'duration') evidence.durations.add(cell);
  } else if (typeof cell === 'string') addStored(evidence, cell);
  else if (isRef(cell)) addRef(evidence, cell);
}

function addRef(evidence: Evidence, { kind, id, name }: Ref): void {
  evidence.kinds.add(kind);
  addTo(evidence.ids, id, kind);
  // Digits alone are read as a number, and as an id only where the text says so.
  if (A_LETTER.test(id)) addName(evidence, id);
  addName(evidence, name);
  const last = /(\d+)\D*$/.exec(name)?.[1];
  if (last !== undefined) addTo(evidence.numbered, kind, Number(last));
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

/** A stored text is a name; its numbers count only where it is nothing but numbers (`0.1`, `(64, 32)`). */
function addStored(evidence: Evidence, text: string): void {
  addName(evidence, text);
  if (!TWO_LETTERS.test(text)) addText(evidence, text);
}

function addName(evidence: Evidence, name: string): void {
  for (const shown of PLAIN.test(name) ? [name] : [name, visibleText(name), quoteName(name).slice(1, -1)]) {
    if (shown === '') continue;
    evidence.names.add(foldName(shown));
    evidence.words.add(foldName(shown));
    if (!PLAIN.test(shown) && A_LETTER.test(shown)) evidence.oddNames.add(shown);
  }
}

function addKey(evidence: Evidence, key: string): void {
  addName(evidence, key);
  const parts = foldName(key).split('_');
  for (let start = 0; start < parts.length; start++) {
    for (let end = start + 1; end <= parts.length; end++) evidence.words.add(parts.slice(start, end).join('_'));
  }
}

function addText(evidence: Evidence, text: string): void {
  for (const moment of findMoments(text)) evidence.times.addNames(moment.parts);
  for (const duration of findDurations(text)) evidence.durations.add(duration.ms);
  for (const { value, unit } of findNumerals(text)) {
    evidence.numbers.add(value);
    if (unit === 'percent') evidence.numbers.add(value / 100);
  }
  addWords(evidence, text);
}

function addWords(evidence: Evidence, text: string): void {
  for (const [word] of text.matchAll(WORDS)) {
    if (!/^[\d.-]+$/.test(word)) evidence.words.add(foldName(word));
  }
  for (const [, quoted = ''] of text.matchAll(CODE_SPAN)) addName(evidence, quoted);
}

const withoutQuoted = (text: string): string => text.replace(/`[^`]*`|"[^"]*"|“[^”]*”/g, ' ');
