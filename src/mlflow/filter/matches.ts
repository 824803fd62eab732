/** Decides whether one run satisfies a filter: the meaning that every store's own evaluation must equal. */

import type { Comparator, Condition, Filter } from '../../query/filter.ts';
import type { RunAttribute, RunField } from '../../query/kinds/run.ts';
import type { MetricPoint } from '../../query/point.ts';
import type { DatasetInput } from '../runs/types.ts';
import { like, lowerAscii } from './like.ts';

type Lookup<T> = { get(key: string): T | undefined };

/** What filters and orders look at in a run: a `Run`, or a view of one. */
export interface RunView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly user?: string | undefined;
  readonly parentId?: string | undefined;
  readonly artifactUri?: string | undefined;
  readonly metrics: Lookup<MetricPoint>;
  readonly params: Lookup<string>;
  readonly tags: Lookup<string>;
  readonly datasets: readonly DatasetInput[];
}

/** ASCII's spaces only, as every database knows them; written so that no digit can be matched in two ways. */
const NUMBER = /^[ \t-\r]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?[ \t-\r]*$/i;

/** The number that a param's whole text spells (decimal or scientific, spaces around it ignored), else undefined. */
export function readParamNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

const emptyToMissing = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

const ATTRIBUTE_VALUES: { readonly [key in RunAttribute]: (run: RunView) => string | number | undefined } = {
  run_id: (run) => run.id,
  run_name: (run) => emptyToMissing(run.name),
  user_id: (run) => run.user,
  status: (run) => run.status,
  artifact_uri: (run) => run.artifactUri,
  start_time: (run) => run.startTime,
  end_time: (run) => run.endTime,
  duration: (run) =>
    run.startTime === undefined || run.endTime === undefined ? undefined : run.endTime - run.startTime,
  parent_run_id: (run) => run.parentId,
};

/** What a field holds in a run: one value, several for datasets, none where it is missing. */
export function fieldValues(field: RunField, run: RunView): readonly (string | number)[] {
  if (field.kind === 'dataset') return run.datasets.map((dataset) => dataset[field.key]).filter((v) => v !== undefined);
  const value =
    field.kind === 'attribute'
      ? ATTRIBUTE_VALUES[field.key](run)
      : field.kind === 'metric'
        ? run.metrics.get(field.key)?.value
        : (field.kind === 'param' ? run.params : run.tags).get(field.key);
  return value === undefined ? [] : [value];
}

function compareNumbers(left: number, comparator: Comparator, right: number): boolean {
  switch (comparator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return false;
  }
}

function compareTexts(left: string, comparator: Comparator, right: string): boolean {
  switch (comparator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case 'like':
      return like(right, left);
    case 'ilike':
      return like(lowerAscii(right), lowerAscii(left));
    default:
      return false;
  }
}

function compareValue(left: string | number, comparator: Comparator, right: string | number): boolean {
  if (typeof right === 'string') return typeof left === 'string' && compareTexts(left, comparator, right);
  const number = typeof left === 'string' ? readParamNumber(left) : left;
  return number !== undefined && compareNumbers(number, comparator, right);
}

function holds(condition: Condition, run: RunView): boolean {
  const values = fieldValues(condition.field, run);
  if (condition.op === 'null') return values.length === 0;
  if (condition.op === 'in')
    return values.some((value) => typeof value === 'string' && condition.values.includes(value));
  return values.some((value) => compareValue(value, condition.comparator, condition.value));
}

/** Whether a run, with everything the filter names loaded, satisfies it. */
export function matches(filter: Filter, run: RunView): boolean {
  switch (filter.op) {
    case 'and':
      return filter.of.every((part) => matches(part, run));
    case 'or':
      return filter.of.some((part) => matches(part, run));
    case 'not':
      return !matches(filter.of, run);
    default:
      return holds(filter, run);
  }
}
