/** Stores with one name that is spelt like a word of the language, and the same stores under a plain name. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
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

/** Of every kind of question some, none of which means the hazard. */
export const QUESTIONS: readonly string[] = [
  'which run had the highest accuracy in alpha?',
  'best run by accuracy in "alpha"',
  'what is the second best run by accuracy in alpha?',
  'worst run in alpha by loss',
  'compare the last 3 runs in alpha',
  'compare r-001 and r-004',
  'what changed between r-001 and r-004?',
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
  'runs with status = FAILED in alpha',
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
  'how many runs failed in all experiments?',
  'runs started by bo this week in alpha',
  'runs in alpha that took longer than 10 minutes',
  'runs where algorithm is tree or net in beta',
];

/** What is asked of the name itself: in quotes it is nothing else. */
const OF_NAME: Readonly<Record<Role, (quoted: string) => readonly string[]>> = {
  experiment: (name) => [`best accuracy in ${name}`, `how many runs are there in ${name}?`, `describe ${name}`],
  run: (name) => [`what is the accuracy of ${name}?`, `show run ${name}`, `compare ${name} and r-001`],
  metric: (name) => [`highest ${name} in alpha`, `average ${name} in alpha`, `runs in alpha with ${name} above 8`],
  param: (name) => [`average accuracy by ${name} in alpha`, `how many runs per ${name} in alpha?`],
  tag: (name) => [`how many runs per ${name} in alpha?`, `runs in alpha with ${name} = x`],
  value: (name) => [`runs in alpha with flavor = ${name}`, `how many runs have flavor ${name} in alpha?`],
};

export const questionsOf = ({ role, name }: Hazard): readonly string[] =>
  ['"', '`'].flatMap((mark) => OF_NAME[role](`${mark}${name}${mark}`));

/** Names that look like numbers, times, filters, or like the store's other names. */
const LOOKALIKES = [
  ...['1', '2', '3', '17', '0.5', '0.7', '1e-05', '2026-11-01', 'true', 'none', 'null', 'NaN', 'lr', 'f1 score'],
  ...['Alpha', 'ALPHA', 'Accuracy', 'accuracy', 'loss', 'best accuracy', 'accuracy loss', 'accuracy in alpha'],
  ...['alpha and beta', 'all experiments', 'failed runs', 'the last 3 runs', 'run 17', 'this week', 'r-001', 'FAILED'],
  ...['AND', 'OR', 'Runs', 'b1000000', '__proto__', 'id:1', 'name:alpha', 'attributes.status', 'metrics.accuracy'],
];

/** Every word and phrase of the language, and what looks like something else. */
export const HAZARDS: readonly string[] = [...new Set([...createLexicon(KINDS).keys(), ...LOOKALIKES])].filter((name) =>
  /[\p{L}\p{N}]/u.test(name),
);

/** Names that there are already, which a second one can only be confused with. */
const TAKEN: Readonly<Record<Role, readonly string[]>> = {
  experiment: ['alpha'],
  run: ['r-001'],
  metric: ['accuracy', 'loss'],
  param: ['accuracy', 'loss'],
  tag: ['accuracy', 'loss'],
  value: ['accuracy', 'loss'],
};
/** A metric that is called like a field of every run is meant before it: the longer the better known, as in "best time". */
const FIELDS =
  /^(?:attributes\.|durations?$|(?:run ?|running |wall |wall clock |elapsed |training |start |end )?time$)/u;

export const isHazard = ({ role, name }: Hazard): boolean =>
  !TAKEN[role].includes(name) && !(role === 'metric' && FIELDS.test(name));

/** The questions that hold the words of the name: no other one can be read otherwise. */
export const touched = (name: string): readonly string[] =>
  QUESTIONS.filter((question) => wordsOf(question).includes(wordsOf(name)));

const wordsOf = (text: string): string =>
  ` ${text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_.%=-]+/u)
    .join(' ')
    .trim()} `;

/** Names that can matter to a question. */
export const TOUCHING: readonly string[] = HAZARDS.filter((name) => touched(name).length > 0);

const START = Date.UTC(2026, 10, 17, 12);

/** Runs of `alpha` and `beta`, one of them FAILED, with the hazard among them. */
export function writeHazardStore(folder: string, hazard: Hazard): string {
  const path = join(folder, 'hazard.db');
  using database = createDatabase(path, '3');
  database.exec('PRAGMA synchronous = OFF; BEGIN; DELETE FROM experiments');
  const names = ['alpha', 'beta', ...(hazard.role === 'experiment' ? [hazard.name] : [])];
  for (const [at, name] of names.entries())
    database
      .prepare('INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time) VALUES (?, ?, ?, ?)')
      .run(at + 1, name, 'active', START);
  writeRuns(database, hazard);
  database.exec('COMMIT');
  return path;
}

function writeRuns(database: DatabaseSync, { role, name }: Hazard): void {
  const own = (is: Role, key: string, value: string) => (role === is ? { [key]: value } : {});
  const add = runAdder(database);
  for (let i = 0; i < 8; i++)
    add({
      name: role === 'run' && i === 2 ? name : `r-00${i}`,
      experiment: 1,
      status: i === 7 ? 'FAILED' : 'FINISHED',
      metrics: {
        accuracy: 0.5 + 0.05 * i,
        loss: 0.5 - 0.01 * i,
        ...(role === 'metric' && { [name]: 7 + 0.5 * ((i * 3) % 8) }),
      },
      params: {
        learning_rate: String(0.01 * (i + 1)),
        algorithm: i % 2 ? 'net' : 'tree',
        ...(i % 3 === 0 && { early_stop: 'yes' }),
        ...own('param', name, i < 5 ? 'x' : 'y'),
        ...(role === 'value' && { flavor: i < 5 ? name : 'bland' }),
      },
      tags: { stage: i % 2 ? 'prod' : 'dev', ...own('tag', name, i < 5 ? 'x' : 'y') },
    });
  const more = [
    { of: 'b', experiment: 2, runs: 3 },
    ...(role === 'experiment' ? [{ of: 'x', experiment: 3, runs: 4 }] : []),
  ];
  for (const { of, experiment, runs } of more)
    for (let i = 0; i < runs; i++)
      add({
        name: `${of}-${i}`,
        experiment,
        status: 'FINISHED',
        metrics: { accuracy: 0.01 + 0.1 * i, loss: experiment + 0.01 * i },
        params: { learning_rate: '0.5', algorithm: 'tree' },
        tags: {},
      });
}

interface Row {
  readonly name: string;
  readonly experiment: number;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Adds one run after the other, an hour between, each with three steps of its metrics. */
function runAdder(database: DatabaseSync): (row: Row) => void {
  let at = 0;
  const point = database.prepare('INSERT INTO metrics (key, value, timestamp, run_uuid, step) VALUES (?, ?, ?, ?, ?)');
  return ({ metrics, tags, ...row }) => {
    const id = `${(0xb0b + at).toString(16)}${at.toString(16).padStart(29, '0')}`;
    const start = START + at * 3_600_000;
    const own = { 'mlflow.runName': row.name, 'mlflow.user': 'bo' };
    insertRun(database, { ...row, id, start, end: start + 60_000 * (at + 5), tags: { ...own, ...tags } });
    for (const [key, value] of Object.entries(metrics)) {
      insertLatest(database, id, key, value, 2);
      for (const step of [0, 1, 2]) point.run(key, value + (2 - step) * 0.01, start + step, id, step);
    }
    at += 1;
  };
}
