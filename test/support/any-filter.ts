/** Random filters for property tests. */
import fc from 'fast-check';
import { isNumeric } from '../../src/query/fields.ts';
import type { Condition, Filter } from '../../src/query/filter.ts';
import { RUN_ATTRIBUTES, type RunField } from '../../src/query/kinds/run.ts';

/** What filters are made of. */
export interface FilterParts {
  readonly metrics: fc.Arbitrary<string>;
  readonly numbers: fc.Arbitrary<number>;
  /** Of params and tags. */
  readonly keys: fc.Arbitrary<string>;
  readonly texts: fc.Arbitrary<string>;
}

export function anyField({ metrics, keys }: FilterParts): fc.Arbitrary<RunField> {
  return fc.oneof(
    fc.record({ kind: fc.constant('metric' as const), key: metrics }),
    fc.record({ kind: fc.constantFrom('param' as const, 'tag' as const), key: keys }),
    fc.record({ kind: fc.constant('attribute' as const), key: fc.constantFrom(...RUN_ATTRIBUTES) }),
    fc.record({
      kind: fc.constant('dataset' as const),
      key: fc.constantFrom('name' as const, 'digest' as const, 'context' as const),
    }),
  );
}

function anyConditionOn(field: RunField, { numbers, texts }: FilterParts): fc.Arbitrary<Condition> {
  const onField = <T extends object>(rest: { [key in keyof T]: fc.Arbitrary<T[key]> }) =>
    fc.record(rest).map((parts) => ({ ...(parts as T), field }));
  const nulls = fc.constant({ op: 'null' as const, field });
  const value = field.key === 'status' ? texts.map((text) => text.toUpperCase()) : texts;
  const byNumber = onField<{ op: 'compare'; comparator: '=' | '!=' | '<' | '<=' | '>' | '>='; value: number }>({
    op: fc.constant('compare'),
    comparator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: numbers,
  });
  const byText = onField<{ op: 'compare'; comparator: '=' | '!=' | 'like' | 'ilike'; value: string }>({
    op: fc.constant('compare'),
    comparator: field.key === 'status' ? fc.constantFrom('=', '!=') : fc.constantFrom('=', '!=', 'like', 'ilike'),
    value,
  });
  const byList = onField<{ op: 'in'; values: string[] }>({
    op: fc.constant('in'),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  });
  if (isNumeric(field)) return fc.oneof(nulls, byNumber);
  return field.kind === 'param' ? fc.oneof(nulls, byText, byList, byNumber) : fc.oneof(nulls, byText, byList);
}

/** Filters such as the parser makes: every AND and OR has two parts or more. */
export function anyFilter(parts: FilterParts): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      anyField(parts).chain((field) => anyConditionOn(field, parts)),
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), of: tie('filter') }),
    ),
  })).filter;
}
