/** What every kind of question makes: an intent without its id, from a schema and chance. */
import type { Query, QueryScope } from '../../src/query/query.ts';
import type { Intent, IntentQuery } from '../intent.ts';
import { conditions, named, scopes } from '../parts.ts';
import type { Random } from '../random.ts';
import type { MetricCard, Schema } from '../schema.ts';

export type Draft = Omit<Intent, 'id' | 'schema' | 'family'>;
export type Family = (schema: Schema, random: Random) => Draft | undefined;

export const runs = (scope: QueryScope = {}): Query['from'] => ({ kind: 'run', scope });
export const experiments = (): Query['from'] => ({ kind: 'experiment', scope: {} });

export function answer(query: Partial<IntentQuery> & Pick<IntentQuery, 'verb'>, ...cards: readonly string[]): Draft {
  const whole: IntentQuery = { from: runs(), measure: [], by: [], ...query };
  return { expects: 'answer', query: whole, card: cards.filter((card) => card !== '').join(' | ') };
}

export const refuse = (because: string, card: string): Draft => ({ expects: 'refuse', because, card });

export const curves = ({ metrics }: Schema): MetricCard[] => metrics.filter(({ curve }) => curve);
export const directed = ({ metrics }: Schema): MetricCard[] => metrics.filter(({ better }) => better !== 'unknown');
export const groupKeys = ({ params, tags }: Schema): { kind: string; key: string; values: readonly string[] }[] => [
  ...params.filter(({ values }) => values.length > 1).map((param) => ({ kind: 'param', ...param })),
  ...tags.filter(({ values }) => values.length > 1).map((tag) => ({ kind: 'tag', ...tag })),
];
export const newestOf = (count: number, scope: QueryScope): IntentQuery => ({
  verb: 'list',
  from: runs(scope),
  measure: [],
  by: [],
  order: { end: 'highest', by: named('attribute', 'start_time') },
  limit: count,
});

/** A population that another query picks, now and then; else a plain scope. */
export function populations(schema: Schema, random: Random): { from: IntentQuery['from']; card: string } {
  const scope = scopes(schema, random);
  if (!random.chance(0.12)) return { from: runs(scope.value), card: scope.card };
  const count = random.pick([3, 5, 10, 20, 50]);
  return { from: newestOf(count, scope.value), card: `only among the ${count} runs started last ${scope.card}`.trim() };
}

export const some = (schema: Schema, random: Random, share: number) =>
  random.chance(share) ? conditions(schema, random) : undefined;
