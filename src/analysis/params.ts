/** Params are text: this finds out which are numbers, which are names, and which runs share a configuration. */
import { nameTokens } from './direction.ts';
import { distinctSorted, positionIn, rankWithin } from './sorted.ts';

export type ParamValues = readonly (string | undefined)[];
export type ParamTable = ReadonlyMap<string, ParamValues>;
export type DropReason = 'constant' | 'identifier-like' | 'seed-like' | 'mostly missing' | 'one value per run';

export interface ParamColumn {
  readonly kind: 'number' | 'category';
  /** Distinct values as logged, missing not counted: numbers ascending, names in code-unit order. */
  readonly levels: readonly string[];
  /** Per run an index into `levels`; −1 is missing. */
  readonly codes: Int32Array;
  /** Per run; NaN is missing. Only of numbers. */
  readonly numbers?: Float64Array;
  readonly missing: number;
  /** Numbers better read as log10. */
  readonly logScale: boolean;
  /** Why the column cannot explain anything; undefined when it can. */
  readonly dropped: DropReason | undefined;
}

type Counted = Pick<ParamColumn, 'kind' | 'levels' | 'missing'>;

const MISSING_WORD = /^\s*(none|null|nan)?\s*$/i;
const BOOLEAN = /^(true|false)$/i;
const STRICT_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A file path, a URL, a uuid or other long hex, a date or a timestamp. */
const MACHINE_MADE = /^[.~]{0,2}[/\\]|^\w+:[/\\]|^[0-9a-f]{8}-|^(?=.*\d)[0-9a-f]{8,}$|\d{4}-\d{2}-\d{2}|\d{8,}/i;
const SEED_TOKENS = new Set(['seed', 'rng', 'fold', 'repeat', 'trial']);
const COUNT_TOKENS = new Set(['n', 'num', 'number', 'k', 'max']);
const HOST_TOKENS = new Set(['host', 'hostname']);
const IDENTIFIER_TOKENS = new Set(['path', 'url', 'uri', 'id', 'uuid', 'guid', 'time', 'timestamp', 'date']);
const LOG_TOKENS = new Set(['lr', 'l1', 'l2', 'reg', 'lambda', 'alpha', 'eps', 'epsilon', 'c', 'gamma']);
const LOG_PHRASES = /learning rate|weight decay/;

/** Nothing, `none`, `null` or `nan` in any case: what Python logs for a value that was not set. */
export function isMissingParam(text: string | undefined): boolean {
  return text === undefined || MISSING_WORD.test(text);
}

/** A param that tells repeats of one configuration apart: `seed`, `random_state`, `cv_fold`; not `n_folds`, `n_trials`. */
export function isSeedLike(name: string): boolean {
  const tokens = nameTokens(name);
  if (COUNT_TOKENS.has(tokens[0] ?? '')) return false;
  return tokens.some((token) => SEED_TOKENS.has(token)) || tokens.join(' ').includes('random state');
}

/** One param over all runs. `name` tells log scale, seeds and identifiers; the values tell everything else. */
export function typeParam(values: ParamValues, name = ''): ParamColumn {
  const { texts, places } = distinctTexts(values);
  const numbers = readNumbers(texts);
  const { levels, codes } = numbers ? numberLevels(texts, numbers) : nameLevels(texts);
  // One number or an outspoken `None` is a yes or no, not a scale.
  const choice = levels.length === 1 && texts.some((text) => text !== undefined && isMissingParam(text));
  const kind = numbers && !choice ? 'number' : 'category';
  const logScale = kind === 'number' && isLogScaled(Number(levels[0]), Number(levels.at(-1)), name);
  return columnOf(
    {
      kind,
      levels,
      codes: places.map((place) => codes[place]!),
      logScale,
      ...(kind === 'number' &&
        numbers && { numbers: new Float64Array(places.length).map((_, i) => numbers[places[i]!]!) }),
    },
    name,
  );
}

/** What is found out of a text once holds for every run that has it. */
function distinctTexts(values: ParamValues): { readonly texts: ParamValues; readonly places: Int32Array } {
  const placeOf = new Map<string | undefined, number>();
  const places = new Int32Array(values.length);
  for (let run = 0; run < places.length; run++) {
    const text = values[run];
    let place = placeOf.get(text);
    if (place === undefined) {
      place = placeOf.size;
      placeOf.set(text, place);
    }
    places[run] = place;
  }
  return { texts: [...placeOf.keys()], places };
}

/** A typed column for some of its runs, among which every level must still be. */
export function pickRuns({ numbers, ...column }: ParamColumn, runs: Int32Array, name: string): ParamColumn {
  const codes = runs.map((run) => column.codes[run]!);
  return columnOf(
    { ...column, codes, ...(numbers && { numbers: new Float64Array(runs.length).map((_, i) => numbers[runs[i]!]!) }) },
    name,
  );
}

function columnOf(column: Omit<ParamColumn, 'missing' | 'dropped'>, name: string): ParamColumn {
  const missing = column.codes.reduce((count, code) => (code < 0 ? count + 1 : count), 0);
  return { ...column, missing, dropped: dropReason({ ...column, missing }, column.codes.length, name) };
}

/** Per run the index of its configuration: runs that share one are replicates. */
export function groupReplicates(params: ParamTable, n: number): Int32Array {
  return groupConfigurations(typeParams(params), n);
}

/** Every param typed, in order of name. */
export function typeParams(params: ParamTable): Map<string, ParamColumn> {
  return new Map([...params].sort(byName).map(([name, values]) => [name, typeParam(values, name)]));
}

