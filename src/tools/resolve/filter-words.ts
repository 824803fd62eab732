/** A filter in words, where it is a conjunction of a few simple conditions: `FAILED runs started on 2026-11-20 UTC`. */

import { countOf, formatDuration, formatNumber, formatTime } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Condition, Filter } from '../../query/filter.ts';
import { fieldsAlike } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import { type Scope, scopeName } from './scope.ts';

/** What stands before and after `runs`, with the blanks due. */
export interface RunWords {
  readonly before: string;
  readonly after: string;
}

type Comparison = Extract<Condition, { op: 'compare' }>;
type Simple = Condition | { readonly op: 'present'; readonly field: RunField };
type Phrase = { readonly place: 'before' | 'after' | 'with'; readonly text: string };

const MOST_CONDITIONS = 5;
const MOST_VALUES = 4;
const TIME_VERBS = { start_time: 'started', end_time: 'ended' } as const;

/** Undefined where no filter is given or it is not simple enough to be said. */
export function filterWords(filter: Filter | undefined, timeZone: string): RunWords | undefined {
  const conditions = filter && conjuncts(filter);
  if (conditions === undefined || conditions.length > MOST_CONDITIONS) return undefined;
  const phrases = fieldsAlike(conditions).flatMap((group) => wordGroup(group, timeZone) ?? [undefined]);
  if (phrases.includes(undefined)) return undefined;
  const at = (place: Phrase['place']) => phrases.flatMap((phrase) => (phrase?.place === place ? [phrase.text] : []));
  const having = at('with').join(' and ');
  return {
    before: at('before')
      .map((text) => `${text} `)
      .join(''),
    after: [...at('after'), ...(having === '' ? [] : [`with ${having}`])].map((text) => ` ${text}`).join(''),
  };
}

/** `` in `churn` ``, or under a filter `` among the FAILED runs of `churn` ``: what a figure is about. */
export function whereText(scope: Scope, filter: Filter | undefined, timeZone: string): string {
  if (filter === undefined) return `in ${scopeName(scope)}`;
  const words = filterWords(filter, timeZone) ?? { before: '', after: ' that match' };
  return `among the ${words.before}runs${scope.experiments === 'all' ? '' : ` of ${scopeName(scope)}`}${words.after}`;
}

/** The simple conditions that all have to hold; undefined where there is more to it. */
function conjuncts(filter: Filter): Simple[] | undefined {
  switch (filter.op) {
    case 'and': {
      const parts = filter.of.map(conjuncts);
      return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
    }
    case 'or':
      return undefined;
    case 'not':
      return negated(filter.of);
    default:
      return [filter];
  }
}

function negated(filter: Filter): Simple[] | undefined {
  if (filter.op === 'null') return [{ op: 'present', field: filter.field }];
  // Every run has a status, so that NOT = is !=.
  const isStatus = filter.op === 'compare' && filter.comparator === '=' && isAttribute(filter.field, 'status');
  return isStatus ? [{ ...filter, comparator: '!=' }] : undefined;
}

const isUser = (field: RunField): boolean => isAttribute(field, 'user_id') || field.key === 'mlflow.user';
const isAttribute = (field: RunField, key: string): boolean => field.kind === 'attribute' && field.key === key;

/** Conditions on one field. */
function wordGroup(group: readonly [Simple, ...Simple[]], timeZone: string): Phrase[] | undefined {
  const [first] = group;
  const verb = first.field.kind === 'attribute' && TIME_VERBS[first.field.key as keyof typeof TIME_VERBS];
  if (verb) return timePhrase(verb, group, timeZone);
  if (isAttribute(first.field, 'status')) return group.length === 1 ? statusPhrase(first) : undefined;
  if (isAttribute(first.field, 'run_id') && group.length === 1 && first.op === 'in')
    return [{ place: 'after', text: `out of the ${countOf(first.values.length, 'run')} picked before` }];
  if (isAttribute(first.field, 'parent_run_id') && group.length === 1) return familyPhrase(first);
  if (isUser(first.field) && group.length === 1 && first.op === 'compare' && first.comparator === '=')
    return [{ place: 'after', text: `by ${quoteName(String(first.value))}` }];
  const texts = group.map(conditionText);
  return texts.includes(undefined) ? undefined : texts.map((text) => ({ place: 'with', text: text ?? '' }));
}

