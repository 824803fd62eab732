/** Why a search found nothing: keys that nobody logged, the condition that emptied it, and what the keys do hold. */

import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount, formatNumber } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { KeyStats, Population, RunCount } from '../../mlflow/runs/tracking-store.ts';
import { allOf, filterFields } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { readKeyStats } from '../resolve/key-stats.ts';
import { allOfKind, describeCounts, fieldName, keysOfKind, unknownKey } from '../resolve/keys.ts';
import { type Scope, scopeName } from '../resolve/scope.ts';

export interface EmptySearch {
  /** `64 runs (57 FINISHED, 7 FAILED)`: what the filter was applied to. */
  readonly searched: string;
  /** ` The condition on … alone matches 12, …`; empty for a single condition. */
  readonly conditions: string;
  readonly caveats: readonly Caveat[];
}

const CONDITIONS_SAID = 5;
const VALUES_SAID = 5;

const total = (counts: readonly RunCount[]): number => counts.reduce((sum, { count }) => sum + count, 0);

/** @throws ToolError unknown_metric, unknown_param or unknown_key where the filter speaks of a key that nobody logged. */
export async function explainEmpty(context: ToolContext, scope: Scope, population: Population): Promise<EmptySearch> {
  const { filter } = population;
  const everything = { ...population, filter: undefined };
  const counts = await context.store.countRuns(everything, context.signal);
  const searched = describeCounts(counts);
  if (filter === undefined || total(counts) === 0) return { searched, conditions: '', caveats: [] };
  const fields = filterFields(filter);
  const keys = fields.map(({ key }) => key);
  const stats = await readKeyStats(context, everything, { metrics: keys, params: keys, tags: keys });
  for (const field of fields) await checkField(context, everything, field, stats, scope);
  const caveats = fields.flatMap((field) => valueCaveat(field, stats));
  return { searched, conditions: await countConditions(context, population), caveats };
}

const isField = (field: RunField) => (one: KeyStats) => one.kind === field.kind && one.key === field.key;

function valueCaveat(field: RunField, stats: readonly KeyStats[]): Caveat[] {
  const key = stats.find(isField(field));
  if (key === undefined) return [];
  return [{ code: 'VALUES', text: `${quoteName(field.key)} is ${valuesText(key)} in ${countOf(key.runs, 'run')}` }];
}

async function checkField(
  context: ToolContext,
  population: Population,
  field: RunField,
  stats: readonly KeyStats[],
  scope: Scope,
): Promise<void> {
  if (field.kind === 'attribute' || field.kind === 'dataset' || stats.some(isField(field))) return;
  const elsewhere = stats.find((one) => one.key === field.key);
  if (elsewhere === undefined) {
    const logged = await readKeyStats(context, population, allOfKind(field.kind));
    throw unknownKey(field.kind, field.key, keysOfKind(logged, field.kind), scopeName(scope));
  }
  throw new ToolError(
    'unknown_key',
    `${quoteName(field.key)} is a ${elsewhere.kind}, not a ${field.kind}, in ${scopeName(scope)}.`,
    {
      hint: `Write ${fieldName({ kind: elsewhere.kind, key: field.key })}.`,
    },
  );
}

function valuesText(key: KeyStats): string {
  if (key.kind === 'metric') {
    if (key.min === undefined || key.max === undefined) return 'never a finite number';
    return `from ${formatNumber(key.min)} to ${formatNumber(key.max)}`;
  }
  const values = key.values
    .slice(0, VALUES_SAID)
    .map(({ value, runs }) => `${quoteName(value, 40)} (${formatCount(runs)})`);
  return `${values.join(', ')}${key.distinct > values.length ? ', …' : ''}`;
}

/** How many runs each condition of a conjunction would leave by itself. */
async function countConditions(context: ToolContext, population: Population): Promise<string> {
  const { filter } = population;
  if (filter?.op !== 'and') return '';
  // Both bounds of one field are one condition.
  const alike = Map.groupBy(filter.of, (part) => filterFields(part).map(fieldName).join());
  if (alike.size < 2) return '';
  const texts = await Promise.all(
    [...alike.values()].slice(0, CONDITIONS_SAID).map(async (parts) => {
      const both = allOf(...parts);
      const counts = await context.store.countRuns({ ...population, filter: both }, context.signal);
      const keys = filterFields(both).map((field) => quoteName(field.key));
      return `the one on ${keys.join(', ')} ${formatCount(total(counts))}`;
    }),
  );
  return ` Of its conditions alone, ${texts.join(', ')} would match.`;
}
