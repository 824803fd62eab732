/** `/model`: shows or switches the model for the coming questions. */
import { ConfigError, type ModelChoice } from '../../../../config/config.ts';
import { type Chat, hasClaude } from '../chat.ts';
import { type ChatCommand, say } from './command.ts';

const CHOICES: Readonly<Record<ModelChoice, string>> = {
  offline: 'offline: no key, nothing leaves this machine',
  claude: 'claude: every question goes to Claude',
  auto: 'auto: offline where it understands, else Claude',
};

export const model: ChatCommand = {
  name: '/model',
  usage: '[offline|claude|auto]',
  help: 'show or switch the model for the coming questions',
  complete: () => Object.keys(CHOICES),
  run(rest, chat) {
    if (rest === '') return say(`Model ${describe(chat)}.`);
    const choice = Object.keys(CHOICES).find((known) => known === rest.toLowerCase()) as ModelChoice | undefined;
    if (choice === undefined)
      throw new ConfigError(`model "${rest}" is not known; it takes ${Object.keys(CHOICES).join(', ')}`);
    if (choice === 'claude' && !hasClaude(chat))
      throw new ConfigError('model claude needs a key: set ANTHROPIC_API_KEY and start again');
    chat.model = choice;
    return say(`From here on model ${describe(chat)}.`);
  },
};

function describe(chat: Chat): string {
  return chat.model === 'auto' && !hasClaude(chat) ? 'auto: offline, as no key for Claude is set' : CHOICES[chat.model];
}
