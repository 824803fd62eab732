/** The manifest that the guide tells to paste asks for what the bot uses, and no more. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../..');

test('the manifest and the guide fit the bot', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'examples/slack/manifest.json'), 'utf8'));
  expect(manifest.features.slash_commands).toMatchObject([{ command: '/runsight', should_escape: false }]);
  const { bot_events } = manifest.settings.event_subscriptions;
  expect(bot_events).toEqual(['app_mention', 'message.channels', 'message.groups', 'message.im']);
  const { bot } = manifest.oauth_config.scopes;
  const needed = [
    'app_mentions:read',
    'channels:history',
    'groups:history',
    'im:history',
    'channels:read',
    'groups:read',
  ];
  expect(new Set(bot)).toEqual(new Set([...needed, 'chat:write', 'commands', 'files:write', 'im:write']));
  const guide = readFileSync(path.join(root, 'docs/slack.md'), 'utf8');
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'RUNSIGHT_SLACK_CHANNELS'])
    expect(guide).toContain(name);
});
