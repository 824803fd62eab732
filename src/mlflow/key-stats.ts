/** What a population logged, computed from its columns. */
import { compareText } from './compare-text.ts';
import type { KeyStats, MetricKeyStats, RunColumns, TextKeyStats } from './tracking-store.ts';

const VALUES_SHOWN = 10;

function summarizeMetric(key: string, column: readonly (number | undefined)[]): MetricKeyStats {
  let runs = 0;
  let nonFinite = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of column) {
    if (value === undefined) continue;
    runs++;
    if (Number.isFinite(value)) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    } else nonFinite++;
  }
  return { kind: 'metric', key, runs, nonFinite, ...(min <= max && { min, max }) };
}

function summarizeText(kind: 'param' | 'tag', key: string, column: readonly (string | undefined)[]): TextKeyStats {
  const counts = new Map<string, number>();
  let runs = 0;
  for (const value of column) {
    if (value === undefined) continue;
    runs++;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts].map(([value, runs]) => ({ value, runs }));
  values.sort((a, b) => b.runs - a.runs || compareText(a.value, b.value));
  return { kind, key, runs, distinct: counts.size, values: values.slice(0, VALUES_SHOWN) };
}

/** Statistics of every column, by kind, then key. */
export function summarizeKeys(columns: RunColumns): KeyStats[] {
  const stats: KeyStats[] = [
    ...[...columns.metrics].map(([key, column]) => summarizeMetric(key, column)),
    ...[...columns.params].map(([key, column]) => summarizeText('param', key, column)),
    ...[...columns.tags].map(([key, column]) => summarizeText('tag', key, column)),
  ];
  const kinds = ['metric', 'param', 'tag'];
  return stats.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compareText(a.key, b.key));
}
