/** Which channel asks which store and experiment. */
import * as z from 'zod';
import { type App, createApp } from '../../app/create-app.ts';
import { ConfigError, type ConfigFlags, type Environment, readConfig } from '../../config/config.ts';

export interface Channels {
  /** Undefined where nothing may be asked. */
  appOf(channel: string): Pick<App, 'ask' | 'describeSource'> | undefined;
  close(): Promise<void>;
}

const Sources = z.record(z.string(), z.strictObject({ uri: z.string().optional(), experiment: z.string().optional() }));

/** Every other channel, and direct messages. */
const ELSEWHERE = '*';

/** `sources` is JSON; without it every channel asks the configured store. @throws ConfigError */
export function createChannels(sources: string | undefined, env: Environment, flags: ConfigFlags): Channels {
  const flagsOf = new Map(Object.entries(sources === undefined ? { [ELSEWHERE]: {} } : readSources(sources)));
  const apps = new Map(
    Array.from(flagsOf, ([channel, own]) => {
      const config = readConfig(env, { ...flags, ...own });
      return [channel, createApp(config, { surface: 'slack', isolated: true })] as const;
    }),
  );
  return {
    appOf: (channel) => apps.get(channel) ?? apps.get(ELSEWHERE),
    async close() {
      await Promise.all([...apps.values()].map((app) => app.close()));
    },
  };
}

function readSources(text: string): z.infer<typeof Sources> {
  try {
    return Sources.parse(JSON.parse(text));
  } catch {
    throw new ConfigError(
      'RUNSIGHT_SLACK_CHANNELS is no JSON such as {"C0123": {"uri": "…", "experiment": "…"}, "*": {}}',
    );
  }
}
