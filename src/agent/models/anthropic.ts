/** Claude, and local servers that speak its Messages API, through the Anthropic SDK: loaded when first asked. */
import { Console } from 'node:console';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { addUsage, NO_USAGE } from '../conversation/conversation.ts';
import { Attempt, readEvents, watched } from './anthropic-attempt.ts';
import { brokenOff, isTooLong, notAReply, retryDelay, silence, toModelError } from './anthropic-errors.ts';
import { addEvent, type Block, createTurnDraft, usageOf } from './anthropic-stream.ts';
import { toParams, toTurn } from './anthropic-wire.ts';
import { leaveOutFreeText } from './free-text.ts';
import {
  INTERRUPTED,
  type Model,
  ModelError,
  type ModelEvent,
  type ModelRequest,
  type ModelTurn,
  type ToolSpec,
} from './model.ts';

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
/** Answers are short; what is left over is for thinking. */
const MAX_TOKENS = 16_000;
/** The windows of local models are small, and this comes out of them. */
const PORTABLE_MAX_TOKENS = 8_000;
/** Two tries fit into the time of a question; a local model first has to read its prompt, and starts that all over. */
const FIRST_EVENT_MS = 45_000;
const PORTABLE_FIRST_EVENT_MS = 90_000;
const IDLE_MS = 30_000;

type Sdk = typeof import('@anthropic-ai/sdk');
type Params = Anthropic.MessageCreateParamsStreaming;

interface Connection {
  readonly sdk: Sdk;
  readonly client: Anthropic;
}

