/** Claude, and local servers that speak its Messages API, through the Anthropic SDK: loaded when first asked. */
import { Console } from 'node:console';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { addUsage, NO_USAGE } from '../conversation.ts';
import { retryDelay, toModelError } from './anthropic-errors.ts';
import { toParams, toTurn, toUsage } from './anthropic-wire.ts';
import { type Model, ModelError, type ModelEvent, type ModelRequest, type ToolSpec, type Usage } from './model.ts';

export const DEFAULT_CLAUDE_MODEL = 'claude-sonnet-5-5';
const ANTHROPIC_URL = 'https://api.anthropic.com';

export interface AnthropicOptions {
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Another server that speaks the Messages API. */
  readonly baseUrl?: string | undefined;
  /** Send only what every compatible server takes. Default: whether `baseUrl` is not Anthropic's own. */
  readonly portable?: boolean | undefined;
  /** What changes from day to day: `describeFacts`. */
  readonly facts?: (() => string) | undefined;
  readonly maxTokens?: number | undefined;
  readonly firstEventMs?: number | undefined;
  /** Longest silence inside a reply. */
  readonly idleMs?: number | undefined;
  readonly random?: (() => number) | undefined;
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

const ATTEMPTS = 3;
const MAX_PAUSES = 3;
const INTERRUPTED = '\n[interrupted, starting again]\n';

type Sdk = typeof import('@anthropic-ai/sdk');

export function createAnthropicModel(options: AnthropicOptions = {}): Model {
  const { random = Math.random, sleep = (ms, signal) => delay(ms, undefined, { signal }) } = options;
  const name = options.model ?? DEFAULT_CLAUDE_MODEL;
  const connect = connectOnce(options);
  // Where tools are off the API still wants to know those that the conversation has used.
  let lastTools: readonly ToolSpec[] = [];

  async function* respond(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const { sdk, client } = await connect();
    if (request.tools.length > 0) lastTools = request.tools;
    const params = toParams(request, lastTools, {
      model: name,
      maxTokens: options.maxTokens ?? 16_000,
      portable: options.portable ?? isForeign(options.baseUrl),
      facts: options.facts?.() ?? '',
    });
    let restarted = false;
    for (let attempt = 1; ; attempt++) {
      const watchdog = new Watchdog(options.firstEventMs ?? 60_000, options.idleMs ?? 30_000);
      let hasSpoken = false;
      try {
        for await (const event of reply(client, params, { name, watchdog, signal, attempt })) {
          hasSpoken ||= event.type !== 'turn';
          yield event;
        }
        return;
      } catch (error) {
        signal.throwIfAborted();
        const fault = toModelError(error, sdk, watchdog.hasBitten);
        const wait = retryDelay(fault, attempt, random);
        if (wait === undefined || attempt === ATTEMPTS || (hasSpoken && restarted)) throw fault;
        if (hasSpoken) {
          restarted = true;
          yield { type: 'text-delta', text: INTERRUPTED };
        }
        await sleep(wait, signal);
      } finally {
        watchdog.stop();
      }
    }
  }

  return { name, canRepair: true, respond };
}

interface ReplyOptions {
  readonly name: string;
  readonly watchdog: Watchdog;
  readonly signal: AbortSignal;
  /** Which try this is: each is a request that counts. */
  readonly attempt: number;
}

/** One whole reply: a pause inside it is continued at once. */
async function* reply(
  client: Anthropic,
  params: Anthropic.MessageStreamParams,
  { name, watchdog, signal, attempt }: ReplyOptions,
): AsyncGenerator<ModelEvent> {
  const content: Anthropic.ContentBlock[] = [];
  let usage: Usage = { ...NO_USAGE, requests: attempt - 1 };
  for (let pauses = 0; ; pauses++) {
    const resumed = content.length === 0 ? [] : [{ role: 'assistant' as const, content: [...content] }];
    const messages = [...params.messages, ...resumed] as Anthropic.MessageParam[];
    const stream = client.messages.stream(
      { ...params, messages },
      { signal: AbortSignal.any([signal, watchdog.signal]) },
    );
    for await (const event of stream) {
      watchdog.poke();
      if (event.type !== 'content_block_delta') continue;
      if (event.delta.type === 'text_delta') yield { type: 'text-delta', text: event.delta.text };
      if (event.delta.type === 'thinking_delta') yield { type: 'thinking-delta', text: event.delta.thinking };
    }
    const message = await stream.finalMessage();
    if (!Array.isArray(message.content) || message.stop_reason === null) {
      throw new ModelError('bad_reply', `${name} sent a reply without an end.`, { retryable: true });
    }
    content.push(...message.content);
    usage = addUsage(usage, toUsage(message.usage));
    if (message.stop_reason === 'pause_turn' && pauses < MAX_PAUSES) continue;
    yield { type: 'turn', turn: toTurn(message, content, usage, name) };
    return;
  }
}

/** Aborts a reply that falls silent: the SDK's own timeout ends when the headers have come. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  #timer: NodeJS.Timeout;

  constructor(firstEventMs: number, idleMs: number) {
    this.#idleMs = idleMs;
    this.#timer = this.#start(firstEventMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get hasBitten(): boolean {
    return this.#controller.signal.aborted;
  }

  poke(): void {
    this.stop();
    this.#timer = this.#start(this.#idleMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), ms);
  }
}

function connectOnce(options: AnthropicOptions): () => Promise<{ sdk: Sdk; client: Anthropic }> {
  let connection: Promise<{ sdk: Sdk; client: Anthropic }> | undefined;
  const connect = async () => {
    // Local servers ask for no key, but the SDK does.
    const apiKey = options.apiKey ?? (isForeign(options.baseUrl) ? 'none' : undefined);
    if (apiKey === undefined) {
      const hint = 'Set ANTHROPIC_API_KEY, or ask with `--model offline`.';
      throw new ModelError('no_key', 'There is no API key for Claude.', { hint });
    }
    const sdk = await import('@anthropic-ai/sdk');
    const baseURL = (options.baseUrl ?? ANTHROPIC_URL).replace(/\/(?:v1\/?)?$/, '');
    // Standard output belongs to answers; retries to us.
    const logger = new Console(process.stderr);
    return { sdk, client: new sdk.default({ apiKey, baseURL, maxRetries: 0, logger, logLevel: 'off' }) };
  };
  return () => {
    connection ??= connect();
    return connection;
  };
}

function isForeign(baseUrl: string | undefined): boolean {
  return baseUrl !== undefined && new URL(baseUrl).hostname !== new URL(ANTHROPIC_URL).hostname;
}
