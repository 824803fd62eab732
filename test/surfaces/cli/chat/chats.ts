/** A chat over the bundled demo, offline, on a screen of 80 columns. */
import { type App, createApp } from '../../../../src/app/create-app.ts';
import { type Config, readConfig } from '../../../../src/config/config.ts';
import { createMemoryConversations } from '../../../../src/conversations/memory.ts';
import { askInChat, type Chat, createChat } from '../../../../src/surfaces/cli/chat/chat.ts';
import { readLine } from '../../../../src/surfaces/cli/chat/replies.ts';
import { plainScreen } from '../../../present/screens.ts';

export const inert = new AbortController().signal;

export function makeChat(env: Readonly<Record<string, string>> = {}): { readonly chat: Chat; readonly app: App } {
  const config: Config = readConfig({ HOME: '/nonexistent', TZ: 'UTC', ...env }, {}, '/');
  const app = createApp(config);
  const conversations = createMemoryConversations();
  const keeping = { isOn: true, isSecret: () => false, open: async () => conversations };
  return { app, chat: createChat({ app, config, isTerminal: true, keeping, screen: () => plainScreen(80) }) };
}

/** What a line that asks nothing says. */
export async function tell(chat: Chat, line: string): Promise<string> {
  const reply = await readLine(line, chat, inert);
  if (reply.kind === 'say') return reply.markdown;
  if (reply.kind === 'lines') return reply.lines.join('\n');
  if (reply.kind === 'raw') return reply.text;
  throw new Error(`${line} is a ${reply.kind}`);
}

export async function ask(chat: Chat, question: string): Promise<void> {
  for await (const _ of askInChat(chat, question, inert, 'offline'));
}
