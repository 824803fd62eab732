/** Says in one line what a follow-up took over from the questions before it. */

import { countOf, formatRun } from '../../../finding/format.ts';
import { quoteFilter, quoteName } from '../../../finding/quote.ts';
import type { Ref } from '../../../finding/refs.ts';
import { printFilter } from '../../../query/print.ts';
import { readReference } from '../../../query/reference.ts';
import type { KeyRef, Reading, Slots } from '../slots.ts';

const RUNS_SAID = 3;

/** Undefined where nothing was taken over. */
export function inheritedNote(merged: Reading, own: Reading, runs: ReadonlyMap<string, Ref>): string | undefined {
  const said = [
    ...experimentsText(merged.slots, own.slots),
    ...runsText(merged.slots, own.slots, runs),
    ...keysText(merged.slots, own.slots),
    ...('impact' in merged.marks ? [] : orderText(merged.slots, own.slots)),
    ...conditionsText(merged.slots, own.slots),
  ];
  return said.length === 0 ? undefined : `From before: ${said.join(', ')}.`;
}

function experimentsText({ experiments }: Slots, own: Slots): string[] {
  if (own.experiments.length > 0) return [];
  return experiments.map(({ name }) => `in ${quoteName(name)}`);
}

function runsText(merged: Slots, own: Slots, runs: ReadonlyMap<string, Ref>): string[] {
  const taken = merged.runs.filter((run) => !own.runs.includes(run));
  if (taken.length === 0) return [];
  if (taken.length > RUNS_SAID) return [countOf(taken.length, 'run')];
  const known = (asked: string) => runs.get(asked) ?? [...runs.values()].find(({ name }) => name === asked);
  return taken.map((reference) => {
    const asked = readReference(reference).text;
    const run = known(asked);
    return run === undefined ? `run ${quoteName(asked)}` : formatRun(run);
  });
}

function keysText(merged: Slots, own: Slots): string[] {
  const isOwn = (key: KeyRef) => own.keys.some(({ name }) => name === key.name);
  return merged.keys
    .filter((key) => !isOwn(key))
    .map(({ name, role, kinds }) =>
      role === 'by' && !kinds.includes('metric') ? `by ${quoteName(name)}` : quoteName(name),
    );
}

const STATISTICS: Readonly<Record<string, string>> = { all: 'statistics', sd: 'standard deviation' };

function orderText(merged: Slots, own: Slots): string[] {
  const superlatives = own.superlatives.length > 0 ? [] : merged.superlatives.map(superlativeText);
  const statistic = own.statistic === undefined && merged.statistic !== undefined ? [merged.statistic] : [];
  return [...superlatives, ...statistic.map((one) => STATISTICS[one] ?? one)];
}

function superlativeText({ order, of }: Slots['superlatives'][number]): string {
  if (of === 'start_time') return order === 'highest' ? 'newest first' : 'oldest first';
  if (of === 'duration') return order === 'highest' ? 'longest first' : 'shortest first';
  return `${order} first`;
}

function conditionsText(merged: Slots, own: Slots): string[] {
  const known = new Set(own.conditions.map(({ filter }) => printFilter(filter)));
  const taken = merged.conditions.filter(({ filter }) => !known.has(printFilter(filter)));
  const texts = taken.map(({ filter }) =>
    filter.op === 'in' ? `out of ${countOf(filter.values.length, 'run')}` : quoteFilter(printFilter(filter)),
  );
  const window = own.window === undefined && merged.window !== undefined ? ['the same dates'] : [];
  return [...texts, ...window];
}
