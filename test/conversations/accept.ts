/** A process of its own that types a code, once per owner, when its standard input ends. */
import { text } from 'node:stream/consumers';
import { openPostgresqlConversations } from '../../src/conversations/postgresql.ts';
import { openSqliteConversations } from '../../src/conversations/sqlite.ts';

const [address = '', code = '', ...owners] = process.argv.slice(2);
const open = address.includes('://') ? openPostgresqlConversations : openSqliteConversations;
const store = await open(address);
process.stdout.write('ready\n');
await text(process.stdin);
const outcomes = await Promise.all(owners.map((owner) => store.links.accept({ owner }, code)));
process.stdout.write(`${outcomes.map(({ kind }) => kind).join(' ')}\n`);
await store.close();
