/** A dialogue that is kept in a file, taken up by another process, branched and deleted. */
import { createRunsight } from 'runsight';

const options = { model: 'offline', conversations: process.env.CONVERSATIONS ?? 'conversations.db' } as const;
let id: string;
{
  await using first = createRunsight(options);
  id = (await first.ask('top 3 runs by auc_roc')).conversation;
}

await using second = createRunsight(options);
const next = await second.ask('and by f1_score?', { conversation: id });
console.log(next.text);

await second.conversations.rename(id, 'Which to ship');
const branch = await second.conversations.branch(id, { turns: 1 });
const { entries } = await second.conversations.list();
for (const { title, turns } of entries) console.log(title, turns);
if (branch !== undefined) await second.conversations.delete(branch.id);
