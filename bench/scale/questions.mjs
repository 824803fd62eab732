/** The questions of the benchmark, what of an answer is checked, and what 100,000 runs in SQLite may take. */

const cellsBy = (finding, key, value) =>
  Object.fromEntries(finding.data.tables[0].rows.map((row) => [row[key], row[value]]));

/** `read`: the part of the first finding that the generator's truth has. Seconds and MiB at most, of a whole process. */
export const QUESTIONS = [
  {
    name: 'best',
    text: 'Which run had the highest f1_score in churn-sweep?',
    seconds: 0.25,
    read: ({ data: { facts } }) => ({ id: facts.run.id, value: facts.value }),
  },
  {
    name: 'filter',
    text: 'Top 20 runs by f1_score in churn-sweep where model_type = xgboost and accuracy > 0.8',
    seconds: 0.35,
    read: ({ data }) => ({ matched: data.facts.runs, ids: data.tables[0].rows.map((row) => row.run.id) }),
  },
  {
    name: 'compare',
    text: 'Compare the last 3 runs in churn-sweep',
    seconds: 0.2,
    read: ({ data: { facts } }) => ({ ids: [facts.run3.id, facts.run2.id, facts.run1.id] }),
  },
  {
    name: 'history',
    text: 'Show the train_loss history of run the-long-one',
    seconds: 0.2,
    read: ({ data: { facts } }) => ({ points: facts.points, last: facts.last, min: facts.min }),
  },
  {
    name: 'count',
    text: 'How many runs per status are in churn-sweep?',
    seconds: 0.2,
    read: (finding) => cellsBy(finding, 'status', 'runs'),
  },
  {
    name: 'group',
    text: 'Average f1_score by model_type in churn-sweep',
    seconds: 0.5,
    read: (finding) => cellsBy(finding, 'params.model_type', 'mean'),
  },
  {
    name: 'impact',
    text: 'Which parameters matter for f1_score in churn-sweep?',
    seconds: 2,
    read: ({ data: { facts } }) => ({
      param: facts.param,
      runs: facts.runs,
      adjustedR2: facts.adjustedR2,
      spearman: facts.spearman,
    }),
  },
];

const agrees = (given, due) =>
  typeof due === 'number'
    ? Math.abs(given - due) <= 1e-9 * Math.abs(due)
    : JSON.stringify(given) === JSON.stringify(due);

/** What of an answer is not as it must be, or is left out; `isWhole`: nothing may be, as floor and client do. */
export function differences(given, truth, isWhole) {
  const keys = new Set([...Object.keys(given), ...(isWhole ? Object.keys(truth) : [])]);
  return [...keys]
    .filter((key) => !agrees(given[key], truth[key]))
    .map((key) => `${key} is ${JSON.stringify(given[key])}, not ${JSON.stringify(truth[key])}`);
}
