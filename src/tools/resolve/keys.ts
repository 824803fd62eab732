/** Metric, param and tag keys as they are asked for: prefixes, near misses, and what to say when there is none. */

import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName, visibleText } from '../../finding/quote.ts';
import type { KeyStats, Projection } from '../../mlflow/runs/tracking-store.ts';
import { RUN_ATTRIBUTES, type RunAttribute, type RunField } from '../../query/kinds/run.ts';
import type { ToolContext } from '../define/context.ts';
import { type Choice, ToolError, type ToolErrorCode } from '../define/errors.ts';
import { readKeyStats } from './key-stats.ts';
import { byUse, type NamedKey, nearestNames, nearMisses } from './names.ts';
import { isWholeStore, type Scope, scopeName } from './scope.ts';

export type KeyKind = 'metric' | 'param' | 'tag';

const PREFIX = /^(metric|param|parameter|tag|attribute|attr|run)s?\.(.+)$/s;
const PREFIX_KINDS = { metric: 'metric', param: 'param', parameter: 'param', tag: 'tag' } as const;

/** `params.lr` → a param called lr; a bare key says nothing of its kind. Backticks hold a key as filters do. */
export function parseKey(text: string): { readonly kind?: RunField['kind']; readonly key: string } {
  const bare = (key: string) => (/^`.+`$/s.test(key) ? key.slice(1, -1).replaceAll('``', '`') : key);
  const match = PREFIX.exec(text.trim());
  const [, prefix, key] = match ?? [];
  if (prefix === undefined || key === undefined) return { key: bare(text.trim()) };
  const kind = PREFIX_KINDS[prefix as keyof typeof PREFIX_KINDS] ?? 'attribute';
  return { kind, key: bare(key) };
}

/** What `parseKey` reads back as this key: as it is, where that is read right. */
export function printKey(key: string, kind?: KeyKind): string {
  const prefix = kind === undefined ? '' : `${kind}s.`;
  const read = parseKey(prefix + key);
  return read.key === key && read.kind === kind ? prefix + key : `${prefix}${quoteKey(key)}`;
}

/** A key in backticks is nothing but a key. */
export function quoteKey(key: string): string {
  return `\`${key.replaceAll('`', '``')}\``;
}

export function isAttribute(key: string): key is RunAttribute {
  return (RUN_ATTRIBUTES as readonly string[]).includes(key);
}

/** `params.lr`, as columns are keyed. */
export function fieldName(field: RunField): string {
  return field.kind === 'attribute' ? `attributes.${field.key}` : `${field.kind}s.${field.key}`;
}

/** Keys of one kind in a scope with the runs that have them; reserved `mlflow.` tags left out. */
export function keysOfKind(stats: readonly KeyStats[], kind: KeyKind): NamedKey[] {
  return stats.filter((one) => one.kind === kind && !(kind === 'tag' && one.key.startsWith('mlflow.'))).sort(byUse);
}

export function allOfKind(kind: KeyKind): Projection {
  return { [`${kind}s`]: 'all' };
}

const MAX_LISTED = 8;

/** `` `time` (64 runs), `rmse` (12), +3 more ``; system metrics only where there is nothing else. */
export function listKeys(keys: readonly NamedKey[]): string {
  const own = keys.filter(({ key }) => !key.startsWith('system/'));
  const listed = own.length > 0 ? own : keys;
  const names = listed
    .slice(0, MAX_LISTED)
    .map(({ key, runs }, i) => `${quoteName(key)} (${i === 0 ? countOf(runs, 'run') : formatCount(runs)})`);
  const more = listed.length - names.length;
  return [...names, ...(more > 0 ? [`+${formatCount(more)} more`] : [])].join(', ');
}

export interface ResolvedKey {
  readonly key: string;
  /** Says so where the key is not the one that was asked for. */
  readonly caveat?: Caveat;
}

/**
 * The key of a scope that `asked` means.
 * @throws ToolError unknown_metric, unknown_param or unknown_key with what exists, ambiguous_metric with choices,
 * no_data where the scope has no key of the kind at all.
 */
export async function resolveKey(
  context: ToolContext,
  scope: Scope,
  kind: KeyKind,
  asked: string,
): Promise<ResolvedKey> {
  const quick = isWholeStore(scope) ? await findAmongNames(context, kind, asked) : undefined;
  if (quick !== undefined) return quick;
  const stats = await readKeyStats(context, { experimentIds: scope.ids }, allOfKind(kind));
  const keys = keysOfKind(stats, kind);
  if (keys.length > 0) return pickKey(keys, kind, asked, scopeName(scope));
  const counts = await context.store.countRuns({ experimentIds: scope.ids }, context.signal);
  throw new ToolError('no_data', `No ${kind} was logged in ${scopeName(scope)}: ${describeCounts(counts)}.`);
}

