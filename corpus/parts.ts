/** What intents are put together from: conditions, scopes, orders; each as query and as the words of a card. */
import { allOf, compare, type Field } from '../src/query/filter.ts';
import type { FieldName, QueryOrder, QueryScope } from '../src/query/query.ts';
import type { IntentFilter, IntentMeasure } from './intent.ts';
import type { Random } from './random.ts';
import type { MetricCard, Schema } from './schema.ts';

export interface Part<T> {
  readonly value: T;
  readonly card: string;
}

export const metricField = (key: string): Field => ({ kind: 'metric', key });
export const attribute = (key: string): Field => ({ kind: 'attribute', key });
export const named = (kind: string, key: string): FieldName => ({ kinds: [kind], key });
export const measureOf = (key: string): IntentMeasure => ({ kinds: ['metric'], key });

/** As somebody would round it: of the range, not of the digits. */
export function numberIn({ low, high }: MetricCard, random: Random): number {
  const raw = low + (high - low) * (0.15 + random.below(70) / 100);
  const size = high - low;
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(size > 0 ? size : 1))));
  const rounded = Number(raw.toFixed(Math.max(0, digits - random.below(2))));
  return Number.isFinite(rounded) ? rounded : raw;
}

const SIGNS = { '<': '<', '<=': '≤', '>': '>', '>=': '≥' } as const;

export function metricCondition(schema: Schema, random: Random): Part<IntentFilter> {
  const metric = random.pick(schema.metrics);
  const comparator = random.pick(['<', '<=', '>', '>=', '>', '<'] as const);
  const value = numberIn(metric, random);
  return {
    value: compare(metricField(metric.key), comparator, value),
    card: `metric ${metric.key} ${SIGNS[comparator]} ${value}`,
  };
}

export function rangeCondition(schema: Schema, random: Random): Part<IntentFilter> {
  const metric = random.pick(schema.metrics);
  const [low, high] = [numberIn(metric, random), numberIn(metric, random)].sort((a, b) => a - b) as [number, number];
  const field = metricField(metric.key);
  const value = allOf(compare(field, '>=', low), compare(field, '<=', high))!;
  return { value, card: `metric ${metric.key} from ${low} to ${high}` };
}

export function keyCondition(schema: Schema, random: Random): Part<IntentFilter> {
  const isTag = schema.tags.length > 0 && random.chance(0.3);
  const { key, values } = random.pick(isTag ? schema.tags : schema.params);
  const kind = isTag ? 'tag' : 'param';
  const text = random.pick(values);
  // A tag is text, also where it looks like a number.
  const isNumber = !isTag && text !== '' && Number.isFinite(Number(text));
  const field: Field = { kind, key };
  const roll = random.below(12);
  if (isNumber && roll < 4) {
    const comparator = random.pick(['<', '>', '<=', '>='] as const);
    return { value: compare(field, comparator, Number(text)), card: `${kind} ${key} ${SIGNS[comparator]} ${text}` };
  }
  if (roll === 4 && values.length > 2) {
    const two = random.some(values, 2);
    return { value: { op: 'in', field, values: two }, card: `${kind} ${key} = ${two[0]} OR ${two[1]}` };
  }
  if (roll === 5) return { value: compare(field, '!=', text), card: `${kind} ${key} ≠ ${text}` };
  return { value: compare(field, '=', isNumber ? Number(text) : text), card: `${kind} ${key} = ${text}` };
}

/** One value of one key. */
export function valueCondition({ params }: Schema, random: Random): Part<IntentFilter> {
  const { key, values } = random.pick(params);
  const text = random.pick(values);
  return { value: compare({ kind: 'param', key }, '=', text), card: `param ${key} = ${text}` };
}

export function statusCondition(_: Schema, random: Random): Part<IntentFilter> {
  const status = random.pick(['FAILED', 'FINISHED', 'RUNNING', 'KILLED', 'FAILED']);
  return { value: compare(attribute('status'), '=', status), card: `status = ${status}` };
}

export function userCondition({ users }: Schema, random: Random): Part<IntentFilter> {
  const user = random.pick(users);
  return { value: compare(attribute('user_id'), '=', user), card: `user = ${user}` };
}

