/** Holds every number, run, id and metric name of an answer against the findings; what has no source is marked. */
import { pluralOf } from '../../finding/format.ts';
import { findSwapped } from './attribution.ts';
import { CODE_SPAN, type Evidence } from './evidence.ts';
import { foldName } from './fold.ts';
import { findNumerals, LETTER, type Numeral, WORD } from './numerals.ts';
import { findDurations, findMoments } from './times.ts';

export const UNVERIFIED = '[unverified]';

export interface CheckedText {
  /** The text with `[unverified]` behind each claim without a source. */
  readonly text: string;
  readonly unsupported: readonly string[];
}

/** A stretch of text that says something about the data. */
interface Claim {
  readonly start: number;
  readonly end: number;
  readonly supported: boolean;
}

/** Finds one kind of claim in what the finders before it left. */
type ClaimFinder = (text: string, evidence: Evidence) => Claim[];

const QUOTED = new RegExp(`${CODE_SPAN.source}|"([^"\\n]+)"|“([^”\\n]+)”`, 'g');
const ONE_WORD = new RegExp(`^\`[^\\s=<>(),]*[${LETTER}][^\\s=<>(),]*\`$`);
const IDENTIFIER = new RegExp(`(?<![${WORD}.])[${LETTER}_][${WORD}]*(?:[-.][${WORD}]+)*`, 'g');
/** Digits of any script, and vulgar fractions: no other way to write a number is let through. */
const LEFTOVER = new RegExp(`[${WORD}]*[\\p{Nd}¼-¾⅐-⅞](?:[${WORD}\\p{Nd}]|[-.](?=[${WORD}\\p{Nd}]))*`, 'gu');

/** In order: what one finder claims is blanked for the next. */
const FINDERS: readonly ClaimFinder[] = [
  findSwappedValues,
  findUrls,
  findQuotedNames,
  findOddNames,
  findHandles,
  findTimes,
  findIds,
  findIdentifiers,
  findDurationClaims,
  findNumberClaims,
  findNumberWords,
  findLeftovers,
];

export function checkText(text: string, evidence: Evidence): CheckedText {
  let rest = text;
  const claims: Claim[] = [];
  for (const find of FINDERS) {
    for (const claim of find(rest, evidence)) {
      claims.push(claim);
      rest = rest.slice(0, claim.start) + ' '.repeat(claim.end - claim.start) + rest.slice(claim.end);
    }
  }
  const unsupported = claims.filter((claim) => !claim.supported).sort((a, b) => a.start - b.start);
  const marked = unsupported.reduceRight((out, { end }) => `${out.slice(0, end)} ${UNVERIFIED}${out.slice(end)}`, text);
  return { text: marked, unsupported: unsupported.map(({ start, end }) => text.slice(start, end)) };
}

const NOTE_START = 'These have no source in the findings: ';

/** What the model is told once, so that it can mend its answer. */
export function repairNote(unsupported: readonly string[]): string {
  return [
    `${NOTE_START}${[...new Set(unsupported)].join('; ')}.`,
    'Write the answer again with only values and names that the findings contain, and leave out what they do not.',
  ].join(' ');
}

/** Whether a user message is ours and not a person's. */
export const isRepairNote = (text: string): boolean => text.startsWith(NOTE_START);

function findAll(text: string, pattern: RegExp, supports: (match: RegExpExecArray) => boolean): Claim[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    supported: supports(match),
  }));
}

/** True numbers of a run that they are not said of. */
function findSwappedValues(text: string, { attribution }: Evidence): Claim[] {
  return findSwapped(text, attribution).map(({ start, end }) => ({ start, end, supported: false }));
}

function findUrls(text: string, { urls }: Evidence): Claim[] {
  return findAll(text, /https?:\/\/[^\s)>\]"'`]+/g, ([url]) => urls.has(url));
}

