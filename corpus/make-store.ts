/** A database with runs as a schema tells of them, so that what was worded can be asked. The same for a schema. */
import { createDatabase, insertLatest, insertRun } from '../test/support/databases.ts';
import { createRandom, type Random } from './random.ts';
import type { MetricCard, Schema } from './schema.ts';

const OTHER_RUNS = 60;
const POINTS = 12;
const DAY = 86_400_000;

export function makeStore(schema: Schema, path: string): void {
  const database = createDatabase(path, '3');
  const random = createRandom(`store of ${schema.id}`);
  const [first, last] = schema.days.map((day) => Date.parse(`${day}T00:00:00Z`)) as [number, number];
  database.exec('BEGIN; DELETE FROM experiments');
  const addExperiment = database.prepare(
    "INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time, last_update_time) VALUES (?, ?, 'active', ?, ?)",
  );
  for (const [at, name] of schema.experiments.entries()) addExperiment.run(at + 1, name, first + at * DAY, last);
  const addPoint = database.prepare(
    'INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)',
  );
  const names = [...schema.runNames, ...Array.from({ length: OTHER_RUNS }, (_, at) => `trial-${1000 + at}`)];
  const ids: string[] = [];
  for (const [at, name] of names.entries()) {
    const id = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('');
    const start = first + random.below(last - first + DAY);
    const status = random.chance(0.82) ? 'FINISHED' : random.pick(['FAILED', 'RUNNING', 'KILLED']);
    const end = status === 'RUNNING' ? null : start + 5_000 + random.below(14_400_000);
    const parent: Record<string, string> =
      ids.length > 0 && random.chance(0.06) ? { 'mlflow.parentRunId': random.pick(ids) } : {};
    insertRun(database, {
      id,
      name,
      status,
      start,
      end,
      experiment: (at % schema.experiments.length) + 1,
      params: valuesOf(schema.params, random),
      tags: { ...valuesOf(schema.tags, random), 'mlflow.user': random.pick(schema.users), ...parent },
    });
    database.prepare('UPDATE runs SET user_id = ? WHERE run_uuid = ?').run(random.pick(schema.users), id);
    ids.push(id);
    for (const metric of schema.metrics) {
      if (random.chance(0.1)) continue;
      const curve = valuesOn(metric, random);
      for (const [step, value] of curve.entries()) addPoint.run(metric.key, value, start + step, id, step);
      insertLatest(database, id, metric.key, curve.at(-1) ?? metric.low, curve.length - 1);
    }
  }
  database.exec('COMMIT');
  database.close();
}

/** One in ten runs lacks one. */
function valuesOf(keys: Schema['params'], random: Random): Record<string, string> {
  const present = keys.filter(() => !random.chance(0.1));
  return Object.fromEntries(present.map(({ key, values }) => [key, random.pick(values)]));
}

function valuesOn({ low, high, curve }: MetricCard, random: Random): number[] {
  const value = () => low + ((high - low) * random.below(100_000)) / 100_000;
  return Array.from({ length: curve ? POINTS : 1 }, value);
}
