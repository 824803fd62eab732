/**
 * Reads filter text: MLflow's grammar for runs, plus OR, NOT, parentheses, IS [NOT] NULL on every field,
 * unquoted numbers against params, ISO dates against times, `duration` and `parent_run_id`.
 */

import { groupOfPrefix, isNumeric, isTime, listedKey, normalizeText, printField } from './fields.ts';
import type { Comparator, Condition, Field, Filter, OrderKey } from './filter.ts';
import type { Kind } from './kinds/kind.ts';
import { RUN, type RunField } from './kinds/run.ts';
import { FilterError, type FilterToken, tokenizeFilter } from './tokens.ts';

export { FilterError };

const MAX_DEPTH = 50;
/** Databases take no more: SQLite nests 1,000 expressions, and binds 32,766 values in a statement. */
const MAX_CONDITIONS = 200;
const MAX_VALUES = 10_000;

const COMPARATORS: ReadonlyMap<string, Comparator> = new Map([
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
/** Epoch milliseconds of an ISO date (its UTC midnight) or date and time (UTC unless it names an offset). */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, date, time = '00:00', offset = 'Z'] = match;
  const zone = offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const ms = Date.parse(`${date}T${time}${zone}`);
  // Date.parse rolls 2026-02-30 over into March.
  if (Number.isNaN(ms) || !new Date(`${date}T00:00Z`).toISOString().startsWith(`${date}`)) return undefined;
  return ms;
}

/** What MLflow's users write in front of a key, for a mend. */
const prefixesOf = ({ fields }: Kind): string => fields.map(({ prefixes }) => prefixes[0]).join(', ');

function readField(token: FilterToken, kind: Kind): Field {
  if (token.kind !== 'word' && token.kind !== 'key')
    throw new FilterError(token.at, `expected a field such as ${exampleOf(kind)}, found ${token.text}`);
  const dot = token.kind === 'key' ? -1 : token.text.indexOf('.');
  const prefix = token.kind === 'key' ? token.prefix : token.text.slice(0, Math.max(dot, 0));
  const key = token.kind === 'key' ? token.name : token.text.slice(dot + 1);
  const group = groupOfPrefix(kind, prefix);
  if (group === undefined) throw new FilterError(token.at, `"${prefix}." is no prefix (${prefixesOf(kind)})`);
  if (typeof group.keys === 'string') return { kind: group.kind, key };
  const listed = listedKey(group.keys, key);
  if (listed !== undefined) return { kind: group.kind, key: listed };
  const list = Object.keys(group.keys).join(', ');
  if (group.kind !== 'attribute')
    throw new FilterError(
      token.at,
      `"${key}" is no ${group.kind} field (${list})`,
      `${group.prefixes[0]}.${Object.keys(group.keys)[0]} = 'train'`,
    );
  const open = kind.fields.filter(({ keys }) => typeof keys === 'string').map(({ kind: name }) => name);
  const others = open.length === 0 ? '' : `; a ${open.join(', ').replace(/, ([^,]*)$/, ' or $1')} needs its prefix`;
  throw new FilterError(
    token.at,
    `"${key}" is no ${kind.name} attribute (${list})${others}`,
    prefixedExample(kind, key),
  );
}

/** ``metrics.`f1` ``: the first field of a kind. */
function exampleOf({ fields: [first] }: Kind): string {
  if (first === undefined) return 'a field';
  return typeof first.keys === 'string'
    ? `${first.prefixes[0]}.\`f1\``
    : `${first.prefixes[0]}.${Object.keys(first.keys)[0]}`;
}

/** The key under each prefix that it may need. */
function prefixedExample({ fields }: Kind, key: string): string | undefined {
  const open = fields.filter(({ keys }) => typeof keys === 'string');
  const texts = open.map(({ prefixes, keys }) => `${prefixes[0]}.\`${key}\` ${keys === 'number' ? '> 0.9' : "= 'a'"}`);
  return texts.length === 0 ? undefined : texts.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function isKeyword(token: FilterToken | undefined, ...words: string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toUpperCase());
}

