/** A tool of one's own: models may call it, and so may the program. */
import { createRunsight, defineTool } from 'runsight';
import * as z from 'zod';

const countUsers = defineTool({
  name: 'count_users',
  title: 'Counting users',
  description: 'How many people started runs in an experiment. For nothing else.',
  kind: 'run',
  readOnly: true,
  input: z.strictObject({ experiment: z.string().describe('Id of the experiment.') }),
  async run({ experiment }, { store, signal }) {
    const users = new Set<string>();
    let runs = 0;
    for await (const page of store.searchRuns({ experimentIds: [experiment] }, { tags: ['mlflow.user'] }, signal))
      for (const { tags } of page) {
        runs += 1;
        users.add(tags.get('mlflow.user') ?? 'unknown');
      }
    return {
      kind: 'record',
      title: 'Users',
      summary: `${users.size} people started ${runs} runs.`,
      data: { tables: [], facts: { users: users.size } },
      coverage: { unit: 'run', matched: runs, considered: runs, excluded: [], complete: true, scope: 'all' },
      method: 'distinct mlflow.user tags',
      caveats: [],
      links: [],
      reproduce: '',
      followUps: [],
      subject: { refs: [] },
    };
  },
});

await using runsight = createRunsight({ model: 'offline', tools: [countUsers] });
console.log((await runsight.call('count_users', { experiment: '1' })).summary);