/** Quoted text that is a known name, or is one word and so claims to be one; other quotations are read like the rest. */
function findQuotedNames(text: string, evidence: Evidence): Claim[] {
  const spans = findAll(text, QUOTED, ([, ...texts]) => isName(texts.join(''), evidence));
  const isOneWord = ({ start, end }: Claim) => ONE_WORD.test(text.slice(start, end));
  return spans.filter((span) => span.supported || isOneWord(span));
}

function isName(name: string, { names, words, ids, handles }: Evidence): boolean {
  const folded = foldName(name);
  return names.has(folded) || words.has(folded) || handles.has(name) || (name.length >= 6 && isIdStart(name, ids));
}

/** Names with blanks or signs in them; those with blanks only in tables, elsewhere they have to be quoted. */
function findOddNames(text: string, { oddNames }: Evidence): Claim[] {
  const claims: Claim[] = [];
  const longestFirst = [...oddNames].filter((name) => text.includes(name)).sort((a, b) => b.length - a.length);
  for (const name of longestFirst) {
    for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + name.length)) {
      const end = start + name.length;
      const isApart = !claims.some((claim) => start < claim.end && end > claim.start);
      if (isApart && (!/\s/.test(name) || isTableRow(text, start))) claims.push({ start, end, supported: true });
    }
  }
  return claims;
}

const isTableRow = (text: string, at: number): boolean => text[text.lastIndexOf('\n', at - 1) + 1] === '|';

function findHandles(text: string, { handles }: Evidence): Claim[] {
  return findAll(text, /(?<![\w&])#\d+(?!\w)/g, ([handle]) => handles.has(handle));
}

function findTimes(text: string, { times }: Evidence): Claim[] {
  return findMoments(text).map(({ start, end, parts }) => ({
    start,
    end,
    supported: parts.every((part) => times.has(part)),
  }));
}

/** Eight hexadecimal digits or so; what could also be a power of ten is left to the numbers, unless it is an id. */
function findIds(text: string, { ids, words }: Evidence): Claim[] {
  const found = findAll(
    text,
    /(?<![\w.-])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{6,}(?![\w-])/g,
    ([id]) => words.has(id) || isIdStart(id, ids),
  );
  return found.filter(({ start, end, supported }) => supported || !/^\d+e\d+$/.test(text.slice(start, end)));
}

function isIdStart(text: string, ids: Evidence['ids']): boolean {
  return [...ids.keys()].some((id) => id.startsWith(text));
}

/** Words that only a program would write: letters with digits or underscores. A plain word claims nothing. */
function findIdentifiers(text: string, { words }: Evidence): Claim[] {
  const found = findAll(text, IDENTIFIER, ([word]) => words.has(foldName(word)));
  return found.filter(({ start, end }) => {
    const word = text.slice(start, end);
    return /[\d_]/.test(word) && !/^_+$|^(?:top|first|last|best|worst)-\d+$/i.test(word);
  });
}

function findDurationClaims(text: string, { durations, numbers }: Evidence): Claim[] {
  return findDurations(text).map(({ start, end, ms, tolerance, single, text: shown }) => {
    const whole: Numeral = { start, end, text: shown, value: ms, tolerance, signed: false, unit: 'plain' };
    const alone = single === undefined ? [] : findNumerals(single);
    const supported = durations.supports(whole) || alone.some((numeral) => numbers.supports(numeral));
    return { start, end, supported };
  });
}

function findNumberClaims(text: string, evidence: Evidence): Claim[] {
  const listed = countItems(text);
  const isOrdinal = createOrdinalCheck();
  return findNumerals(text).map((numeral) => {
    const before = text.slice(Math.max(0, numeral.start - 60), numeral.start);
    const after = text.slice(numeral.end, numeral.end + 20);
    const supported =
      isOrdinal(numeral, before, after) ||
      evidence.numbers.supports(numeral) ||
      listed.includes(numeral.value) ||
      isRank(numeral, before, evidence) ||
      isRest(numeral, after, evidence) ||
      isNumbered(numeral, before, evidence) ||
      isNumericId(numeral, before, evidence);
    return { start: numeral.start, end: numeral.end, supported };
  });
}

/** Numbers of list items and of table rows, each in its sequence, say nothing about the data. */
function createOrdinalCheck(): (numeral: Numeral, before: string, after: string) => boolean {
  let previous = 0;
  return ({ value }, before, after) => {
    const isMarker = (/(?:^|\n)\s*$/.test(before) && /^[.)]/.test(after)) || /(?:^|\n)\s*\|\s*$/.test(before);
    if (!isMarker || (value !== 1 && value !== previous + 1)) return false;
    previous = value;
    return true;
  };
}