/** The key of the whole store, by its name alone: counting runs per key is slow in large stores. */
async function findAmongNames(context: ToolContext, kind: KeyKind, asked: string): Promise<ResolvedKey | undefined> {
  const { keys } = await context.store.lookup({ keys: true }, context.signal);
  const named = keys.filter((one) => one.kind === kind && !one.key.startsWith('mlflow.'));
  if (named.some(({ key }) => key === asked)) return { key: asked };
  const near = nearMisses(
    asked,
    named.map(({ key }) => ({ key, runs: 0 })),
  );
  return near.length === 1 && near[0] !== undefined ? mend(asked, near[0].key) : undefined;
}

type StatusCount = { readonly status: string; readonly count: number };

/** `57 FINISHED, 7 FAILED`: the most first, in whatever order a store counts them. */
export function statusCounts(counts: readonly StatusCount[]): string {
  const byStatus = new Map<string, number>();
  for (const { status, count } of counts) byStatus.set(status, (byStatus.get(status) ?? 0) + count);
  return [...byStatus]
    .sort(([a, many], [b, others]) => others - many || (a < b ? -1 : 1))
    .map(([status, count]) => `${formatCount(count)} ${status}`)
    .join(', ');
}

/** `64 runs (57 FINISHED, 7 FAILED)`. */
export function describeCounts(counts: readonly StatusCount[]): string {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return total === 0 ? 'no runs' : `${countOf(total, 'run')} (${statusCounts(counts)})`;
}

function pickKey(keys: readonly NamedKey[], kind: KeyKind, asked: string, where: string): ResolvedKey {
  if (keys.some(({ key }) => key === asked)) return { key: asked };
  const near = nearMisses(asked, keys);
  const [only] = near;
  if (only === undefined) throw unknownKey(kind, asked, keys, where);
  if (near.length > 1) throw ambiguousKey(kind, asked, near, where);
  return mend(asked, only.key);
}

const mend = (asked: string, key: string): ResolvedKey => ({
  key,
  caveat: { code: 'NAME_MENDED', text: `${quoteName(asked)} was read as ${quoteName(key)}` },
});

/** The metric among `logged` that `asked` means; undefined where none is near. @throws ToolError ambiguous_metric. */
export function pickMetric(asked: string, logged: readonly NamedKey[]): ResolvedKey | undefined {
  if (logged.some(({ key }) => key === asked)) return { key: asked };
  const near = nearMisses(asked, logged);
  if (near.length > 1) throw ambiguousKey('metric', asked, near, 'these runs');
  return near[0] && mend(asked, near[0].key);
}

function keyChoices(kind: KeyKind, keys: readonly NamedKey[]): Choice[] {
  const slot = kind === 'metric' ? 'metric' : 'param';
  return keys
    .slice(0, MAX_LISTED)
    .map(({ key, runs }) => ({ slot, value: key, label: `${visibleText(key)} (${countOf(runs, 'run')})` }));
}

function ambiguousKey(kind: KeyKind, asked: string, near: readonly NamedKey[], where: string): ToolError {
  const message = `Several ${kind}s fit ${quoteName(asked)} in ${where}: ${listKeys(near)}. Which one?`;
  return new ToolError('ambiguous_metric', message, { choices: keyChoices(kind, near) });
}

const UNKNOWN: Record<KeyKind, ToolErrorCode> = {
  metric: 'unknown_metric',
  param: 'unknown_param',
  tag: 'unknown_key',
};

export function unknownKey(kind: KeyKind, asked: string, keys: readonly NamedKey[], where: string): ToolError {
  const near = nearestNames(
    asked,
    keys.map(({ key }) => key),
  );
  const hint = near.length > 0 ? `Nearest: ${near.map((key) => quoteName(key)).join(', ')}.` : '';
  const choices = keyChoices(
    kind,
    keys.filter(({ key }) => near.includes(key)),
  );
  const message = `No ${kind} ${quoteName(asked)} in ${where}. It has ${listKeys(keys)}.`;
  return new ToolError(UNKNOWN[kind], message, { choices, ...(hint !== '' && { hint }) });
}

/** Asks for the metric where none was named and several could be meant. */
export function askForMetric(keys: readonly NamedKey[], where: string): ToolError {
  const sentence = `${where.charAt(0).toUpperCase()}${where.slice(1)} there are ${listKeys(keys)}`;
  return new ToolError('ambiguous_metric', `By which metric? ${sentence}.`, {
    choices: keyChoices('metric', keys),
  });
}
