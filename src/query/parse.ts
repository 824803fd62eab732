/**
 * Reads filter text: MLflow's grammar for runs, plus OR, NOT, parentheses, IS [NOT] NULL on every field,
 * unquoted numbers against params, ISO dates against times, `duration` and `parent_run_id`.
 */

import type { OrderKey } from './filter.ts';
import { ATTRIBUTES, type Comparator, type Condition, type Field, type Filter, NUMERIC_ATTRIBUTES } from './filter.ts';
import { FilterError, type Token, tokenize } from './tokens.ts';

export { FilterError };

const MAX_DEPTH = 50;

const PREFIXES: ReadonlyMap<string, Field['kind']> = new Map([
  ['metrics', 'metric'],
  ['metric', 'metric'],
  ['params', 'param'],
  ['param', 'param'],
  ['parameters', 'param'],
  ['parameter', 'param'],
  ['tags', 'tag'],
  ['tag', 'tag'],
  ['attributes', 'attribute'],
  ['attribute', 'attribute'],
  ['attr', 'attribute'],
  ['run', 'attribute'],
  ['', 'attribute'],
  ['datasets', 'dataset'],
  ['dataset', 'dataset'],
]);
const ATTRIBUTE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['created', 'start_time'],
  ['run name', 'run_name'],
]);
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
const DATASET_KEYS: readonly string[] = ['name', 'digest', 'context'];

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

function isNumeric(field: Field): boolean {
  return field.kind === 'metric' || (field.kind === 'attribute' && NUMERIC_ATTRIBUTES.has(field.key));
}

function isTime(field: Field): boolean {
  return field.kind === 'attribute' && (field.key === 'start_time' || field.key === 'end_time');
}

function readAttribute(key: string, at: number): Field {
  const name = ATTRIBUTE_ALIASES.get(key.toLowerCase()) ?? key.toLowerCase();
  const attribute = ATTRIBUTES.find((candidate) => candidate === name);
  if (attribute !== undefined) return { kind: 'attribute', key: attribute };
  throw new FilterError(
    at,
    `"${key}" is no run attribute (${ATTRIBUTES.join(', ')}); a metric, param or tag needs its prefix`,
    `metrics.\`${key}\` > 0.9, params.\`${key}\` = 'a' or tags.\`${key}\` = 'a'`,
  );
}

function readField(token: Token): Field {
  if (token.kind !== 'word' && token.kind !== 'key')
    throw new FilterError(token.at, `expected a field such as metrics.\`f1\`, found ${token.text}`);
  const dot = token.kind === 'key' ? -1 : token.text.indexOf('.');
  const prefix = token.kind === 'key' ? token.prefix : token.text.slice(0, Math.max(dot, 0));
  const key = token.kind === 'key' ? token.name : token.text.slice(dot + 1);
  const kind = PREFIXES.get(prefix.toLowerCase());
  if (kind === undefined)
    throw new FilterError(token.at, `"${prefix}." is no prefix (metrics, params, tags, attributes, datasets)`);
  if (kind === 'attribute') return readAttribute(key, token.at);
  if (kind !== 'dataset') return { kind, key };
  if (key === 'name' || key === 'digest' || key === 'context') return { kind, key };
  throw new FilterError(
    token.at,
    `"${key}" is no dataset field (${DATASET_KEYS.join(', ')})`,
    "datasets.name = 'train'",
  );
}