export function absenceCondition(schema: Schema, random: Random): Part<IntentFilter> {
  const kind = random.pick(['metric', 'param', 'tag', 'metric'] as const);
  const list: readonly { readonly key: string }[] =
    kind === 'metric' ? schema.metrics : kind === 'param' ? schema.params : schema.tags;
  const { key } = random.pick(list.length > 0 ? list : schema.metrics);
  const field: Field = { kind: list.length > 0 ? kind : 'metric', key };
  return { value: { op: 'null', field }, card: `${field.kind} ${key} is absent` };
}

export function durationCondition(_: Schema, random: Random): Part<IntentFilter> {
  const [text, ms] = random.pick([
    ['10 s', 10_000],
    ['90 s', 90_000],
    ['5 min', 300_000],
    ['half an hour', 1_800_000],
    ['1 h', 3_600_000],
    ['2.5 h', 9_000_000],
  ] as const);
  const comparator = random.pick(['<', '>'] as const);
  return { value: compare(attribute('duration'), comparator, ms), card: `duration ${comparator} ${text}` };
}

/** Days within those of the store; the clock of the asker stands at the end of the last. */
export function timeCondition({ days }: Schema, random: Random): Part<IntentFilter> {
  const [first, last] = days.map((day) => Date.parse(`${day}T00:00:00Z`)) as [number, number];
  const DAY = 86_400_000;
  const day = first + random.below(Math.max(1, Math.round((last - first) / DAY))) * DAY;
  const date = (time: number) => new Date(time).toISOString().slice(0, 10);
  const start = attribute('start_time');
  const count = random.pick([1, 2, 3, 7, 14, 30]);
  switch (random.below(4)) {
    case 0:
      return { value: compare(start, '>=', day), card: `started on or after ${date(day)}` };
    case 1:
      return { value: compare(start, '<', day), card: `started before ${date(day)}` };
    case 2: {
      const month = date(day).slice(0, 7);
      const [from, to] = [Date.parse(`${month}-01T00:00:00Z`), nextMonth(month)];
      return {
        value: allOf(compare(start, '>=', from), compare(start, '<', to))!,
        card: `started in the month ${month}`,
      };
    }
    default: {
      const from = last + DAY - count * DAY;
      return {
        value: compare(start, '>=', from),
        card: `started within the ${count} days up to now (now = end of ${days[1]})`,
      };
    }
  }
}

function nextMonth(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return Date.UTC(year, number, 1);
}

const CONDITIONS = [
  keyCondition,
  keyCondition,
  keyCondition,
  metricCondition,
  metricCondition,
  rangeCondition,
  statusCondition,
  userCondition,
  absenceCondition,
  durationCondition,
  timeCondition,
];

/** One to two conditions, of which one may be turned round. */
export function conditions(schema: Schema, random: Random, count = random.chance(0.3) ? 2 : 1): Part<IntentFilter> {
  const parts = Array.from({ length: count }, () => {
    const part = random.pick(CONDITIONS)(schema, random);
    if (!random.chance(0.08)) return part;
    return { value: { op: 'not', of: part.value } as IntentFilter, card: `NOT (${part.card})` };
  });
  if (count === 2 && random.chance(0.15))
    return {
      value: { op: 'or', of: parts.map(({ value }) => value) },
      card: parts.map(({ card }) => card).join(' OR '),
    };
  return { value: allOf(...parts.map(({ value }) => value))!, card: parts.map(({ card }) => card).join(' AND ') };
}

/** Everything, or one experiment by its name or a part that is its own. */
export function scopes({ experiments }: Schema, random: Random): Part<QueryScope> {
  if (random.chance(experiments.length === 1 ? 0.7 : 0.4)) return { value: {}, card: '' };
  const experiment = random.pick(experiments);
  return { value: { experiments: [experiment] }, card: `in experiment "${experiment}"` };
}

export interface Order {
  readonly order: QueryOrder;
  readonly card: string;
}

export function orders(metric: MetricCard, random: Random): Order {
  const end = random.pick(['best', 'best', 'best', 'highest', 'lowest', 'worst'] as const);
  return { order: { end }, card: `by metric ${metric.key}, ${END_CARDS[end]} first` };
}

export const END_CARDS = { best: 'BEST', worst: 'WORST', highest: 'MAX', lowest: 'MIN' } as const;
