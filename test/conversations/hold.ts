/** A process of its own that begins a question of a conversation, and ends it when its standard input does. */
import { text } from 'node:stream/consumers';
import { openPostgresqlConversations } from '../../src/conversations/postgresql.ts';
import { openSqliteConversations } from '../../src/conversations/sqlite.ts';

const [address = '', leaseMs, owner = '', id = '', question = ''] = process.argv.slice(2);
const open = address.includes('://') ? openPostgresqlConversations : openSqliteConversations;
const store = await open(address, Number(leaseMs));
const turn = await store.of(owner).begin(id, question, new AbortController().signal);
process.stdout.write('held\n');
await text(process.stdin);
const outcome = await turn.end().then(
  () => 'kept',
  (error: { code?: string }) => error.code ?? 'failed',
);
process.stdout.write(`${outcome}\n`);
await store.close();
