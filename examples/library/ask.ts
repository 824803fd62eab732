/** One question, one answer: over the demo where no store is named. */
import { createRunsight } from 'runsight';

await using runsight = createRunsight({ store: process.env.MLFLOW_TRACKING_URI, model: 'offline' });
const answer = await runsight.ask('Which run had the highest F1 score?', { signal: AbortSignal.timeout(60_000) });

console.log(answer.status, answer.text);
for (const { handle, title, coverage } of answer.findings)
  console.log(handle, title, `${coverage.considered} of ${coverage.matched} considered`);
