/** Stores with one hostile name, and the same stores under a plain one: whatever is asked of the rest stays the same. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLexicon } from '../../src/agent/offline/lexicon.ts';
import { KINDS } from '../../src/query/kinds/index.ts';
import { createDatabase, insertLatest, insertRun } from './databases.ts';

/** What a name can be of. */
export const ROLES = ['experiment', 'run', 'metric', 'param', 'tag', 'value'] as const;
export type Role = (typeof ROLES)[number];

export interface Hazard {
  readonly role: Role;
  readonly name: string;
}

/** A name that nothing in any question is spelt like. */
export const PLAIN = 'zeta';

/** What is asked of `alpha` and `beta`: every kind of question, none of which names the hazard. */
export const QUESTIONS: readonly string[] = [
  'which run had the highest accuracy in alpha?',
  'best run by accuracy in "alpha"',
  'what is the second best run by accuracy in alpha?',
  'worst run in alpha by loss',
  'compare the last 3 runs in alpha',
  'compare r-001 and r-002',
  'what changed between r-001 and r-002?',
  'how many runs failed in alpha?',
  'which runs failed in alpha?',
  'which runs finished in alpha?',
  'did all runs in alpha finish?',
  'what percentage of runs failed in alpha?',
  'average accuracy in alpha',
  'top 3 runs by loss in alpha',
  'average accuracy by algorithm in alpha',
  'which algorithm has the best accuracy in alpha?',
  'what is the accuracy of r-005?',
  'status of r-005',
  'how long did r-005 take?',
  'plot the loss curve for r-005',
  'which runs diverged in alpha?',
  'which parameters matter most for accuracy in alpha?',
  'does learning_rate correlate with accuracy in alpha?',
  'describe alpha',
  'what metrics are logged in alpha?',
  'how many runs are there in alpha?',
  'how many runs per algorithm in alpha?',
  'count runs by status in alpha',
  'runs with accuracy above 0.7 in alpha',
  'runs with accuracy between 0.5 and 0.7 in alpha',
  'runs in alpha without early_stop',
  'runs tagged stage = prod in alpha',
  'what learning_rate did the best run by accuracy in alpha use?',
  'longest run in alpha',
  'show me the 2 newest runs in alpha',
  'show me all experiments',
  'which experiment has the most runs?',
  'which runs in alpha used the tree algorithm?',
  'how many runs did not use tree in alpha?',
  'best run in alpha by accuracy with algorithm tree',
  'which of the last 5 runs in alpha had the best accuracy?',
  'how many of the last 5 runs in alpha failed?',
  'median loss of alpha and beta',
  'runs started by bo this week in alpha',
  'runs in alpha that took longer than 10 minutes',
  'runs where algorithm is tree or net in beta',
];

/** What is asked of the hazard itself, in quotes. */
export const NAMED: Readonly<Record<Role, readonly string[]>> = {
  experiment: [
    'best run by accuracy in "NAME"',
    'how many runs are there in `NAME`?',
    'describe "NAME"',
    'average loss in "NAME"',
  ],
  run: [
    'what is the accuracy of "NAME"?',
    'show run `NAME`',
    'compare "NAME" and r-001',
    'plot the loss curve for "NAME"',
  ],
  metric: [
    'highest "NAME" in alpha',
    'average `NAME` in alpha',
    'runs in alpha with "NAME" above 8',
    'what is the "NAME" of r-005?',
  ],
  param: [
    'average accuracy by "NAME" in alpha',
    'how many runs per `NAME` in alpha?',
    'what is the "NAME" of r-005?',
    'does "NAME" correlate with accuracy in alpha?',
  ],
  tag: [
    'how many runs per "NAME" in alpha?',
    'runs in alpha with `NAME` = x',
    'average accuracy by "NAME" in alpha',
    'how many runs have "NAME" in alpha?',
  ],
  value: [
    'how many runs with "NAME" in alpha?',
    'runs in alpha with flavor = `NAME`',
    'average accuracy of runs with flavor "NAME" in alpha',
    'how many runs have flavor "NAME" in alpha?',
  ],
};

const START = Date.UTC(2026, 10, 17, 12);

