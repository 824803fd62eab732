/** Every store that can be asked here, with the talks to have over it: lists of questions, each a conversation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findCopies } from './copies.mjs';

const single = (question) => ({ name: '', turns: [question] });
const readLines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** What the tests ask of the demo; of a slow store only the first wording of each case. */
async function readDemoTalks(checkout) {
  const { demoCases } = await import(path.join(checkout, 'test/evals/demo-cases.ts'));
  const { dialogues } = await import(path.join(checkout, 'test/evals/dialogues.ts'));
  return {
    all: [
      ...demoCases.flatMap(({ wordings }) => wordings.map(single)),
      ...Object.entries(dialogues).map(([name, turns]) => ({ name, turns: turns.map(([question]) => question) })),
    ],
    few: demoCases.map(({ wordings }) => single(wordings[0])),
  };
}

/** The shared stores: databases, and the folders that they were made from. */
function findEvalStores(evals) {
  const cases = readLines(path.join(evals, 'questions.jsonl')).map((line) => JSON.parse(line));
  const dialogues = readLines(path.join(evals, 'dialogues.jsonl')).map((line) => JSON.parse(line));
  return readdirSync(path.join(evals, 'stores')).flatMap((name) => {
    const talks = [
      ...cases.filter(({ store }) => store === name).flatMap(({ wordings }) => wordings.map(single)),
      ...dialogues
        .filter(({ store }) => store === name)
        .map(({ id, turns }) => ({ name: id, turns: turns.map(({ question }) => question) })),
    ];
    const folder = path.join(evals, 'stores', name);
    const database = { name, ...inPlace(path.join(folder, 'mlflow.db')), talks };
    const mlruns = path.join(folder, 'mlruns');
    return existsSync(mlruns) ? [database, { name: `${name}-files`, ...inPlace(mlruns), talks }] : [database];
  });
}

/** Small stores, whose questions stand in a table: | `question` | right answer | … */
function findFailingStores(failing) {
  const folders = readdirSync(failing, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => ({
    name: `failing/${name}`,
    ...inPlace(['mlflow.db', 'mlruns'].map((one) => path.join(failing, name, one)).find(existsSync)),
    talks: readLines(path.join(failing, name, 'README.md')).flatMap((line) => {
      const question = /^\| `(.+?)` \|/.exec(line)?.[1];
      return question === undefined ? [] : [single(question)];
    }),
  }));
}

/** A store that is there as it stands. */
const inPlace = (uri) => ({ open: async () => ({ uri, close: async () => undefined }) });

export async function findStores(checkout, copies, isWanted) {
  const shared = path.join(checkout, '../shared');
  const [evals, failing] = ['evals', 'failing'].map((name) => path.join(shared, name));
  const { all, few } = await readDemoTalks(checkout);
  const wordings = existsSync(evals) ? readLines(path.join(evals, 'wordings.txt')).map(single) : [];
  if (!existsSync(shared)) console.error('LEFT OUT: ../shared is not here');
  const stores = [
    { name: 'demo', ...inPlace(undefined), talks: [...all, ...wordings], isDemo: true },
    ...(existsSync(evals) ? findEvalStores(evals) : []),
    ...(existsSync(failing) ? findFailingStores(failing) : []),
    ...findCopies(copies, isWanted).map((copy) => ({ ...copy, talks: copy.isSlow ? few : all, isDemo: true })),
  ];
  return stores.filter(({ name }) => isWanted(name));
}
