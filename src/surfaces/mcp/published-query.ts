/**
 * The query as clients read it. It says what `query-schema.ts` checks, and a test holds the two together: written out, it
 * costs no time when tools are listed.
 */
import type { Kind } from '../../query/kinds/kind.ts';

type JsonSchema = Record<string, unknown>;

const object = (properties: JsonSchema, ...required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const distinct = <T>(names: readonly T[]): T[] => [...new Set(names)];

const TEXT = { type: 'string' };
const INTEGER = { type: 'integer' };

export function publishedQuery(kinds: readonly Kind[]): JsonSchema {
  const scope = object({
    experiments: list(TEXT),
    lifecycle: { enum: ['active', 'deleted', 'all'] },
    named: list(TEXT),
  });
  const order = object(
    {
      end: { enum: ['best', 'worst', 'highest', 'lowest'] },
      by: ref('name'),
      direction: { enum: ['higher', 'lower'] },
    },
    'end',
  );
  return {
    ...object(
      {
        verb: { enum: distinct(kinds.flatMap(({ verbs }) => verbs)) },
        from: { anyOf: [object({ kind: { enum: kinds.map(({ name }) => name) }, scope }, 'kind'), { $ref: '#' }] },
        where: ref('filter'),
        measure: list(ref('name')),
        aggregate: {
          enum: ['mean', 'median', 'sd', 'min', 'max', 'count', 'sum', 'p10', 'p25', 'p75', 'p90', 'p95', 'p99'],
        },
        diagnosis: { enum: ['diverged', 'overfitting', 'plateau', 'still_improving'] },
        by: { description: 'attribute: also day, week, month, experiment, user', ...list(ref('name')) },
        order,
        limit: INTEGER,
        place: INTEGER,
        output: object({ columns: list(ref('name')), axis: { const: 'time' } }),
      },
      'verb',
      'from',
    ),
    $defs: {
      filter: {
        oneOf: [
          object(
            {
              op: { const: 'compare' },
              field: ref('field'),
              comparator: { enum: ['=', '!=', '<', '<=', '>', '>=', 'like', 'ilike'] },
              value: { type: ['string', 'number'] },
            },
            ...['op', 'field', 'comparator', 'value'],
          ),
          object({ op: { const: 'in' }, field: ref('field'), values: list(TEXT) }, 'op', 'field', 'values'),
          object({ op: { const: 'null' }, field: ref('field') }, 'op', 'field'),
          object(
            { op: { enum: ['and', 'or', 'not'] }, of: { anyOf: [list(ref('filter')), ref('filter')] } },
            ...['op', 'of'],
          ),
        ],
      },
      field: object({ kind: ref('kind'), key: TEXT }, 'kind', 'key'),
      kind: { enum: distinct(kinds.flatMap(({ fields }) => fields.map(({ kind }) => kind))) },
      name: object({ kinds: list(ref('kind')), key: TEXT, step: INTEGER }, 'kinds'),
    },
  };
}
