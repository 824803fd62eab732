/** Holds every statement of an answer against the findings; what has no source is marked. */
import { setImmediate } from 'node:timers/promises';
import { COUNTED } from '../terms/counting.ts';
import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { lex, type TextToken } from './lexer.ts';
import { statisticsIn } from './mentions.ts';
import { nameClaims } from './name-claims.ts';
import { numberClaims } from './number-claims.ts';
import { orderClaims } from './order-claims.ts';
import { readSentence } from './read-sentence.ts';
import { type Context, NO_CONTEXT, type Sentence, type Thing } from './sentence.ts';
import { type LinePiece, splitCells, splitLines, splitSentences } from './splitting.ts';
import { stateClaims } from './state-claims.ts';
import { sweepingClaims } from './sweeping-claims.ts';
import { readLabel } from './table-shape.ts';
import { winnerClaims } from './winner-claims.ts';

export const UNVERIFIED = '[unverified]';

export interface CheckedText {
  /** The text with `[unverified]` behind each claim without a source. */
  readonly text: string;
  readonly unsupported: readonly string[];
  /** Handles of findings that some statement rests on. */
  readonly cited: ReadonlySet<string>;
  /** Characters of a text that is too long to be checked: they are left out. */
  readonly left: number;
}

/** Longer answers nobody reads; the rest is not shown, since nothing has checked it. */
export const LONGEST_TEXT = 32_000;
/** Statements that are held against the findings; further numbers count as unsupported. */
const MOST_CLAIMS = 2_000;

/** Milliseconds of work before others get a turn. */
const TURN = 50;

export async function checkText(whole: string, evidence: Evidence): Promise<CheckedText> {
  const text = whole.length > LONGEST_TEXT ? whole.slice(0, cutBefore(whole, LONGEST_TEXT)) : whole;
  const checker = new Checker(evidence, countListed(text));
  let began = performance.now();
  for (const piece of splitLines(text)) {
    checker.read(piece);
    if (performance.now() - began < TURN) continue;
    await setImmediate();
    began = performance.now();
  }
  return checker.mark(text, whole.length - text.length);
}

/** The end of the last line or word before. */
function cutBefore(text: string, most: number): number {
  const at = Math.max(text.lastIndexOf('\n', most), text.lastIndexOf(' ', most));
  return at > most / 2 ? at : most;
}

const CLAIMS = [nameClaims, numberClaims, winnerClaims, orderClaims, stateClaims, sweepingClaims];

class Checker {
  readonly #evidence: Evidence;
  readonly #claims: Claim[] = [];
  readonly #cited = new Set<string>();
  #context: Context;
  readonly #listed: ReadonlySet<number>;
  /** Of the table at hand, column by column. */
  #columns: Context[] = [];
  #ordinal = 0;

  constructor(evidence: Evidence, listed: ReadonlySet<number>) {
    this.#evidence = evidence;
    this.#listed = listed;
    const only = evidence.onlyOwner;
    const topic = only === undefined ? [] : [{ at: 0, owners: new Set([only]), isExperiment: false }];
    this.#context = { ...NO_CONTEXT, topic, listed };
  }

  read(piece: LinePiece): void {
    if (piece.kind === 'rule') return;
    if (piece.kind === 'head') this.#columns = splitCells(piece.text).map(({ text }) => this.#readHead(text));
    else if (piece.kind === 'row') this.#readRow(piece);
    else this.#readProse(piece.start, piece.text);
  }

