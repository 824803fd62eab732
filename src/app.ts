/** The one place where parts meet: store, vocabulary, models and tools make one `ask`. */
import { type Conversation, createConversation } from './agent/conversation.ts';
import { emitting } from './agent/emit.ts';
import type { AgentEvent, Answer, AnswerError } from './agent/events.ts';
import { DEFAULT_LIMITS } from './agent/limits.ts';
import { type AgentDeps, ask } from './agent/loop.ts';
import { createAutoModel } from './agent/models/auto.ts';
import type { Model } from './agent/models/model.ts';
import { createOfflineModel, OFFLINE } from './agent/offline/offline-model.ts';
import { describeFacts, readSystemPrompt } from './agent/prompt.ts';
import type { Config, ModelChoice, StoreSource } from './config.ts';
import { StoreError } from './mlflow/errors.ts';
import { openStore, type StoreOptions } from './mlflow/open-store.ts';
import type { TrackingStore } from './mlflow/tracking-store.ts';
import { createVocabulary } from './store-vocabulary.ts';
import { tools } from './tools/index.ts';
import { formatDay } from './tools/kit/format.ts';
import { findingText } from './tools/kit/text.ts';

export interface App {
  /** Opened when first asked for. @throws StoreError */
  openStore(): Promise<TrackingStore>;
  /** Yields what happens and ends with one `answer`, also when the store cannot be opened. @throws the signal's reason. */
  ask(
    question: string,
    signal: AbortSignal,
    conversation?: Conversation,
    options?: AskOptions,
  ): AsyncIterable<AgentEvent>;
  /** Where answers come from, and what day it is there where that is not today. */
  describeSource(): Promise<string>;
  close(): Promise<void>;
}

export interface AskOptions {
  /** Instead of the configured one. */
  readonly model?: ModelChoice | undefined;
}

/** An open store and the time that its questions are asked at, where that is not the wall clock's. */
interface Session {
  readonly store: TrackingStore;
  readonly fixedNow: number | undefined;
}

export function createApp(config: Config): App {
  let opening: Promise<Session> | undefined;
  const open = () => {
    opening ??= openSession(config).catch((error: unknown) => {
      // A server that was down may be up at the next question.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    async openStore() {
      return (await open()).store;
    },
    async *ask(question, signal, conversation = createConversation(), { model = config.model } = {}) {
      try {
        const session = await open();
        const deps = await createDeps({ ...config, model }, session);
        const answering = ask(question, conversation, deps, signal);
        yield* holdsOneSnapshot(deps.model, session.store) ? onOneSnapshot(session.store, answering) : answering;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        yield { type: 'answer', answer: faultAnswer(question, error, { ...config, model }) };
      }
    },
    async describeSource() {
      const { store, fixedNow } = await open();
      const day = fixedNow === undefined ? '' : `, where today is ${formatDay(fixedNow, config.timeZone)}`;
      return `${describeStore(config, store)}${day}`;
    },
    async close() {
      await (await opening?.catch(() => undefined))?.store.close();
    },
  };
}

/** What comes whole is read once for all of it; a database is asked call by call, and keeps no writer waiting. */
function holdsOneSnapshot(model: Model, { capabilities: { kind } }: TrackingStore): boolean {
  return kind === 'rest' || kind === 'databricks' || (kind === 'files' && model.name === OFFLINE);
}

/**
 * One state of the data, read once, serves to understand the question and to answer it, and how far that read has come
 * is reported. A fault here is left to the calls inside, which meet it too.
 */
async function* onOneSnapshot(
  store: TrackingStore,
  answering: AsyncIterable<AgentEvent>,
): AsyncGenerator<AgentEvent, void, undefined> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  yield* emitting<AgentEvent, void>(async (emit) => {
    const progress = (message: string) => emit({ type: 'progress', message });
    const held = store.snapshot(() => released, progress).catch(() => undefined);
    try {
      for await (const event of answering) emit(event);
    } finally {
      release();
      await held;
    }
  });
}

