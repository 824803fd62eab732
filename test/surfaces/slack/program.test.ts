/** The command itself: what it needs, and how it says so. */
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { runProgram } from '../cli/run-program.ts';

const TOKENS = { SLACK_APP_TOKEN: 'xapp-1', SLACK_BOT_TOKEN: 'xoxb-1' };

test.each([
  [['slack'], {}, 'SLACK_APP_TOKEN is not set'],
  [['slack'], { SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN is not set'],
  [['slack', '--http'], { SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_SIGNING_SECRET is not set'],
  [['slack', '--port', '1'], {}, 'no use for --port without --http'],
  [['slack', '--http', '--port', 'x'], { SLACK_SIGNING_SECRET: 's' }, 'it takes a number up to 65535'],
  [['slack'], { ...TOKENS, RUNSIGHT_SLACK_CHANNELS: '{"C1": 1}' }, 'RUNSIGHT_SLACK_CHANNELS is no JSON such as'],
  [['slack', 'now'], {}, 'slack takes no "now"'],
])('%j says what is missing', async (args, env, message) => {
  using folder = makeTemporaryFolder();
  const { code, stderr, stdout } = await runProgram(args, { env, cwd: folder.path });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
