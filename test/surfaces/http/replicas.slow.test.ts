/** Two servers that share one PostgreSQL: any of them answers any turn, and what one dies over the other takes up. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyDatabase } from '../../support/copy-database.ts';
import { createServerDatabase, findDatabaseServers, type ServerDatabase } from '../../support/database-servers.ts';
import { createDatabase, insertLatest, insertRun } from '../../support/databases.ts';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { type Got, send } from './running-server.ts';
import { type Served, startServe } from './serve-process.ts';

const servers = await findDatabaseServers('two servers over one PostgreSQL');
const BEST = 'which run has the highest f1?';

describe.runIf(servers.includes('postgresql'))('two servers over one PostgreSQL', { timeout: 60_000 }, () => {
  let kept: ServerDatabase;
  let tracked: ServerDatabase;
  const folder = makeTemporaryFolder();

  beforeAll(async () => {
    const path = join(folder.path, 'few.db');
    const database = createDatabase(path, '3');
    for (let run = 0; run < 20; run++) {
      const id = run.toString(16).padStart(32, '0');
      insertRun(database, { id, start: run, params: { lr: String(run % 3) } });
      insertLatest(database, id, 'f1', run / 20);
    }
    database.close();
    [kept, tracked] = await Promise.all([createServerDatabase('postgresql'), createServerDatabase('postgresql')]);
    await copyDatabase(path, tracked);
  });
  afterAll(async () => {
    await Promise.all([kept?.drop(), tracked?.drop()]);
    folder[Symbol.dispose]();
  });

  const start = () => startServe(folder.path, ['--uri', tracked.uri], { RUNSIGHT_CONVERSATIONS: kept.uri });
  const ask = ({ url }: Served, question: string, conversation?: string): Promise<Got> =>
    send(`${url}/api/v1/ask`, { body: { question, ...(conversation !== undefined && { conversation }) } });
  const read = async ({ url }: Served, id: string) => (await send(`${url}/api/v1/conversations/${id}`)).body;

  test('turns of one conversation alternate', async () => {
    const both = await Promise.all([start(), start()]);
    const { conversation } = (await ask(both[0], BEST)).body;
    for (const turn of [1, 2, 3, 4, 5]) {
      const { body } = await ask(both[turn % 2]!, `list the last ${turn + 1} runs`, conversation);
      expect(body).toMatchObject({ conversation, status: 'answered', findings: [{ handle: `#${turn + 1}` }] });
    }
    expect(await read(both[0], conversation)).toMatchObject({ turns: 6 });
  });

  test('one is killed in mid-answer, and the other takes the conversation up within 10 s', async () => {
    const { living, conversation } = await killInMidAnswer();
    const killed = performance.now();
    const { body } = await ask(living, 'and the lowest?', conversation);
    const waited = performance.now() - killed;
    process.stderr.write(`taken up ${waited.toFixed(0)} ms after the kill\n`);
    expect(body).toMatchObject({ conversation, status: 'answered' });
    expect(waited).toBeLessThan(10_000);
    expect(await questionsOf(living, conversation)).toEqual([BEST, 'and the lowest?']);
  });

  test('its question stands as interrupted, and asked again is answered once', async () => {
    const { living, conversation } = await killInMidAnswer();
    const interrupted = { turns: 1, interrupted: 'and the lowest?' };
    await expect.poll(() => read(living, conversation), { timeout: 10_000 }).toMatchObject(interrupted);
    expect((await ask(living, 'and the lowest?', conversation)).body.status).toBe('answered');
    expect(await questionsOf(living, conversation)).toEqual([BEST, 'and the lowest?']);
    expect(await read(living, conversation)).not.toHaveProperty('interrupted');
  });

  /** As long as the table is locked, no answer can be there. */
  async function killInMidAnswer() {
    const [dying, living] = await Promise.all([start(), start()]);
    const { conversation } = (await ask(dying, BEST)).body;
    await tracked.execute('BEGIN');
    await tracked.execute('LOCK TABLE latest_metrics IN ACCESS EXCLUSIVE MODE');
    const broken = ask(dying, 'and the lowest?', conversation).catch(() => 'cut off');
    await untilHeld();
    dying.child.kill('SIGKILL');
    expect(await broken).toBe('cut off');
    await tracked.execute('ROLLBACK');
    return { living, conversation: conversation as string };
  }

  async function questionsOf(served: Served, id: string): Promise<string[]> {
    return (await read(served, id)).exchanges.map(({ question }: { question: string }) => question);
  }

  /** Until somebody waits for the locked table. */
  async function untilHeld(): Promise<void> {
    const waiting =
      'SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT granted AND datname = current_database()';
    while (Number((await tracked.read(waiting))[0]?.[0]) === 0) await setTimeout(20);
  }
});
