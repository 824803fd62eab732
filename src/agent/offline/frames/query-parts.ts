/** Slots as the parts of a query. */
import { allOf, compare, type Filter, hasField, isSameField } from '../../../query/filter.ts';
import { RUN_ATTRIBUTES, type RunField, STATUS } from '../../../query/kinds/run.ts';
import type { FieldName, Measure, Query, QueryScope, Statistic, Things } from '../../../query/query.ts';
import { idReference } from '../../../query/reference.ts';
import type { Verb } from '../../../query/verb.ts';
import { joinConditions } from '../conditions/conditions.ts';
import type { KeyRef, PlacedCondition, Reading, Slots } from '../slots.ts';

/** A query of runs that looks at everything in scope until more is said. */
export function queryRuns(verb: Verb, slots: Slots, parts: Partial<Query> = {}): Query {
  return { verb, from: runsOf(slots), where: filterOf(slots), measure: [], by: [], ...parts };
}

/** The runs in scope, or the named ones alone. */
export function runsOf({ experiments, lifecycle }: Slots, named?: readonly string[]): Things {
  const scope: QueryScope = {
    ...(experiments.length > 0 && { experiments: experiments.map(({ id }) => idReference(id)) }),
    ...(lifecycle !== undefined && { lifecycle }),
    ...(named !== undefined && named.length > 0 && { named }),
  };
  return { kind: 'run', scope };
}

/** Conditions, time window, and the keys that a run must have or lack. */
export function filterOf(slots: Slots, keys: readonly KeyRef[] = []): Filter | undefined {
  return allOf(joinConditions(slots.conditions), ...windowFilters(slots), ...keys.map(presence));
}

/** Runs by their names and by what holds of them: whether that holds is another question. */
export function isNamedTwice({ runs, conditions, window }: Slots): boolean {
  return runs.length > 0 && (conditions.length > 0 || window !== undefined);
}

/** "which runs finished yesterday?" asks when they ended. */
function isFinished({ filter, place }: PlacedCondition): boolean {
  return isStatus(filter, 'FINISHED') && place !== 'adjective';
}

/** Whether a condition asks for this status. */
export function isStatus(filter: Filter, status: string): boolean {
  return (
    filter.op === 'compare' && filter.comparator === '=' && isSameField(filter.field, STATUS) && filter.value === status
  );
}

function windowFilters({ window, conditions }: Slots): (Filter | undefined)[] {
  if (!window) return [];
  const isEnd = window.isEnd === true || conditions.some(isFinished);
  const field: RunField = { kind: 'attribute', key: isEnd ? 'end_time' : 'start_time' };
  const { from, to } = window;
  return [
    from === undefined ? undefined : compare(field, '>=', from),
    to === undefined ? undefined : compare(field, '<', to),
  ];
}

function presence(key: KeyRef): Filter | undefined {
  return key.role === 'with' ? hasField(keyField(key)) : undefined;
}

/** The field that a key is, where it is of several kinds the first. */
export function keyField({ name, kinds: [kind = 'metric'] }: KeyRef): RunField {
  if (kind !== 'attribute') return { kind, key: name };
  const key = RUN_ATTRIBUTES.find((one) => one === name);
  return key === undefined ? { kind: 'tag', key: `mlflow.${name}` } : { kind, key };
}

export function nameOf({ name, kinds }: KeyRef): FieldName {
  return { kinds, key: name };
}

/** What is measured of each run: the fields that keys name. */
export function measured(...keys: readonly (KeyRef | undefined)[]): Measure[] {
  return keys.flatMap((key) => (key === undefined ? [] : [nameOf(key)]));
}

export const attribute = (key: string): FieldName => ({ kinds: ['attribute'], key });

/** Every value of one kind: all params. */
const allOfKind = (kind: string): FieldName => ({ kinds: [kind] });

export function isMetric(key: KeyRef): boolean {
  return key.kinds.includes('metric') || (key.kinds[0] === 'attribute' && key.name === 'duration');
}

export function metricsOf({ keys }: Slots): KeyRef[] {
  return keys.filter((key) => isMetric(key) && (key.role !== 'by' || isMetricOnly(key)));
}

/** The key that groups: "by algorithm", "per day". */
export function groupOf({ keys }: Slots): KeyRef | undefined {
  return keys.find((key) => key.role === 'by' && !isMetricOnly(key));
}

function isMetricOnly(key: KeyRef): boolean {
  return key.kinds.every((kind) => kind === 'metric') || (isMetric(key) && key.kinds[0] === 'attribute');
}

/** Undefined where all statistics are meant. */
export function statisticOf({ statistic }: Slots): Statistic | undefined {
  return statistic === 'all' ? undefined : statistic;
}

/** What is asked of one run: the keys named, and whole kinds where a noun asks ("which parameters did it use?"). */
export function askedOf({ slots, nouns }: Reading, except: readonly KeyRef[] = []): Measure[] {
  const named = measured(...slots.keys.filter((key) => !except.includes(key)));
  const kinds = (['param', 'metric', 'tag'] as const).filter((noun) => nouns.includes(noun)).map(allOfKind);
  return [
    ...named,
    ...(named.length > 0 ? [] : kinds),
    ...(nouns.includes('dataset') ? [allOfKind('dataset')] : []),
    ...(nouns.includes('status') ? [attribute('status')] : []),
  ];
}
