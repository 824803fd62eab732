/** What happens while a question is worked on; leaving the loop would cancel it. */
import { createRunsight } from 'runsight';

await using runsight = createRunsight({ model: 'offline' });
for await (const event of runsight.stream('plot training loss of the best run by auc_roc in churn-prediction')) {
  if (event.type === 'tool-start') console.log('…', event.title);
  if (event.type === 'answer') console.log(event.answer.text);
}
