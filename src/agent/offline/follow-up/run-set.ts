/** Runs that were picked before, as a condition that only they meet. */
import { type Filter, isSameField } from '../../../query/filter.ts';
import type { RunField } from '../../../query/kinds/run.ts';
import { idReference } from '../../../query/reference.ts';
import type { PlacedCondition, Reading, Slots } from '../slots.ts';

const RUN_ID: RunField = { kind: 'attribute', key: 'run_id' };

export const isOfIds = ({ field }: Pick<PlacedCondition, 'field'>): boolean => isSameField(field, RUN_ID);

const ID = /^[0-9a-f]{32}$/;

/** A run of the talk as tools take it: by its id, or where none was found as it was asked for. */
export const referenceTo = (run: string): string => (ID.test(run) ? idReference(run) : run);

/** The runs of these ids. */
export const oneOf = (ids: readonly string[]): Filter => ({ op: 'in', field: RUN_ID, values: ids });

export function among(slots: Slots, runIds: readonly string[]): Slots {
  const filter = oneOf(runIds);
  const condition: PlacedCondition = { filter, field: RUN_ID, joint: 'and', place: 'clause' };
  const others = slots.conditions.filter((one) => !isOfIds(one));
  return { ...slots, runs: [], conditions: [condition, ...others] };
}

/** Whether a reading is about runs that were picked. */
export const isAmong = ({ slots }: Reading): boolean => slots.conditions.some(isOfIds);

/**
 * "how many of the last ten failed?" is, once the ten are known, a question about these: what follows is about them, or
 * those of them that failed.
 */
export function settlePicked(reading: Reading, picked: readonly string[]): Reading {
  const { slots } = reading;
  if ((slots.newest === undefined && slots.asked.length === 0) || picked.length === 0) return reading;
  const settled: Slots = { ...slots, newest: undefined, window: undefined, conditions: slots.asked, asked: [] };
  // What the runs were picked by is done with, where something else was asked of them.
  const order = slots.asked.length > 0 ? { superlatives: [], top: undefined, keys: [] } : {};
  return { ...reading, slots: among({ ...settled, ...order }, picked) };
}