/** A category's codes with missing as a level of its own, the last. */
export function codesWithMissing({ codes, levels }: ParamColumn): Int32Array {
  return codes.map((code) => (code < 0 ? levels.length : code));
}

/** A param that says which run it was rather than what it did. */
export function isIncidental({ dropped }: ParamColumn): boolean {
  return dropped === 'seed-like' || dropped === 'identifier-like';
}

/** Columns whose values tell one configuration from another. */
export function tellingApart(columns: ReadonlyMap<string, ParamColumn>): [name: string, column: ParamColumn][] {
  return [...columns].filter(
    ([, column]) => !isIncidental(column) && column.levels.length + Number(column.missing > 0) > 1,
  );
}

/**
 * Per run the index of its configuration: runs share one when all params agree but for incidental ones. Indices follow
 * the values, not the order of the runs.
 */
export function groupConfigurations(columns: ReadonlyMap<string, ParamColumn>, n: number): Int32Array {
  let groups = new Int32Array(n);
  let count = Math.min(n, 1);
  for (const column of columns.values()) {
    if (isIncidental(column)) continue;
    // Once every run stands alone, nothing can part them further.
    if (count === n) break;
    const width = column.levels.length + 1;
    const keys = new Float64Array(n).map((_, run) => groups[run]! * width + column.codes[run]! + 1);
    ({ ranks: groups, count } = rankWithin(keys, count * width));
  }
  return groups;
}

/** The runs of every group, group by group: group g has those of `order` from `starts[g]` to before `starts[g + 1]`. */
export function groupMembers(groups: Int32Array): { readonly order: Int32Array; readonly starts: Int32Array } {
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const starts = new Int32Array(count + 1);
  for (const group of groups) starts[group + 1]! += 1;
  for (let group = 0; group < count; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const order = new Int32Array(groups.length);
  for (let run = 0; run < groups.length; run++) order[next[groups[run]!]!++] = run;
  return { order, starts };
}

/** NaN for missing; undefined when there is a name among the values, or nothing at all. */
function readNumbers(values: ParamValues): Float64Array | undefined {
  const numbers = new Float64Array(values.length).fill(Number.NaN);
  let any = false;
  for (const [i, text] of values.entries()) {
    if (text !== undefined && isExactNumber(text)) {
      numbers[i] = Number(text);
      any = true;
    } else if (!isMissingParam(text)) return undefined;
  }
  return any ? numbers : undefined;
}

type Levels = Pick<ParamColumn, 'levels' | 'codes'>;

/** `0.001` and `1e-3` are one level; of its spellings the first in code-unit order, whatever the order of the runs. */
function numberLevels(values: ParamValues, numbers: Float64Array): Levels {
  const distinct = distinctSorted(numbers);
  const codes = new Int32Array(values.length).fill(-1);
  const levels: string[] = new Array(distinct.length);
  for (const [i, text] of values.entries()) {
    if (Number.isNaN(numbers[i])) continue;
    const code = positionIn(distinct, numbers[i]!);
    codes[i] = code;
    if (!(levels[code]! <= text!)) levels[code] = text!;
  }
  return { levels, codes };
}

/** `True` and `true` are one level. */
function nameLevels(values: ParamValues): Levels {
  const present = values.filter((text) => !isMissingParam(text)) as string[];
  const spellings = Map.groupBy(present.sort(), (text) => (BOOLEAN.test(text) ? text.toLowerCase() : text));
  const codeOf = new Map<string | undefined, number>();
  for (const [code, texts] of [...spellings.values()].entries()) for (const text of texts) codeOf.set(text, code);
  const levels = spellings.values().map(([first]) => first!);
  return { levels: [...levels], codes: new Int32Array(values.map((text) => codeOf.get(text) ?? -1)) };
}

function dropReason(column: Counted, n: number, name: string): DropReason | undefined {
  if (isSeedLike(name)) return 'seed-like';
  if (column.missing > n / 2) return 'mostly missing';
  const distinct = column.levels.length + (column.kind === 'category' && column.missing > 0 ? 1 : 0);
  if (distinct <= 1) return 'constant';
  if (isIdentifierLike(column, n - column.missing, name)) return 'identifier-like';
  return column.kind === 'category' && distinct === n ? 'one value per run' : undefined;
}

/**
 * Values that only say which run it was. A name like `model_id` is not enough: with few or readable values it is a
 * choice somebody made, and dropping it would take different configurations for repeats.
 */
function isIdentifierLike({ kind, levels }: Counted, present: number, name: string): boolean {
  const lastToken = nameTokens(name).at(-1) ?? '';
  if (HOST_TOKENS.has(lastToken)) return true;
  if (kind === 'category' && !levels.every((level) => MACHINE_MADE.test(level))) return false;
  if (IDENTIFIER_TOKENS.has(lastToken)) return levels.length > present / 2;
  return kind === 'category' && levels.length === present;
}

function isLogScaled(min: number, max: number, name: string): boolean {
  if (min <= 0) return false;
  const tokens = nameTokens(name);
  const usual = tokens.some((token) => LOG_TOKENS.has(token)) || LOG_PHRASES.test(tokens.join(' '));
  return max / min >= (usual ? 10 : 100);
}

/** Integers beyond 2^53 are names: as numbers, different ones would become equal. */
function isExactNumber(text: string): boolean {
  if (!STRICT_NUMBER.test(text)) return false;
  const value = Number(text);
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !/^[+-]?\d+$/.test(text));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
