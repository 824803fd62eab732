/** A query as typed JSON: what may stand in it is told by the kinds of things, and checked against them. */
import * as z from 'zod';
import { groupOfField, listedKey } from '../../query/fields.ts';
import { type Field, type Filter, filterFields } from '../../query/filter.ts';
import type { Kind } from '../../query/kinds/kind.ts';
import { isQuery, type Measure, populationOf, type Query } from '../../query/query.ts';
import { nearestNames } from '../../tools/resolve/names.ts';
import { InputError, readInput } from './inputs.ts';

const TEXT = z.string().max(1000);
const MOST_PARTS = 50;

export function createQuerySchema(kinds: readonly Kind[]): z.ZodType<Query> {
  const kind = z.enum(distinct(kinds.map(({ name }) => name)));
  const fieldKind = z.enum(distinct(kinds.flatMap(groupNames)));
  const verb = z.enum(distinct(kinds.flatMap(({ verbs }) => verbs)));
  const field = z.strictObject({ kind: fieldKind, key: TEXT });
  const name = z.strictObject({ kinds: z.array(fieldKind).min(1), key: TEXT.optional(), step: z.int().optional() });
  const refs = z.array(TEXT).min(1).max(MOST_PARTS).optional();
  const filter: z.ZodType<Filter<Field>> = z.lazy(() =>
    z.discriminatedUnion('op', [
      z.strictObject({
        op: z.literal('compare'),
        field,
        comparator: z.enum(['=', '!=', '<', '<=', '>', '>=', 'like', 'ilike']),
        value: z.union([TEXT, z.number()]),
      }),
      z.strictObject({ op: z.literal('in'), field, values: z.array(TEXT).min(1).max(MOST_PARTS) }),
      z.strictObject({ op: z.literal('null'), field }),
      z
        .strictObject({
          op: z.enum(['and', 'or', 'not']),
          of: z.union([z.array(filter).min(1).max(MOST_PARTS), filter]),
        })
        .refine(
          ({ op, of }) => Array.isArray(of) === (op !== 'not'),
          '"of" is a list of and and or, one filter of not',
        ),
    ]),
  ) as z.ZodType<Filter<Field>>;
  const things = z.strictObject({
    kind,
    scope: z
      .strictObject({
        experiments: refs,
        lifecycle: z.enum(['active', 'deleted', 'all']).optional(),
        named: refs,
      })
      .default({}),
  });
  const names = z.array(name).max(MOST_PARTS);
  const query: z.ZodType<Query> = z.lazy(() =>
    z.strictObject({
      verb,
      from: z.union([things, query]),
      where: filter.optional(),
      measure: names.default([]),
      aggregate: z
        .enum(['mean', 'median', 'sd', 'min', 'max', 'count', 'sum', 'p10', 'p25', 'p75', 'p90', 'p95', 'p99'])
        .optional(),
      diagnosis: z.enum(['diverged', 'overfitting', 'plateau', 'still_improving']).optional(),
      by: names.default([]).describe('attribute: also day, week, month, experiment, user'),
      order: z
        .strictObject({
          end: z.enum(['best', 'worst', 'highest', 'lowest']),
          by: name.optional(),
          direction: z.enum(['higher', 'lower']).optional(),
        })
        .optional(),
      limit: z.int().min(1).max(1000).optional(),
      place: z.int().min(1).max(1000).optional(),
      output: z.strictObject({ columns: names.optional(), axis: z.literal('time').optional() }).optional(),
    }),
  );
  return query;
}

/** @throws InputError where it is no query, or speaks of what its things do not have. */
export function readQuery(schema: z.ZodType<Query>, value: unknown, kinds: readonly Kind[]): Query {
  const query = readInput(schema, value);
  checkParts(query, kinds);
  return query;
}

function checkParts(query: Query, kinds: readonly Kind[]): void {
  const { kind: name } = populationOf(query);
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined) throw new InputError(`from.kind: there are no things called "${name}"`);
  if (!kind.verbs.includes(query.verb))
    throw new InputError(
      `verb: "${query.verb}" is nothing to ask of ${name}s; what can be asked is ${kind.verbs.join(', ')}`,
    );
  for (const field of filterFields(query.where)) checkField(field, kind);
  for (const { step: _, ...measured } of query.measure) checkName(measured, kind);
  for (const one of namesIn(query)) checkName(one, kind);
  if (isQuery(query.from)) checkParts(query.from, kinds);
}

/** The keys of a closed list are printed as they are: none but those may stand there. */
function checkField(field: Field, kind: Kind): void {
  const group = groupOfField(kind, field);
  if (group === undefined)
    throw new InputError(`where: ${kind.name}s have no ${field.kind}; they have ${groupNames(kind).join(', ')}`);
  if (typeof group.keys === 'string' || listedKey(group.keys, field.key) === field.key) return;
  const keys = Object.keys(group.keys);
  const near = nearestNames(field.key, keys);
  const hint = near.length > 0 ? `nearest: ${near.join(', ')}` : `there are ${keys.join(', ')}`;
  throw new InputError(`where: ${kind.name}s have no ${field.kind} ${JSON.stringify(field.key)}; ${hint}`);
}

/** Of attributes some are made for grouping alone; which of them a capability knows it says itself. */
function checkName({ kinds, key = '', step }: Measure, kind: Kind): void {
  if (step !== undefined) throw new InputError('step: only a measure is of a step');
  const other = kinds.find((one) => !groupNames(kind).includes(one));
  if (other !== undefined)
    throw new InputError(`${kind.name}s have no ${other}; they have ${groupNames(kind).join(', ')}`);
  if (kinds.includes('attribute') && !/^\w*$/.test(key))
    throw new InputError(`there is no attribute ${JSON.stringify(key)}: its name is a word such as start_time`);
}

const groupNames = ({ fields }: Kind): string[] => fields.map(({ kind }) => kind);

const namesIn = ({ by, order, output }: Query): Measure[] => [
  ...by,
  ...(order?.by === undefined ? [] : [order.by]),
  ...(output?.columns ?? []),
];

const distinct = <T>(names: readonly T[]): T[] => [...new Set(names)];
