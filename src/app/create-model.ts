/** The model that a configuration means. */
import { createAutoModel } from '../agent/models/auto.ts';
import type { Model } from '../agent/models/model.ts';
import { createOfflineModel, type OfflineOptions } from '../agent/offline/offline-model.ts';
import { describeFacts } from '../agent/prompt.ts';
import type { Config } from '../config/config.ts';
import type { Session } from './session.ts';
import { createVocabulary } from './store-vocabulary.ts';

/** The remote model's code is loaded only where one may be asked. */
export async function createModel(
  config: Config,
  { store, storeName }: Session,
  now: number,
  knowing: Pick<OfflineOptions, 'tools' | 'lexicon'>,
): Promise<Model> {
  const { timeZone, anthropic, defaultExperiment } = config;
  const offline = createOfflineModel({ vocabulary: createVocabulary(store), clock: { now, timeZone }, ...knowing });
  const hasRemote = anthropic.key !== undefined || anthropic.baseUrl !== undefined;
  if (config.model === 'offline' || (config.model === 'auto' && !hasRemote)) return offline;
  const { createAnthropicModel } = await import('../agent/models/anthropic.ts');
  const remote = createAnthropicModel({
    model: anthropic.model,
    apiKey: anthropic.key?.reveal(),
    baseUrl: anthropic.baseUrl,
    facts: () => describeFacts({ now, timeZone, store: storeName, defaultExperiment }),
  });
  return config.model === 'claude' ? remote : createAutoModel(offline, remote);
}