function isKeyword(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toUpperCase());
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  parseFilter(): Filter {
    if (this.#peek().kind === 'end') return { op: 'and', of: [] };
    const filter = this.#parseJoined('or');
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new FilterError(rest.at, `expected AND, OR or the end, found ${rest.text}`);
    return filter;
  }

  parseOrder(): OrderKey {
    const start = this.#peek();
    const field = readField(this.#take());
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

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #takeIf(...words: string[]): boolean {
    const found = isKeyword(this.#peek(), ...words);
    if (found) this.#next++;
    return found;
  }

  #parseJoined(op: 'and' | 'or'): Filter {
    const of: Filter[] = [];
    do of.push(op === 'or' ? this.#parseJoined('and') : this.#parseUnary());
    while (this.#takeIf(op.toUpperCase()));
    return of.length === 1 ? of[0]! : { op, of };
  }

  #parseUnary(): Filter {
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

  #parseCondition(): Filter {
    const field = readField(this.#take());
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

  #parseWordCondition(field: Field, word: Token): Condition | undefined {
    if (isKeyword(word, 'IN')) return { op: 'in', field, values: this.#parseList(field, word) };
    if (!isKeyword(word, 'LIKE', 'ILIKE')) return undefined;
    if (isNumeric(field)) throw new FilterError(word.at, `${field.key} is a number; LIKE compares text`);
    const value = this.#take();
    if (value.kind !== 'string')
      throw new FilterError(value.at, `expected a quoted pattern, found ${value.text}`, "params.`model` LIKE 'xg%'");
    return { op: 'compare', field, comparator: isKeyword(word, 'LIKE') ? 'like' : 'ilike', value: value.value };
  }

  #parseNull(field: Field): Filter {
    const negated = this.#takeIf('NOT');
    const token = this.#take();
    if (!isKeyword(token, 'NULL'))
      throw new FilterError(token.at, `expected NULL, found ${token.text}`, 'tags.`team` IS NOT NULL');
    const condition: Condition = { op: 'null', field };
    return negated ? { op: 'not', of: condition } : condition;
  }

  #parseList(field: Field, at: Token): string[] {
    if (isNumeric(field))
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
      values.push(normalizeText(field, token.value));
      if (this.#peek().text === ')') break;
      this.#expect(',');
    }
    this.#expect(')');
    return values;
  }

  #parseValue(field: Field, comparator: Comparator): string | number {
    const token = this.#take();
    if (isNumeric(field)) return readNumber(field, token);
    if (token.kind === 'number' && field.kind === 'param') return token.value;
    if (token.kind !== 'string')
      throw new FilterError(token.at, `expected a quoted value, found ${token.text}`, `${fieldExample(field)} = 'a'`);
    if (comparator !== '=' && comparator !== '!=')
      throw new FilterError(
        token.at,
        `${field.key} is text; ${comparator} compares numbers${field.kind === 'param' ? ', which stand unquoted' : ''}`,
        field.kind === 'param' ? `${fieldExample(field)} ${comparator} 10` : `${fieldExample(field)} = 'a'`,
      );
    return normalizeText(field, token.value);
  }
}

/** NOT IN and NOT LIKE need the key, as `!=` does. */
function negate(condition: Condition): Filter {
  const present: Filter = { op: 'not', of: { op: 'null', field: condition.field } };
  return { op: 'and', of: [{ op: 'not', of: condition }, present] };
}

function fieldExample(field: Field): string {
  return field.kind === 'attribute' ? `attributes.${field.key}` : `${field.kind}s.\`${field.key}\``;
}

function normalizeText(field: Field, value: string): string {
  return field.kind === 'attribute' && field.key === 'status' ? value.toUpperCase() : value;
}

function readNumber(field: Field, token: Token): number {
  if (token.kind === 'number') return token.value;
  const time = token.kind === 'string' && isTime(field) ? parseTime(token.value) : undefined;
  if (time !== undefined) return time;
  if (isTime(field))
    throw new FilterError(
      token.at,
      `expected epoch milliseconds or a quoted ISO date, found ${token.text}`,
      `${field.key} >= '2026-03-01' or ${field.key} >= '2026-03-01T09:30:00Z'`,
    );
  throw new FilterError(token.at, `expected an unquoted number, found ${token.text}`, `${fieldExample(field)} > 0.9`);
}

/** Text → filter; empty text is every run. Throws FilterError. */
export function parseFilter(text: string): Filter {
  return new Parser(text).parseFilter();
}

/** One order key, such as ``metrics.`f1` DESC``; ascending unless it says otherwise. Throws FilterError. */
export function parseOrder(text: string): OrderKey {
  return new Parser(text).parseOrder();
}