async function openSession(config: Config): Promise<Session> {
  const store = await openStore(config.store.uri, storeOptions(config));
  const fixedNow = config.now ?? (config.store.source === 'demo' ? await findLastDay(store) : undefined);
  return { store, fixedNow };
}

/** The end of the UTC day on which the last run started. */
async function findLastDay(store: TrackingStore): Promise<number> {
  const counts = await store.countRuns({}, new AbortController().signal);
  const lastDay = new Date(Math.max(...counts.map((group) => group.lastStart ?? 0)));
  return lastDay.setUTCHours(23, 59, 59, 999);
}

async function createDeps(config: Config, { store, fixedNow }: Session): Promise<AgentDeps> {
  const now = fixedNow ?? Date.now();
  const { timeZone, limits, defaultExperiment } = config;
  return {
    model: await createModel(config, store, now),
    tools,
    toolText: (finding) => findingText(finding, { timeZone }),
    context: (toolSignal, progress, memory) => ({
      store,
      now,
      timeZone,
      signal: toolSignal,
      limits,
      defaultExperiment,
      memory,
      progress,
    }),
    limits: DEFAULT_LIMITS,
    clock: () => performance.now(),
    version: config.version,
    storeName: describeStore(config, store),
    systemPrompt: () => readSystemPrompt(config.packageRoot),
  };
}

/** The remote model's code is loaded only where one may be asked. */
async function createModel(config: Config, store: TrackingStore, now: number): Promise<Model> {
  const { timeZone, anthropic } = config;
  const offline = createOfflineModel({ vocabulary: createVocabulary(store), clock: { now, timeZone } });
  const hasRemote = anthropic.key !== undefined || anthropic.baseUrl !== undefined;
  if (config.model === 'offline' || (config.model === 'auto' && !hasRemote)) return offline;
  const { createAnthropicModel } = await import('./agent/models/anthropic.ts');
  const remote = createAnthropicModel({
    model: anthropic.model,
    apiKey: anthropic.key?.reveal(),
    baseUrl: anthropic.baseUrl,
    facts: () =>
      describeFacts({
        now,
        timeZone,
        store: describeStore(config, store),
        defaultExperiment: config.defaultExperiment,
      }),
  });
  return config.model === 'claude' ? remote : createAutoModel(offline, remote);
}

const SOURCE_NAMES: Readonly<Record<StoreSource, string | undefined>> = {
  demo: 'bundled demo',
  './mlruns': './mlruns',
  './mlflow.db': './mlflow.db',
  flag: undefined,
  environment: undefined,
  'config file': undefined,
};

/** What a person calls the store; its own location where they named it themselves. */
function describeStore({ store: { source } }: Config, store: TrackingStore): string {
  return SOURCE_NAMES[source] ?? store.capabilities.location;
}

/** A fault before there was a question to work on, as the record that every surface shows. */
export function faultAnswer(question: string, error: AnswerError, config: Config): Answer {
  const { code, message, hint, retryable } = error;
  return {
    status: 'error',
    text: [message, hint].filter((part) => part !== undefined).join('. '),
    choices: [],
    error: { code, message, hint, retryable },
    findings: [],
    charts: [],
    followUps: [],
    usage: { model: config.model, inputTokens: 0, outputTokens: 0, costUsd: 0, requests: 0 },
    timingMs: 0,
    receipt: {
      version: config.version,
      question,
      now: new Date(config.now ?? Date.now()).toISOString(),
      store: config.store.source,
      calls: [],
    },
  };
}

function storeOptions({ mlflow, databricks, proxies, cacheFolder }: Config): StoreOptions {
  return {
    cacheFolder,
    databricks: { ...databricks, token: databricks.token?.reveal() },
    proxies,
    username: mlflow.username,
    password: mlflow.password?.reveal(),
    token: mlflow.token?.reveal(),
    insecureTls: mlflow.insecureTls,
    caPath: mlflow.caPath,
    clientCertPath: mlflow.clientCertPath,
    timeoutMs: mlflow.requestTimeoutMs,
    mysqlSsl: mlflow.mysqlSsl,
    workspace: mlflow.workspace,
  };
}