export function createAnthropicModel(options: AnthropicOptions = {}): Model {
  const { random = Math.random, sleep = (ms, signal) => delay(ms, undefined, { signal }) } = options;
  const name = options.model ?? DEFAULT_CLAUDE_MODEL;
  const portable = options.portable ?? isForeign(options.baseUrl);
  const firstEventMs = options.firstEventMs ?? (portable ? PORTABLE_FIRST_EVENT_MS : FIRST_EVENT_MS);
  const connect = connectOnce(options);
  // Where tools are off the API still wants to know those that the conversation has used.
  let lastTools: readonly ToolSpec[] = [];

  async function* respond(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    if (request.tools.length > 0) lastTools = request.tools;
    const turn = yield* tryReply(request, signal);
    const plain = turn.stop === 'refusal' ? leaveOutFreeText(request.messages) : undefined;
    if (plain === undefined) return yield { type: 'turn', turn };
    // What others have written into the store can set off a refusal of a question that is none of it.
    yield { type: 'spent', model: name, usage: turn.usage };
    yield { type: 'turn', turn: yield* tryReply({ ...request, messages: plain }, signal) };
  }

  /** One reply, tried again where that may help; one that had begun only once. */
  async function* tryReply(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, ModelTurn> {
    const connection = await connect();
    const { sdk } = connection;
    const maxTokens = options.maxTokens ?? (portable ? PORTABLE_MAX_TOKENS : MAX_TOKENS);
    const params = toParams(request, lastTools, { model: name, maxTokens, portable, facts: options.facts?.() ?? '' });
    let waited = 0;
    let restarted = false;
    for (let count = 1; ; count++) {
      const attempt = new Attempt(name, firstEventMs, options.idleMs ?? IDLE_MS);
      try {
        return yield* readReply(connection, params, attempt, signal);
      } catch (error) {
        signal.throwIfAborted();
        yield { type: 'spent', model: name, usage: attempt.usage };
        if (isTooLong(error, sdk)) return toTurn([], 'model_context_window_exceeded', NO_USAGE, name);
        const fault =
          attempt.silentFor === undefined ? toModelError(error, sdk, options.apiKey) : silence(attempt.silentFor);
        const isRestart = attempt.hasBegun || attempt.silentFor !== undefined;
        const wait = retryDelay(fault, { count, waited }, random);
        if (wait === undefined || count === ATTEMPTS || (isRestart && restarted)) throw fault;
        restarted ||= isRestart;
        if (attempt.hasSpoken) yield INTERRUPTED;
        await sleep(wait, signal);
        waited += wait;
      } finally {
        attempt.end();
      }
    }
  }

  /** One whole reply as it comes; a pause inside it is continued at once. */
  async function* readReply(
    { sdk, client }: Connection,
    params: Params,
    attempt: Attempt,
    signal: AbortSignal,
  ): AsyncGenerator<ModelEvent, ModelTurn> {
    const content: Block[] = [];
    let usage = NO_USAGE;
    for (let pauses = 0; ; pauses++) {
      const draft = createTurnDraft(name);
      const resumed = content.length === 0 ? [] : [{ role: 'assistant', content: [...content] }];
      const messages = [...params.messages, ...resumed] as Anthropic.MessageParam[];
      attempt.noteStart();
      attempt.usage = addUsage(usage, usageOf(draft));
      yield { type: 'spending', model: name, usage: attempt.usage };
      const stream = await client.messages.create(
        { ...params, messages },
        { signal: AbortSignal.any([signal, attempt.signal]), middleware: [watched(attempt)] },
      );
      for await (const event of readEvents(stream, sdk, name)) {
        attempt.hasBegun = true;
        // Late events are nobody's words.
        if (draft.ended) continue;
        addEvent(draft, event);
        if (draft.ended) attempt.noteEnd();
        attempt.usage = addUsage(usage, usageOf(draft));
        if (event.type === 'message_start') yield { type: 'spending', model: name, usage: attempt.usage };
        if (event.type !== 'content_block_delta') continue;
        const { delta } = event;
        attempt.hasSpoken ||= delta.type === 'text_delta' || delta.type === 'thinking_delta';
        if (delta.type === 'text_delta') yield { type: 'text-delta', text: delta.text };
        if (delta.type === 'thinking_delta') yield { type: 'thinking-delta', text: delta.thinking };
      }
      if (!attempt.hasBegun) throw notAReply();
      if (!draft.ended || draft.stop === null) throw brokenOff(name);
      content.push(...draft.blocks.values());
      usage = attempt.usage;
      const isPaused = draft.stop === 'pause_turn' && isOfServer(content);
      if (!isPaused || pauses === MAX_PAUSES) return toTurn(content, draft.stop, usage, name);
    }
  }

  return { name, canRepair: true, respond };
}

/** Whether what is under way is a tool that the server runs itself: it takes back no other reply to go on with. */
function isOfServer(content: readonly Block[]): boolean {
  const types = content.map(({ type }) => type);
  return types.includes('server_tool_use') && !types.includes('tool_use');
}

function connectOnce(options: AnthropicOptions): () => Promise<Connection> {
  let connection: Promise<Connection> | undefined;
  const connect = async () => {
    // Local servers ask for no key, but the SDK does.
    const apiKey = options.apiKey ?? (isForeign(options.baseUrl) ? 'none' : undefined);
    if (apiKey === undefined) {
      const hint = 'Set ANTHROPIC_API_KEY, or ask with `--model offline`.';
      throw new ModelError('no_key', 'There is no API key for Claude.', { hint });
    }
    const sdk = await import('@anthropic-ai/sdk');
    const client = new sdk.default({
      apiKey,
      baseURL: (options.baseUrl ?? ANTHROPIC_URL).replace(/\/(?:v1\/?)?$/, ''),
      // Retries are ours, and standard output belongs to answers.
      maxRetries: 0,
      logger: new Console(process.stderr),
      logLevel: 'off',
      // Question, findings and key go to the address that was configured, and to no other.
      fetchOptions: { redirect: 'manual' },
    });
    return { sdk, client };
  };
  return () => {
    connection ??= connect();
    return connection;
  };
}

function isForeign(baseUrl: string | undefined): boolean {
  return baseUrl !== undefined && new URL(baseUrl).hostname !== new URL(ANTHROPIC_URL).hostname;
}
