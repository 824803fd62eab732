/** Everything setup does beyond asking: opening stores, trying a key, reading and writing the config file. */
import { createApp } from '../../../app/create-app.ts';
import { type Config, readConfig } from '../../../config/config.ts';
import { ConfigError } from '../../../config/error.ts';
import type { Secret } from '../../../config/secret.ts';
import type { Experiment } from '../../../mlflow/runs/types.ts';
import type { Process } from '../../shared/process.ts';
import type { CliFlags } from '../command-line.ts';
import * as copy from './copy.ts';
import { type ConfigChanges, writeConfigFile } from './write-config.ts';

/** What an opened store turned out to be. */
export interface StoreView {
  /** Kind and place, without secrets. */
  readonly place: string;
  /** Active and deleted ones. */
  readonly experiments: readonly Experiment[];
  /** Of active runs in active experiments, by experiment. */
  readonly runs: ReadonlyMap<string, number>;
}

export interface SetupEffects {
  /** What is in force, read anew. @throws ConfigError */
  readConfig(): Config;
  /** @throws StoreError */
  openStore(uri: string, signal: AbortSignal): Promise<StoreView>;
  /** Asks Claude for one word; resolves to the name of the model. @throws ModelError */
  tryClaude(key: Secret | undefined, signal: AbortSignal): Promise<string>;
  /** Questions that the configured store can answer. */
  suggestQuestions(signal: AbortSignal): Promise<readonly string[]>;
  /** @throws ConfigError */
  writeConfig(changes: ConfigChanges): void;
}

const TRY_MS = 15_000;
const TRY_TOKENS = 16;
const SUGGESTIONS = 3;

export function createSetupEffects(flags: CliFlags, cli: Process): SetupEffects {
  const read = () => readConfig(cli.env, flags);
  return {
    readConfig: read,
    async openStore(uri, signal) {
      const config = read();
      const app = createApp(uri === config.store.uri ? config : { ...config, store: { uri, source: 'config file' } });
      try {
        const store = await app.openStore();
        const [experiments, counts] = await Promise.all([
          store.searchExperiments({ lifecycle: 'all' }, signal),
          store.countRuns({}, signal),
        ]);
        const { kind, location } = store.capabilities;
        const groups = Map.groupBy(counts, ({ experimentId }) => experimentId);
        const runs = new Map([...groups].map(([id, group]) => [id, group.reduce((sum, { count }) => sum + count, 0)]));
        return { place: `${kind} ${location}`, experiments, runs };
      } finally {
        await app.close();
      }
    },
    async tryClaude(key, signal) {
      const { createAnthropicModel } = await import('../../../agent/models/anthropic.ts');
      const { baseUrl, model: name } = read().anthropic;
      const model = createAnthropicModel({
        model: name,
        apiKey: key?.reveal(),
        baseUrl,
        maxTokens: TRY_TOKENS,
        firstEventMs: TRY_MS,
      });
      const request = {
        system: 'Answer in one word.',
        messages: [{ role: 'user', text: 'Hello' }],
        tools: [],
      } as const;
      for await (const _ of model.respond(request, signal));
      return model.name;
    },
    async suggestQuestions(signal) {
      const config = read();
      const app = createApp({ ...config, model: 'offline' });
      const { defaultExperiment } = config;
      const question = defaultExperiment === undefined ? 'list experiments' : `describe "${defaultExperiment}"`;
      try {
        for await (const event of app.ask(question, signal))
          if (event.type === 'answer') return event.answer.followUps.slice(0, SUGGESTIONS);
        return [];
      } finally {
        await app.close();
      }
    },
    writeConfig(changes) {
      const { path } = read().configFile;
      if (path === undefined) throw new ConfigError(copy.NEEDS_HOME);
      writeConfigFile(path, changes);
    },
  };
}