/** `nested in 1a2b3c4d`, or nested at all. */
function familyPhrase(condition: Simple): Phrase[] | undefined {
  if (condition.op === 'present') return [{ place: 'before', text: 'nested' }];
  if (condition.op !== 'compare' || condition.comparator !== '=') return undefined;
  return [{ place: 'after', text: `nested in ${String(condition.value).slice(0, 8)}` }];
}

/** Statuses stand bare; whatever else is asked for as one stays in the filter. */
function statusPhrase(condition: Simple): Phrase[] | undefined {
  const values = condition.op === 'in' ? condition.values : condition.op === 'compare' ? [condition.value] : [];
  const comparator = condition.op === 'compare' ? condition.comparator : '=';
  if (values.length === 0 || !values.every((value) => /^[A-Z]+$/.test(String(value)))) return undefined;
  if (comparator === '=') return [{ place: 'before', text: values.join(' or ') }];
  return comparator === '!=' ? [{ place: 'after', text: `that are not ${values[0]}` }] : undefined;
}

/** `` `lr` > 0.1 ``, `` no `lr` ``, `` `model` one of `a`, `b` ``. */
function conditionText(condition: Simple): string | undefined {
  const { field } = condition;
  const isDuration = isAttribute(field, 'duration');
  const name = isDuration ? 'duration' : `${field.kind === 'dataset' ? 'dataset ' : ''}${quoteName(field.key)}`;
  if (condition.op === 'present') return name;
  if (condition.op === 'null') return `no ${name}`;
  if (condition.op === 'in')
    return condition.values.length > MOST_VALUES
      ? undefined
      : `${name} one of ${condition.values.map((value) => quoteName(value)).join(', ')}`;
  const { comparator, value } = condition;
  const number = (one: number) => (isDuration ? formatDuration(one, 17) : formatNumber(one, 17));
  return `${name} ${comparator.toUpperCase()} ${typeof value === 'number' ? number(value) : quoteName(value)}`;
}

/** `started from 2026-11-01 to 2026-11-30 UTC`: bounds of one time, whole days by their dates. */
function timePhrase(verb: string, group: readonly Simple[], timeZone: string): Phrase[] | undefined {
  const bounds = group.filter(
    (one): one is Comparison & { value: number } => one.op === 'compare' && typeof one.value === 'number',
  );
  const by = (signs: string) =>
    bounds.flatMap(({ comparator, value }) =>
      comparator.startsWith(signs) ? [value + Number(comparator === '>' || comparator === '<=')] : [],
    );
  const [from, to] = [by('>'), by('<')];
  if (from.length > 1 || to.length > 1 || from.length + to.length < group.length) return undefined;
  return [{ place: 'after', text: `${verb} ${spanText(from[0], to[0], timeZone)}` }];
}

/** From a time on and before another one, in milliseconds. */
function spanText(from: number | undefined, before: number | undefined, timeZone: string): string {
  const startsDay = (time: number | undefined) => time === undefined || isMidnight(time, timeZone);
  if (!startsDay(from) || !startsDay(before)) {
    const texts = [from, before].map((time) => time !== undefined && formatTime(time, timeZone));
    return [texts[0] && `from ${texts[0]}`, texts[1] && `before ${texts[1]}`].filter(Boolean).join(' and ');
  }
  if (from === undefined) return `before ${dayText(before ?? 0, timeZone)}`;
  if (before === undefined) return `since ${dayText(from, timeZone)}`;
  const [first, last] = [dayText(from, timeZone), dayText(before - 1, timeZone)];
  return first === last ? `on ${first}` : `from ${first.split(' ')[0]} to ${last}`;
}

const isMidnight = (time: number, timeZone: string): boolean =>
  time % 60_000 === 0 && formatTime(time, timeZone).slice(11, 16) === '00:00';

/** `2026-11-20 UTC`. */
const dayText = (time: number, timeZone: string): string => {
  const text = formatTime(time, timeZone);
  return `${text.slice(0, 10)}${text.slice(16)}`;
};