function writeRuns(database: DatabaseSync, { role, name }: Hazard): void {
  const id = (at: number) => `${(0xb0b + at).toString(16)}${at.toString(16).padStart(29, '0')}`;
  let at = 0;
  const add = (
    experiment: number,
    label: string,
    metrics: Readonly<Record<string, number>>,
    params: Readonly<Record<string, string>>,
    tags: Readonly<Record<string, string>> = {},
    status = 'FINISHED',
  ): void => {
    const run = id(at);
    const start = START + at * 3_600_000;
    const own = { 'mlflow.runName': label, 'mlflow.user': 'bo' };
    insertRun(database, {
      id: run,
      name: label,
      status,
      start,
      end: start + 60_000 * (at + 5),
      experiment,
      params,
      tags: { ...own, ...tags },
    });
    for (const [key, value] of Object.entries(metrics)) {
      insertLatest(database, run, key, value, 2);
      for (const step of [0, 1, 2])
        database
          .prepare('INSERT INTO metrics (key, value, timestamp, run_uuid, step) VALUES (?, ?, ?, ?, ?)')
          .run(key, value + (2 - step) * 0.01, start + step, run, step);
    }
    at += 1;
  };
  const own = (is: Role, key: string, value: string) => (role === is ? { [key]: value } : {});
  for (let i = 0; i < 8; i++)
    add(
      1,
      role === 'run' && i === 2 ? name : `r-00${i}`,
      { accuracy: 0.5 + 0.05 * i, loss: 0.5 - 0.01 * i, ...(role === 'metric' && { [name]: 7 + 0.5 * ((i * 3) % 8) }) },
      {
        learning_rate: String(0.01 * (i + 1)),
        algorithm: ['tree', 'net'][i % 2] ?? '',
        ...(i % 3 === 0 && { early_stop: 'yes' }),
        ...own('param', name, String((100 - i * 3) % 7)),
        ...(role === 'value' && { flavor: i < 5 ? name : 'bland' }),
      },
      { stage: ['dev', 'prod'][i % 2] ?? '', ...own('tag', name, i < 5 ? 'x' : 'y') },
      i === 7 ? 'FAILED' : 'FINISHED',
    );
  for (let i = 0; i < 3; i++)
    add(2, `b-${i}`, { accuracy: 0.2 + 0.1 * i, loss: 0.9 }, { learning_rate: '0.5', algorithm: 'tree' });
  if (role === 'experiment')
    for (let i = 0; i < 4; i++)
      add(3, `x-${i}`, { accuracy: 0.01 * i, loss: 3 + i, depth: i }, { learning_rate: '9', algorithm: 'net' });
}

/** In a run under its own name as the experiments' ids are 1, 2 and 3. */
export function writeHazardStore(folder: string, hazard: Hazard): string {
  const path = join(folder, 'hazard.db');
  using database = createDatabase(path, '3');
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const times = [START, START];
  database.exec('DELETE FROM experiments');
  const names = ['alpha', 'beta', ...(hazard.role === 'experiment' ? [hazard.name] : [])];
  for (const [at, name] of names.entries())
    database
      .prepare(
        `INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time, last_update_time) VALUES (?, ?, 'active', ?, ?)`,
      )
      .run(at + 1, name, ...times);
  writeRuns(database, hazard);
  database.exec('COMMIT');
  return path;
}

/** Names that look like something else than a name. */
const LOOKALIKES = [
  ...[
    '1',
    '2',
    '3',
    '17',
    '0.5',
    '1e-05',
    '2026-11-01',
    'today',
    'this week',
    'last week',
    'true',
    'none',
    'null',
    'NaN',
  ],
  ...[
    'lr',
    'f1 score',
    'Alpha',
    'ALPHA',
    'Accuracy',
    'accuracy loss',
    'best accuracy',
    'run 17',
    'r-001 ',
    'the last 3 runs',
  ],
  ...[
    'failed runs',
    'all experiments',
    'alpha and beta',
    'accuracy in alpha',
    'AND',
    'OR',
    'FAILED',
    'Runs',
    '__proto__',
  ],
];

/** Every word and phrase of the language, and what looks like a number, a time, another name. */
export const HAZARDS: readonly string[] = [...new Set([...createLexicon(KINDS).keys(), ...LOOKALIKES])].filter((name) =>
  /[\p{L}\p{N}]/u.test(name),
);

/** Names that a store of the shape has already in that role, so that they are no hazard. */
const TAKEN: Readonly<Record<Role, readonly string[]>> = {
  experiment: ['alpha', 'beta'],
  run: [],
  metric: ['accuracy', 'loss'],
  param: ['algorithm', 'learning_rate', 'early_stop'],
  tag: ['stage'],
  value: ['tree', 'net'],
};

export const isFree = ({ role, name }: Hazard): boolean => !TAKEN[role].includes(name);

void copyFileSync;
void DatabaseSync;
