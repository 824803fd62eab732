/** One person under several names: `runsight link` with the terminal, HTTP and the conversations of each. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteConversations } from '../../../src/conversations/sqlite.ts';
import { demoPath, makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { send } from '../http/running-server.ts';
import { startServe } from '../http/serve-process.ts';
import { runProgram } from './run-program.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = makeTemporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const ANN = 'a token of ann’s'.replace(/[^a-z]/g, '-');
const RED = 'another-token-of-red';
const TOKENS = JSON.stringify([
  { token: ANN, owner: 'ann' },
  { token: RED, owner: 'ann', tenant: 'red' },
]);

const run = (args: readonly string[], stdin?: string) => runProgram(args, { cwd: folder.path, stdin });
const CODE = /^[0-9A-Z]{5}-[0-9A-Z]{5}$/;

describe('runsight link', () => {
  it('joins both ways: what began over HTTP goes on in the chat, and the other way about', async () => {
    const served = await startServe(folder.path, ['--uri', demoPath], { RUNSIGHT_TOKENS: TOKENS });
    const api = `${served.url}/api/v1`;
    const ask = (question: string, conversation?: string) =>
      send(`${api}/ask`, { token: ANN, body: { question, ...(conversation && { conversation }) } });
    const { conversation } = (await ask('how many runs failed?')).body;
    expect((await run(['chat', '--resume', conversation], 'and in digits-mlp?\n')).code).toBe(2);

    const [code = '', ...words] = (await run(['link'])).stdout.split('\n');
    expect(code).toMatch(CODE);
    expect(words.join(' ')).toMatch(/ten minutes.*POST \/api\/v1\/link.*RUNSIGHT_CONVERSATIONS/);
    expect(await send(`${api}/link`, { token: ANN, body: { code } })).toMatchObject({
      status: 200,
      body: { joined: 'local' },
    });
    const again = await send(`${api}/link`, { token: ANN, body: { code } });
    expect([again.status, again.body.error.code]).toEqual([409, 'link_refused']);

    const went = await run(['chat', '--resume', conversation], 'and in digits-mlp?\n');
    expect([went.code, went.stdout]).toEqual([0, expect.stringMatching(/^2 FAILED runs in digits-mlp/)]);
    const list = await send(`${api}/conversations`, { token: ANN });
    expect(list.body.conversations).toMatchObject([{ id: conversation, turns: 2 }]);

    const here = '11111111-2222-3333-4444-555555555555';
    const store = await openSqliteConversations(`${folder.path}/.local/state/runsight/conversations.db`);
    await (await store.of('local').begin(here, 'begun here', new AbortController().signal)).end();
    await store.close();
    expect((await run(['chat', '--resume', here], 'how many runs failed in churn-prediction?\n')).code).toBe(0);
    const onHttp = await ask('and in digits-mlp?', here);
    expect(onHttp.body).toMatchObject({ conversation: here, text: expect.stringMatching(/^2 FAILED runs/) });

    expect((await run(['link', '--list'])).stdout).toBe('ann\n');
    expect((await run(['link', '--remove', 'ann'])).stdout).toBe('ann is joined with you no more.\n');
    expect((await send(`${api}/conversations/${here}`, { token: ANN })).status).toBe(404);
    const gone = await run(['link', '--remove', 'ann']);
    expect([gone.code, gone.stderr]).toEqual([5, expect.stringMatching(/^runsight: you are not joined with "ann"/)]);
    served.child.kill('SIGTERM');
    await served.ended;
    expect(`${served.stdout()}${await served.stderr}`).not.toContain(code);
  });

  it('takes a code that was made over HTTP, of its own tenant only, and says one thing of any wrong one', async () => {
    const served = await startServe(folder.path, ['--uri', demoPath], { RUNSIGHT_TOKENS: TOKENS });
    const offer = async (token: string) => send(`${served.url}/api/v1/link`, { token, method: 'POST' });
    const made = await offer(ANN);
    expect(made).toMatchObject({ status: 201, body: { code: expect.stringMatching(CODE), expires_in_seconds: 600 } });
    expect((await run(['link', made.body.code.toLowerCase()])).stdout).toMatch(/^Joined with ann: /);
    const red = await run(['link', (await offer(RED)).body.code]);
    expect([red.code, red.stderr]).toEqual([5, expect.stringMatching(/^runsight: the code is of another tenant/)]);
    const wrong = [await run(['link', made.body.code]), await run(['link', '00000-00000'])];
    expect(wrong.map(({ code }) => code)).toEqual([5, 5]);
    expect(wrong[0]?.stderr).toBe(wrong[1]?.stderr);
    expect(wrong[0]?.stderr).toMatch(/^runsight: no such code: .*kept in another place/);
  });

  it('refuses what it cannot take', async () => {
    expect((await run(['link', 'a', 'b'])).stderr).toMatch(/^runsight: link takes one code or name/);
    expect((await run(['link', '--remove'])).stderr).toMatch(/^runsight: --remove needs a name/);
    expect((await run(['link', '--list'])).stdout).toBe('You are joined with no other name.\n');
  });
});
