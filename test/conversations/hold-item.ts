/** A process of its own that takes the next item of an inbox, and notes something when its standard input ends. */
import { text } from 'node:stream/consumers';
import { openPostgresqlInbox } from '../../src/conversations/postgresql.ts';
import { openSqliteInbox } from '../../src/conversations/sqlite.ts';

const [address = '', leaseMs] = process.argv.slice(2);
const open = address.includes('://') ? openPostgresqlInbox : openSqliteInbox;
const inbox = await open(address, Number(leaseMs));
const work = await inbox.take();
process.stdout.write(work === undefined ? 'nothing\n' : 'held\n');
await text(process.stdin);
const outcome = await work?.note('late').then(
  () => 'noted',
  (error: { code?: string }) => error.code ?? 'failed',
);
process.stdout.write(`${outcome}\n`);
process.exit();
