/** An app for a process that first says what can be asked: what answers is loaded with the first thing asked of it. */
import type { Config } from '../config/config.ts';
import type { App, AppParts } from './create-app.ts';
import { kindsOf, toolsOf } from './family.ts';

/** As `createApp`, but that a surface without a prompt is told at the first question. @throws Error on tools, as there. */
export function appOnDemand(config: Config, parts: AppParts = {}): App {
  let loading: Promise<App> | undefined;
  const load = () => {
    loading ??= import('./create-app.ts').then(({ createApp }) => createApp(config, parts));
    return loading;
  };
  return {
    tools: toolsOf(parts),
    kinds: kindsOf(parts),
    toolContext: async (...asked) => (await load()).toolContext(...asked),
    openStore: async () => (await load()).openStore(),
    call: async (...asked) => (await load()).call(...asked),
    query: async (...asked) => (await load()).query(...asked),
    describeSource: async () => (await load()).describeSource(),
    async *ask(...asked) {
      yield* (await load()).ask(...asked);
    },
    async close() {
      await (await loading)?.close();
    },
  };
}