  #readProse(start: number, text: string): void {
    for (const tokens of splitSentences(lex(text, this.#evidence.names))) {
      const sentence = readSentence(tokens, this.#context, this.#evidence.names);
      this.#hold(start, sentence, text.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0));
      this.#context = contextAfter(sentence, this.#context);
    }
  }

  #hold(start: number, sentence: Sentence, said?: string): void {
    // What code worded, word for word, it has said itself.
    if (said !== undefined && this.#evidence.isVerbatim(said)) {
      for (const claim of nameClaims(sentence, this.#evidence))
        for (const handle of claim.handles ?? []) this.#cited.add(handle);
      return;
    }
    if (this.#claims.length > MOST_CLAIMS) {
      for (const { type, start: from, end } of sentence.tokens)
        if (type === 'number' || type === 'unread')
          this.#claims.push({ start: from + start, end: end + start, supported: false });
      return;
    }
    const isQuestion = sentence.tokens.at(-1)?.text === '?';
    for (const find of isQuestion ? CLAIMS.slice(0, 2) : CLAIMS) {
      for (const claim of find(sentence, this.#evidence)) {
        this.#claims.push({ ...claim, start: claim.start + start, end: claim.end + start });
        if (claim.supported) for (const handle of claim.handles ?? []) this.#cited.add(handle);
      }
    }
  }

  #readHead(text: string): Context {
    const sentence = readSentence(lex(text, this.#evidence.names), NO_CONTEXT, this.#evidence.names);
    const [statistic] = readLabel(text.trim().replace(/[*`]/g, '').toLowerCase());
    const words: string[] = text.toLowerCase().match(/[a-z]+/g) ?? [];
    const last = words.at(-1) ?? '';
    const measures = new Set(sentence.measures.flatMap(({ keys }) => [...keys]));
    const things = sentence.things.filter(({ isLabel }) => !isLabel);
    return {
      topic: things,
      named: things.flatMap(({ owners }) => [...owners]),
      measures:
        measures.size > 0
          ? measures
          : statistic !== undefined || things.length > 0 || /^\W*(?:value|score|result|metric)\W*$/i.test(text)
            ? this.#context.measures
            : new Set(),
      statistic,
      unit: /^\W*(?:rank|place|position|#|no)\W*$/i.test(text)
        ? 'rank'
        : /^\W*ids?\W*$/i.test(text)
          ? 'id'
          : measures.size === 0 && last !== 'values'
            ? (COUNTED.get(last) ??
              (words.includes('n') || words.includes('count') || words.includes('number') ? 'run' : undefined))
            : undefined,
      isCell: true,
    };
  }

  #readRow(piece: LinePiece): void {
    const cells = splitCells(piece.text);
    let owners: readonly Thing[] = [];
    let measures: ReadonlySet<string> = new Set();
    /** A cell that names what its row is about, by a bare number. */
    let bare = -1;
    const read = cells.map(({ start, text }, index) => {
      const column = this.#columns[index] ?? { ...NO_CONTEXT, isCell: true };
      return { start, column, tokens: lex(text, this.#evidence.names, true), whole: text.trim() };
    });
    for (const [index, { tokens, column, whole }] of read.entries()) {
      if (column.topic.length > 0 || owners.length > 0 || measures.size > 0 || index > 1 || column.unit === 'rank')
        continue;
      const label = this.#label(tokens, whole);
      // A row that a measure labels is told by it alone.
      owners = label.measures.size > 0 ? label.things.filter(({ isLabel }) => isLabel !== true) : label.things;
      if (measures.size === 0) measures = label.measures;
      if (label.isBare) bare = index;
    }
    for (const [index, { start, tokens, column }] of read.entries()) {
      if (index === bare || column.unit === 'rank' || (index === 0 && this.#isRank(tokens))) continue;
      const topic = column.topic.length > 0 ? column.topic : owners;
      const context: Context = {
        ...column,
        topic,
        named: topic.flatMap(({ owners: own }) => [...own]),
        measures: measures.size > 0 && index > 0 ? measures : column.measures,
        unit: measures.size > 0 && owners.length === 0 && column.unit !== 'run' ? undefined : column.unit,
      };
      const sentence = readSentence(tokens, context, this.#evidence.names);
      this.#hold(piece.start + start, sentence);
    }
    this.#context = {
      ...NO_CONTEXT,
      listed: this.#listed,
      topic: [],
      named: owners.flatMap(({ owners: own }) => [...own]),
      measures: this.#context.measures,
    };
  }

  /** What a row is about: even a bare number may be a name there. */
  #label(
    tokens: readonly TextToken[],
    whole: string,
  ): { readonly things: readonly Thing[]; readonly measures: ReadonlySet<string>; readonly isBare: boolean } {
    const sentence = readSentence(tokens, NO_CONTEXT, this.#evidence.names);
    const measures = new Set(sentence.measures.flatMap(({ keys }) => [...keys]));
    if (sentence.things.length > 0 || measures.size > 0) return { things: sentence.things, measures, isBare: false };
    const meaning = this.#evidence.names.find(whole.replace(/^\*+|\*+$/g, ''));
    const owners = [...(meaning?.owners ?? [])].filter((owner) => !this.#isId(owner, whole));
    if (owners.length === 0) return { things: [], measures, isBare: false };
    return { things: [{ at: 0, owners: new Set(owners), isExperiment: false }], measures, isBare: true };
  }

  /** The number of an experiment names it only where the column says so. */
  #isId(owner: string, text: string): boolean {
    const ref = this.#evidence.names.refOf(owner);
    return ref !== undefined && ref.id === text && ref.name !== text;
  }

  #isRank(tokens: readonly TextToken[]): boolean {
    const [only] = tokens;
    if (tokens.length !== 1 || only?.numeral === undefined) return false;
    const { value } = only.numeral;
    if (value !== 1 && value !== this.#ordinal + 1) return false;
    this.#ordinal = value;
    return true;
  }

  mark(text: string, left: number): CheckedText {
    const failed = this.#claims
      .filter(({ supported }) => !supported)
      .sort((a, b) => a.end - b.end || a.start - b.start);
    const distinct = failed.filter(({ end }, index) => end !== failed[index + 1]?.end);
    const parts: string[] = [];
    let from = 0;
    for (const { end } of distinct) {
      parts.push(text.slice(from, end), ` ${UNVERIFIED}`);
      from = end;
    }
    return {
      text: parts.join('') + text.slice(from),
      unsupported: distinct.map(({ start, end }) => text.slice(start, end)),
      cited: this.#cited,
      left,
    };
  }
}

function contextAfter(sentence: Sentence, before: Context): Context {
  const things = sentence.things.filter(({ isExperiment }) => !isExperiment);
  const measures = new Set(sentence.measures.flatMap(({ keys }) => [...keys]));
  return {
    topic:
      things.length === 0
        ? before.topic
        : /^(?:it|its|this|that|they)$/.test(sentence.shapes.find((shape) => shape !== '') ?? '')
          ? [...before.topic.slice(0, 3), ...things]
          : things,
    named: things.length > 0 ? things.flatMap(({ owners }) => [...owners]) : before.named,
    measures: measures.size > 0 ? measures : before.measures,
    statistic: undefined,
    statistics: new Set([
      ...(before.statistics ?? []),
      ...statisticsIn(sentence, 0, sentence.tokens.length).map((one) => one.statistic),
    ]),
    numbers: sentence.tokens.flatMap(({ numeral, type }) =>
      numeral === undefined || type === 'name' || numeral.spelled === 'ordinal' ? [] : [numeral.value],
    ),
    listed: before.listed,
    marker: markerOf(sentence) ?? before.marker,
    isCell: false,
  };
}

/** The number that a list item begins with. */
function markerOf({ tokens }: Sentence): number | undefined {
  const [first, second] = tokens;
  return first?.start === 0 && /^[.)]$/.test(second?.text ?? '') ? first.numeral?.value : undefined;
}

/** How many items or rows stand under one another. */
function countListed(text: string): ReadonlySet<number> {
  const counts = new Set<number>();
  let items = 0;
  let rows = 0;
  const end = () => {
    for (const count of [items, rows]) if (count > 1) counts.add(count);
    items = 0;
    rows = 0;
  };
  for (const { kind, text: line } of splitLines(text)) {
    if (kind === 'item') items += 1;
    else if (kind === 'row') rows += 1;
    else if (kind !== 'rule' && line.trim() !== '') end();
  }
  end();
  return counts;
}
