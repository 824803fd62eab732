/** Writes a filter as text: for people (`printFilter`) and for MLflow servers (`splitForServer`). */
import { isTime, printField, quoteText } from './fields.ts';
import type { Comparison, Condition, Field, Filter, OrderKey } from './filter.ts';
import type { Kind } from './kinds/kind.ts';
import { RUN } from './kinds/run.ts';
import { parseTime } from './parse.ts';

/** A time is read more easily as a date, where that says it exactly. */
function printNumber(value: number, field: Field, kind: Kind): string {
  if (!isTime(field, kind) || !Number.isSafeInteger(value) || Math.abs(value) > LAST_TIME) return String(value);
  const iso = new Date(value).toISOString();
  return parseTime(iso) === value ? `'${iso}'` : String(value);
}

/** Of a JavaScript date. */
const LAST_TIME = 8.64e15;

function printCondition(condition: Condition<Field>, kind: Kind): string {
  const field = printField(condition.field, kind);
  if (condition.op === 'null') return `${field} IS NULL`;
  if (condition.op === 'in')
    return `${field} IN (${condition.values.map((value) => quoteText(value, "'")).join(', ')})`;
  const { value, comparator } = condition;
  const text = typeof value === 'number' ? printNumber(value, condition.field, kind) : quoteText(value, "'");
  return `${field} ${comparator.toUpperCase()} ${text}`;
}

/** A conjunction or disjunction of one is that one. */
function unwrap(filter: Filter<Field>): Filter<Field> {
  return (filter.op === 'and' || filter.op === 'or') && filter.of.length === 1 ? unwrap(filter.of[0]!) : filter;
}

function printOperand(filter: Filter<Field>, kind: Kind): string {
  const inner = unwrap(filter);
  const text = printFilter(inner, kind);
  return inner.op === 'and' || inner.op === 'or' ? `(${text})` : text;
}

/** The text that `parseFilter` reads back as the same filter; '' for every run. */
export function printFilter(filter: Filter<Field>, kind: Kind = RUN): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.of.map((part) => printOperand(part, kind)).join(` ${filter.op.toUpperCase()} `);
    case 'not':
      return filter.of.op === 'null'
        ? `${printField(filter.of.field, kind)} IS NOT NULL`
        : `NOT ${printOperand(filter.of, kind)}`;
    default:
      return printCondition(filter, kind);
  }
}

/** The text that `parseOrder` reads back as the same key. */
export function printOrder(order: OrderKey<Field>, kind: Kind = RUN): string {
  return `${printField(order.field, kind)} ${order.ascending ? 'ASC' : 'DESC'}`;
}

const SERVER_ATTRIBUTES: ReadonlySet<string> = new Set(['run_id', 'run_name', 'status', 'artifact_uri']);

/** MLflow's own way to write a value: no escapes, so a text with both kinds of quote or a backslash has none. */
function printServerText(value: string): string | undefined {
  if (/[\\\u0000-\u001f\u007f]/.test(value)) return undefined;
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? undefined : `"${value}"`;
}

function printServerNumber({ field, comparator, value }: Comparison): string | undefined {
  if (typeof value !== 'number' || Math.abs(value) >= 1.797e308) return undefined;
  if (field.kind === 'attribute') return Number.isSafeInteger(value) ? String(value) : undefined;
  // A NaN is not equal to any number; before 3.17 a server takes it for 0, and file stores leave it out.
  return comparator === '!=' ? undefined : String(value).replace('e+', 'e');
}

/** The condition in the subset that every MLflow from 2.x on reads alike, and that never leaves a match out. */
function printForServer(filter: Filter): string | undefined {
  if (filter.op !== 'compare') return undefined;
  const { field, comparator, value } = filter;
  const numeric = field.kind === 'metric' || field.key === 'start_time' || field.key === 'end_time';
  const text = field.kind === 'param' || field.kind === 'tag' || SERVER_ATTRIBUTES.has(field.key);
  if (field.kind === 'dataset' || !(numeric || text)) return undefined;
  if (field.kind !== 'attribute' && /[`\\\u0000-\u001f\u007f]|^$/.test(field.key)) return undefined;
  const isText = typeof value === 'string';
  // SQL Server takes brackets in a pattern for a set of characters.
  if (isText && value.includes('[') && /like/.test(comparator)) return undefined;
  const printed = isText ? printServerText(value) : numeric ? printServerNumber(filter) : undefined;
  return printed === undefined ? undefined : `${printField(field)} ${comparator.toUpperCase()} ${printed}`;
}

/**
 * What a server can be asked, and what is left to evaluate here. The server part never leaves out a matching run but,
 * on old servers, may let others through: `matches` decides.
 */
export function splitForServer(filter: Filter): { server: string | undefined; residual: Filter | undefined } {
  const server: string[] = [];
  const residual: Filter[] = [];
  const split = (part: Filter): void => {
    const printed = printForServer(part);
    if (part.op === 'and') for (const inner of part.of) split(inner);
    else if (printed === undefined) residual.push(part);
    else server.push(printed);
  };
  split(filter);
  return {
    server: server.length > 0 ? server.join(' AND ') : undefined,
    residual: residual.length > 1 ? { op: 'and', of: residual } : residual[0],
  };
}
