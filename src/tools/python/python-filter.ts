/** A filter as a Python condition on one `run`, an entity of MLflow's client: for what its own grammar cannot say. */
import { isNumeric } from '../../query/fields.ts';
import type { Comparator, Condition, Filter } from '../../query/filter.ts';
import type { RunAttribute, RunField } from '../../query/kinds/run.ts';
import { pythonNumber, pythonString } from './python-text.ts';

/** None where the run lacks it. */
const TEXT_ATTRIBUTES: Partial<Record<RunAttribute, string>> = {
  run_id: 'run.info.run_id',
  run_name: '(run.info.run_name or None)',
  user_id: '(run.data.tags.get("mlflow.user") or run.info.user_id or None)',
  status: 'run.info.status',
  artifact_uri: '(run.info.artifact_uri or None)',
  parent_run_id: 'run.data.tags.get("mlflow.parentRunId")',
};

const HAS_START = 'run.info.start_time is not None';
const DURATION = '(run.info.end_time - run.info.start_time)';

/** A number of a run: what it is, and when the run has one. */
export interface PythonNumber {
  readonly value: string;
  readonly present: string;
}

const TIMES: Partial<Record<RunAttribute, PythonNumber>> = {
  start_time: { value: 'run.info.start_time', present: HAS_START },
  end_time: { value: 'run.info.end_time', present: 'bool(run.info.end_time)' },
  duration: { value: DURATION, present: `bool(run.info.end_time) and ${HAS_START}` },
};

/** A metric's latest value or a time of a run; `present` also where a metric is NaN. */
export function pythonNumberOf(field: RunField): PythonNumber {
  const key = pythonString(field.key);
  const time = field.kind === 'attribute' ? TIMES[field.key] : undefined;
  return time ?? { value: `run.data.metrics[${key}]`, present: `${key} in run.data.metrics` };
}

/** None where the run lacks it. */
export function pythonTextOf(field: RunField): string {
  if (field.kind === 'attribute') return TEXT_ATTRIBUTES[field.key] ?? 'None';
  return `run.data.${field.kind}s.get(${pythonString(field.key)})`;
}

/** Texts compared to a number are read as one; what spells none satisfies nothing. */
function compareAsNumber(text: string, comparator: Comparator, value: number): string {
  const number = `number(${text})`;
  const right = pythonNumber(value);
  if (comparator === '!=') return `(${number} < ${right} or ${number} > ${right})`;
  return `${number} ${comparator === '=' ? '==' : comparator} ${right}`;
}

function likePattern(pattern: string): string {
  const parts = Array.from(pattern, (character) => {
    if (character === '%') return '.*';
    if (character === '_') return '.';
    return /[\w\u0080-\u{10ffff}]/u.test(character) ? character : `\\${character}`;
  });
  return pythonString(parts.join(''));
}

function textCondition(text: string, condition: Condition): string {
  if (condition.op === 'null') return `${text} is None`;
  if (condition.op === 'in')
    return `${text} in (${condition.values.map((value) => `${pythonString(value)}, `).join('')})`;
  const { comparator, value } = condition;
  if (typeof value === 'number') return compareAsNumber(text, comparator, value);
  if (comparator === '=') return `${text} == ${pythonString(value)}`;
  if (comparator === '!=') return `${text} not in (None, ${pythonString(value)})`;
  if (comparator !== 'like' && comparator !== 'ilike') return 'False';
  const flags = comparator === 'like' ? 're.S' : 're.S | re.A | re.I';
  return `(${text} is not None and re.fullmatch(${likePattern(value)}, ${text}, ${flags}) is not None)`;
}

/** A NaN metric differs from every number and is in no other relation to one, in Python as here. */
function numberCondition({ value, present }: PythonNumber, condition: Condition): string {
  if (condition.op === 'null') return `not (${present})`;
  if (condition.op === 'in' || typeof condition.value === 'string') return 'False';
  const { comparator } = condition;
  if (comparator === 'like' || comparator === 'ilike') return 'False';
  return `(${present} and ${value} ${comparator === '=' ? '==' : comparator} ${pythonNumber(condition.value)})`;
}

const DATASETS = 'for one in (run.inputs.dataset_inputs if run.inputs else [])';
const DATASET_VALUES = {
  name: `one.dataset.name ${DATASETS}`,
  digest: `one.dataset.digest ${DATASETS}`,
  context: `tag.value ${DATASETS} for tag in one.tags if tag.key == "mlflow.data.context"`,
} as const;

/** A run has several datasets: one that satisfies the condition is enough. */
function datasetCondition(key: keyof typeof DATASET_VALUES, condition: Condition): string {
  const values = `[${DATASET_VALUES[key]}]`;
  return condition.op === 'null' ? `not ${values}` : `any(${textCondition('text', condition)} for text in ${values})`;
}

function pythonCondition(condition: Condition): string {
  const { field } = condition;
  if (field.kind === 'dataset') return datasetCondition(field.key, condition);
  return isNumeric(field)
    ? numberCondition(pythonNumberOf(field), condition)
    : textCondition(pythonTextOf(field), condition);
}

/** True for exactly the runs that `matches` lets through. */
export function pythonFilter(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.of.map((part) => {
        const text = pythonFilter(part);
        return 'of' in part && part.op !== 'not' && part.of.length > 1 ? `(${text})` : text;
      });
      return parts.length === 0 ? (filter.op === 'and' ? 'True' : 'False') : parts.join(` ${filter.op} `);
    }
    case 'not':
      return `not (${pythonFilter(filter.of)})`;
    default:
      return pythonCondition(filter);
  }
}
