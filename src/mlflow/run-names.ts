/** Answers which names of a question exist among runs, for stores that deliver whole runs. */
import { compareText } from './compare-text.ts';
import { lowerAscii } from './filter/like.ts';
import { readLastNumber } from './last-number.ts';
import type { LookupQuery, LookupResult, RunName } from './tracking-store.ts';
import type { Run } from './types.ts';

/** At most so many runs come back. */
export const MAX_RUNS = 50;
/** The system tags whose values people ask for. */
export const VALUE_TAGS: readonly string[] = ['mlflow.user', 'mlflow.source.name'];
/** What may be the beginning of a run id. */
export const ID_PREFIX = /^[0-9a-f]{6,32}$/;

function findKeys(runs: readonly Run[]): LookupResult['keys'] {
  const kinds = { metric: new Set<string>(), param: new Set<string>(), tag: new Set<string>() };
  for (const run of runs) {
    for (const key of run.metrics.keys()) kinds.metric.add(key);
    for (const key of run.params.keys()) kinds.param.add(key);
    for (const key of run.tags.keys()) kinds.tag.add(key);
  }
  return (['metric', 'param', 'tag'] as const).flatMap((kind) =>
    [...kinds[kind]].sort(compareText).map((key) => ({ kind, key })),
  );
}

function findValues(
  runs: readonly Run[],
  kind: 'param' | 'tag',
  texts: readonly string[],
  ofKeys: readonly string[] | undefined,
): LookupResult['values'] {
  const wanted = new Set(texts.map(lowerAscii));
  const found = new Map<string, { kind: 'param' | 'tag'; key: string; value: string }>();
  for (const run of runs)
    for (const [key, value] of kind === 'param' ? run.params : run.tags) {
      const isValue = kind === 'param' || !key.startsWith('mlflow.') || VALUE_TAGS.includes(key);
      const isAsked = ofKeys === undefined || ofKeys.includes(key);
      if (isValue && isAsked && wanted.has(lowerAscii(value)))
        found.set(JSON.stringify([key, value]), { kind, key, value });
    }
  return [...found.values()].sort((a, b) => compareText(a.key, b.key) || compareText(a.value, b.value));
}

function isNamed(run: Run, query: LookupQuery, texts: readonly string[]): boolean {
  const number = readLastNumber(run.name);
  return (
    texts.includes(lowerAscii(run.name)) ||
    texts.some((text) => ID_PREFIX.test(text) && run.id.startsWith(text)) ||
    (number !== undefined && (query.lastNumbers ?? []).includes(number))
  );
}

function toRunName({ id, name, experimentId, status, lifecycle, startTime }: Run): RunName {
  return { id, name, experimentId, status, lifecycle, ...(startTime !== undefined && { startTime }) };
}

/** `runs` of any lifecycle in store order; keys and values count only where `isActive`. */
export function findNames(query: LookupQuery, runs: readonly Run[], isActive: (run: Run) => boolean): LookupResult {
  const active = runs.filter(isActive);
  const texts = (query.runs ?? []).filter((text) => text !== '').map(lowerAscii);
  const values = query.values ?? [];
  return {
    keys: query.keys ? findKeys(active) : [],
    values:
      values.length === 0
        ? []
        : (['param', 'tag'] as const).flatMap((kind) => findValues(active, kind, values, query.ofKeys)),
    runs: runs
      .filter((run) => isNamed(run, query, texts))
      .slice(0, MAX_RUNS)
      .map(toRunName),
  };
}
