/** Slots as the inputs that tools share. */
import { joinConditions, quoteKey } from '../conditions.ts';
import type { Condition, KeyRef, Reading, Slots } from '../slots.ts';

type Input = Readonly<Record<string, unknown>>;

/** An object without its undefined values: tools refuse what they do not know. */
export function compact(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

export function oneExperiment(slots: Slots): string | undefined {
  return slots.experiments[0]?.id;
}

/** One id, several, or none; several only where a tool takes a list. */
export function experimentList(slots: Slots): string | string[] | undefined {
  const ids = slots.experiments.map((experiment) => experiment.id);
  return ids.length > 1 ? ids : ids[0];
}

/** Conditions, time window, and the keys that a run must have or lack. */
export function filterOf(slots: Slots, keys: readonly KeyRef[] = []): string | undefined {
  const parts = [joinConditions(slots.conditions), windowFilter(slots), ...keys.map(presence)].filter(
    (part) => part !== undefined,
  );
  return parts.length > 0 ? parts.join(' AND ') : undefined;
}

/** "which runs finished yesterday?" asks when they ended. */
function isFinished({ text, place }: Condition): boolean {
  return text === "status = 'FINISHED'" && place !== 'adjective';
}

function windowFilter({ window, conditions }: Slots): string | undefined {
  if (!window) return undefined;
  const time = window.isEnd === true || conditions.some(isFinished) ? 'end_time' : 'start_time';
  const bounds = [
    window.from === undefined ? undefined : `attributes.${time} >= '${new Date(window.from).toISOString()}'`,
    window.to === undefined ? undefined : `attributes.${time} < '${new Date(window.to).toISOString()}'`,
  ];
  return bounds.filter((bound) => bound !== undefined).join(' AND ');
}

function presence(key: KeyRef): string | undefined {
  return key.role === 'with' ? `${keyField(key)} IS NOT NULL` : undefined;
}

export function keyField(key: KeyRef): string {
  const kind = key.kinds[0] ?? 'metric';
  return kind === 'attribute' ? `attributes.${key.name}` : `${kind}s.${quoteKey(key.name)}`;
}

/** How tools take a key: bare where they look it up themselves, `attributes.` where it is a run's own field. */
export function keyInput(key: KeyRef): string {
  return key.kinds[0] === 'attribute' && ['duration', 'start_time', 'end_time'].includes(key.name)
    ? `attributes.${key.name}`
    : key.name;
}

/** What to group by: a run's user is a tag of MLflow's own. */
export function groupInput(key: KeyRef): string {
  return key.kinds[0] === 'attribute' && key.name === 'user' ? 'tags.mlflow.user' : key.name;
}

export function isMetric(key: KeyRef): boolean {
  return key.kinds.includes('metric') || (key.kinds[0] === 'attribute' && key.name === 'duration');
}

export function metricsOf({ keys }: Slots): KeyRef[] {
  return keys.filter((key) => isMetric(key) && (key.role !== 'by' || isMetricOnly(key)));
}

/** The key that groups: "by algorithm", "per day". */
export function groupOf({ keys }: Slots): KeyRef | undefined {
  return keys.find((key) => key.role === 'by' && !isMetricOnly(key));
}

function isMetricOnly(key: KeyRef): boolean {
  return key.kinds.every((kind) => kind === 'metric') || (isMetric(key) && key.kinds[0] === 'attribute');
}

/** `keys` for get_run: the keys asked for, and whole kinds where a noun asks ("which parameters did it use?"). */
export function askedKeys({ slots, nouns }: Reading, except: readonly KeyRef[] = []): string[] {
  const named = slots.keys.filter((key) => !except.includes(key)).map(keyInput);
  const kinds = (['param', 'metric', 'tag'] as const).filter((noun) => nouns.includes(noun)).map((noun) => `${noun}s`);
  return [
    ...named,
    ...(named.length > 0 ? [] : kinds),
    ...(nouns.includes('dataset') ? ['dataset'] : []),
    ...(nouns.includes('status') ? ['status'] : []),
  ];
}
