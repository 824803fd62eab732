/** A tool and a typed query without words, and how faults are told apart. */
import { createRunsight, StoreError, ToolError } from 'runsight';

await using runsight = createRunsight({ model: 'offline' });
const best = await runsight.call('rank_runs', { experiment: 'churn-prediction', metric: 'f1_score', top: 3 });
console.log(best.summary);

const [count] = await runsight.query({ verb: 'count', from: { kind: 'run', scope: {} }, measure: [], by: [] });
console.log(count?.summary);

try {
  await runsight.call('rank_runs', { experiment: 'churn-prediction', metric: 'f2' });
} catch (error) {
  if (error instanceof ToolError) console.log(error.code, error.message, error.hint);
  else if (error instanceof StoreError) console.log('the store fails:', error.message);
  else throw error;
}