class Parser {
  readonly #tokens: readonly FilterToken[];
  readonly #kind: Kind;
  #next = 0;
  #depth = 0;
  #conditions = 0;

  constructor(text: string, kind: Kind) {
    this.#tokens = tokenizeFilter(text);
    this.#kind = kind;
  }

  parseFilter(): Filter<Field> {
    if (this.#peek().kind === 'end') return { op: 'and', of: [] };
    const filter = this.#parseJoined('or');
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new FilterError(rest.at, `expected AND, OR or the end, found ${rest.text}`);
    return filter;
  }

  parseOrder(): OrderKey<Field> {
    const start = this.#peek();
    const field = readField(this.#take(), this.#kind);
    if (field.kind === 'dataset') throw new FilterError(start.at, 'runs have no order by dataset', 'metrics.`f1` DESC');
    const direction = this.#take();
    if (direction.kind !== 'end' && !isKeyword(direction, 'ASC', 'DESC'))
      throw new FilterError(
        direction.at,
        `expected ASC, DESC or the end, found ${direction.text}`,
        'metrics.`f1` DESC',
      );
    const rest = direction.kind === 'end' ? direction : this.#take();
    if (rest.kind !== 'end')
      throw new FilterError(rest.at, `one key is expected, found more: ${rest.text}`, 'metrics.`f1` DESC');
    return { field, ascending: !isKeyword(direction, 'DESC') };
  }

  #peek(ahead = 0): FilterToken {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  #take(): FilterToken {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #takeIf(...words: string[]): boolean {
    const found = isKeyword(this.#peek(), ...words);
    if (found) this.#next++;
    return found;
  }

  #parseJoined(op: 'and' | 'or'): Filter<Field> {
    const of: Filter<Field>[] = [];
    do of.push(op === 'or' ? this.#parseJoined('and') : this.#parseUnary());
    while (this.#takeIf(op.toUpperCase()));
    return of.length === 1 ? of[0]! : { op, of };
  }

  #parseUnary(): Filter<Field> {
    const token = this.#peek();
    if (++this.#depth > MAX_DEPTH) throw new FilterError(token.at, `nested more than ${MAX_DEPTH} deep`);
    try {
      if (this.#takeIf('NOT')) return { op: 'not', of: this.#parseUnary() };
      if (token.kind !== 'symbol' || token.text !== '(') return this.#parseCondition();
      this.#next++;
      const inner = this.#parseJoined('or');
      this.#expect(')');
      return inner;
    } finally {
      this.#depth--;
    }
  }

  #expect(symbol: string): void {
    const token = this.#take();
    if (token.kind !== 'symbol' || token.text !== symbol)
      throw new FilterError(token.at, `expected ${symbol}, found ${token.text}`);
  }

  #parseCondition(): Filter<Field> {
    if (++this.#conditions > MAX_CONDITIONS)
      throw new FilterError(this.#peek().at, `a filter has at most ${MAX_CONDITIONS} conditions`);
    const field = readField(this.#take(), this.#kind);
    const token = this.#take();
    if (isKeyword(token, 'IS')) return this.#parseNull(field);
    const negated = isKeyword(token, 'NOT');
    const word = negated ? this.#take() : token;
    const condition = this.#parseWordCondition(field, word);
    if (condition !== undefined) return negated ? negate(condition) : condition;
    const comparator = word.kind === 'symbol' && !negated ? COMPARATORS.get(word.text) : undefined;
    if (comparator === undefined) throw new FilterError(word.at, `expected a comparator, found ${word.text}`);
    return { op: 'compare', field, comparator, value: this.#parseValue(field, comparator) };
  }

  #parseWordCondition(field: Field, word: FilterToken): Condition<Field> | undefined {
    if (isKeyword(word, 'IN')) return { op: 'in', field, values: this.#parseList(field, word) };
    if (!isKeyword(word, 'LIKE', 'ILIKE')) return undefined;
    if (isNumeric(field, this.#kind)) throw new FilterError(word.at, `${field.key} is a number; LIKE compares text`);
    const value = this.#take();
    if (value.kind !== 'string')
      throw new FilterError(value.at, `expected a quoted pattern, found ${value.text}`, "params.`model` LIKE 'xg%'");
    return { op: 'compare', field, comparator: isKeyword(word, 'LIKE') ? 'like' : 'ilike', value: value.value };
  }

  #parseNull(field: Field): Filter<Field> {
    const negated = this.#takeIf('NOT');
    const token = this.#take();
    if (!isKeyword(token, 'NULL'))
      throw new FilterError(token.at, `expected NULL, found ${token.text}`, 'tags.`team` IS NOT NULL');
    const condition: Condition<Field> = { op: 'null', field };
    return negated ? { op: 'not', of: condition } : condition;
  }

  #parseList(field: Field, at: FilterToken): string[] {
    if (isNumeric(field, this.#kind))
      throw new FilterError(
        at.at,
        `${field.key} is a number; join = conditions with OR`,
        'metrics.`a` = 1 OR metrics.`a` = 2',
      );
    this.#expect('(');
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.kind !== 'string')
        throw new FilterError(token.at, `expected a quoted value, found ${token.text}`, "params.`model` IN ('a', 'b')");
      values.push(normalizeText(token.value, field, this.#kind));
      if (values.length > MAX_VALUES) throw new FilterError(token.at, `a list has at most ${MAX_VALUES} values`);
      if (this.#peek().text === ')') break;
      this.#expect(',');
    }
    this.#expect(')');
    return values;
  }

  #parseValue(field: Field, comparator: Comparator): string | number {
    const token = this.#take();
    if (isNumeric(field, this.#kind)) return readNumber(field, token, this.#kind);
    if (token.kind === 'number' && field.kind === 'param') return token.value;
    if (token.kind !== 'string')
      throw new FilterError(
        token.at,
        `expected a quoted value, found ${token.text}`,
        `${printField(field, this.#kind)} = 'a'`,
      );
    if (comparator !== '=' && comparator !== '!=')
      throw new FilterError(
        token.at,
        `${field.key} is text; ${comparator} compares numbers${field.kind === 'param' ? ', which stand unquoted' : ''}`,
        field.kind === 'param'
          ? `${printField(field, this.#kind)} ${comparator} 10`
          : `${printField(field, this.#kind)} = 'a'`,
      );
    return normalizeText(token.value, field, this.#kind);
  }
}

/** NOT IN and NOT LIKE need the key, as `!=` does. */
function negate(condition: Condition<Field>): Filter<Field> {
  const present: Filter<Field> = { op: 'not', of: { op: 'null', field: condition.field } };
  return { op: 'and', of: [{ op: 'not', of: condition }, present] };
}

function readNumber(field: Field, token: FilterToken, kind: Kind): number {
  if (token.kind === 'number') return token.value;
  const time = token.kind === 'string' && isTime(field, kind) ? parseTime(token.value) : undefined;
  if (time !== undefined) return time;
  if (isTime(field, kind))
    throw new FilterError(
      token.at,
      `expected epoch milliseconds or a quoted ISO date, found ${token.text}`,
      `${field.key} >= '2026-03-01' or ${field.key} >= '2026-03-01T09:30:00Z'`,
    );
  throw new FilterError(
    token.at,
    `expected an unquoted number, found ${token.text}`,
    `${printField(field, kind)} > 0.9`,
  );
}

/** Text → filter of runs, or of things of another kind; empty text is every one. Throws FilterError. */
export function parseFilter(text: string): Filter<RunField>;
export function parseFilter(text: string, kind: Kind): Filter<Field>;
export function parseFilter(text: string, kind: Kind = RUN): Filter<Field> {
  return new Parser(text, kind).parseFilter();
}

/** One order key, such as ``metrics.`f1` DESC``; ascending unless it says otherwise. Throws FilterError. */
export function parseOrder(text: string): OrderKey<RunField>;
export function parseOrder(text: string, kind: Kind): OrderKey<Field>;
export function parseOrder(text: string, kind: Kind = RUN): OrderKey<Field> {
  return new Parser(text, kind).parseOrder();
}