/** How many things the text itself lists: bullets, numbered items, table rows. */
function countItems(text: string): number[] {
  const rows = (text.match(/^\s*\|.*\|\s*$/gm) ?? []).length - 2 * (text.match(/^\s*\|[\s:|-]+\|\s*$/gm) ?? []).length;
  return [(text.match(/^\s*[-*+] /gm) ?? []).length, (text.match(/^\s*\d+[.)] /gm) ?? []).length, rows].filter(
    (n) => n > 0,
  );
}

function isRank({ value, unit }: Numeral, before: string, { tables }: Evidence): boolean {
  const isRanked =
    unit === 'ordinal' || /\b(?:top|first|last|best|worst|latest|newest|oldest|rank|place)[ -]$/i.test(before);
  return isRanked && Number.isInteger(value) && value >= 1 && tables.some(({ total }) => value <= total);
}

/** `+148 more`: what is left of a table when its first rows were shown. */
function isRest({ value }: Numeral, after: string, { tables }: Evidence): boolean {
  const isLeft = /^ (?:more|further|others?)\b/.test(after);
  return isLeft && tables.some(({ total, shown }) => value <= total && value >= total - shown);
}

/** A noun with the numbers that stand between it and the next one; no digit can be read in two ways. */
const LISTED_AFTER = /\b([a-z]+)\s+(?:#?\d+(?:\s*,\s*|\s*,?\s*(?:and|or|vs\.?|to)\s+|\s+))*#?$/i;

/** `run 17`, `runs 15, 16 and 17`. */
function isNumbered({ value }: Numeral, before: string, { numbered }: Evidence): boolean {
  const [, noun = ''] = LISTED_AFTER.exec(before) ?? [];
  const word = noun.toLowerCase();
  return [...numbered].some(([kind, numbers]) => (word === kind || word === pluralOf(kind)) && numbers.has(value));
}

/** `experiment 3`, `(id 3)`. */
function isNumericId({ text }: Numeral, before: string, { ids }: Evidence): boolean {
  if (/^\d{6,}$/.test(text)) return isIdStart(text, ids);
  const [, noun = ''] = /\b([a-z]+)\W{0,3}$/i.exec(before) ?? [];
  const word = noun.toLowerCase();
  return word === 'id' || word === 'ids' ? ids.has(text) : ids.get(text)?.has(word) === true;
}

const WORDS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const COUNTED = 'runs experiments metrics params parameters points models seeds days hours values groups'.split(' ');

function findNumberWords(text: string, evidence: Evidence): Claim[] {
  const listed = countItems(text);
  const nouns = [...COUNTED, ...[...evidence.kinds].map(pluralOf)].map((noun) => RegExp.escape(noun)).join('|');
  const counted = new RegExp(`\\b(${WORDS.join('|')})(?=\\s+(?:[\\w-]+\\s+){0,2}(?:${nouns})\\b)`, 'gi');
  return findAll(text, counted, ([word]) => {
    const value = WORDS.indexOf(word.toLowerCase()) + 2;
    const numeral: Numeral = { start: 0, end: 0, text: word, value, tolerance: 0, signed: false, unit: 'plain' };
    return evidence.numbers.supports(numeral) || listed.includes(value);
  });
}

/** Whatever else holds a digit: versions, `1a2b`, numbers in a shape that nobody foresaw. */
function findLeftovers(text: string, { words }: Evidence): Claim[] {
  return findAll(text, LEFTOVER, ([word]) => words.has(foldName(word)));
}
