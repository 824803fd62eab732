/** Asks questions in this process, offline, as `runsight ask` would with only these settings. */
import type { Conversation } from '../../src/agent/conversation/conversation.ts';
import type { Answer } from '../../src/agent/events.ts';
import { type App, createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';

/** Over the bundled demo, or over `uri`. */
export function createOfflineApp(uri?: string): App {
  const env = { XDG_CONFIG_HOME: '/nonexistent', TZ: 'UTC', RUNSIGHT_NOW: '2026-11-20T18:00:00Z' };
  return createApp(readConfig(env, { model: 'offline', uri }, '/'));
}

export async function answerOf(app: App, question: string, conversation?: Conversation): Promise<Answer> {
  for await (const event of app.ask(question, new AbortController().signal, conversation)) {
    if (event.type === 'answer') return event.answer;
  }
  throw new Error('no answer');
}
