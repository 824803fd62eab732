/** Our messages as the Messages API wants them, and its replies as turns. */
import type Anthropic from '@anthropic-ai/sdk';
import { splitExchanges } from '../conversation/exchanges.ts';
import type { Block } from './anthropic-stream.ts';
import type { Message, ModelRequest, ModelTurn, ToolCall, ToolResult, ToolSpec, Usage } from './model.ts';

export interface WireSettings {
  readonly model: string;
  readonly maxTokens: number;
  /** Only what every server that speaks the API takes: no caching, no thinking, no choice of tools. */
  readonly portable: boolean;
  /** What changes from day to day: goes ahead of the first message, behind the cached prompt. */
  readonly facts: string;
}

/** What a turn keeps of its own reply: sent back unchanged, and only to the model that wrote it. */
interface RawReply {
  readonly provider: 'anthropic';
  readonly model: string;
  readonly content: readonly Block[];
}

const CACHED = { cache_control: { type: 'ephemeral' } } as const;
/** Models that think, and would do so in silence. */
const THINKING = { thinking: { type: 'adaptive', display: 'summarized' } } as const;
/** The generation of a Claude; of an id in another shape, or a newer one, nothing is taken for granted. */
const CLAUDE = /^claude-[a-z]+-([45])(?:-\d{1,2})?(?:-\d{8})?$/;

export function toParams(
  request: ModelRequest,
  tools: readonly ToolSpec[],
  settings: WireSettings,
): Anthropic.MessageCreateParamsStreaming {
  const { model, maxTokens } = settings;
  const generation = settings.portable ? undefined : CLAUDE.exec(model)?.[1];
  const cached = generation === undefined ? {} : CACHED;
  const isOff = request.tools.length === 0 && tools.length > 0 && !settings.portable;
  return {
    model,
    max_tokens: maxTokens,
    stream: true,
    system: generation === undefined ? request.system : [{ type: 'text', text: request.system, ...cached }],
    messages: toMessages(withoutDeclined(request.messages), settings, cached),
    ...(tools.length === 0 ? {} : { tools: toTools(tools, cached) }),
    ...(isOff ? { tool_choice: { type: 'none' } } : {}),
    ...(generation === '5' ? THINKING : {}),
  };
}

function toTools(tools: readonly ToolSpec[], cached: Partial<typeof CACHED>): Anthropic.Tool[] {
  return tools.map(({ name, description, inputSchema }, index) => ({
    name,
    description,
    input_schema: inputSchema as Anthropic.Tool.InputSchema,
    ...(index === tools.length - 1 ? cached : {}),
  }));
}

/** What was declined once would be declined again with all that follows it. */
function withoutDeclined(messages: readonly Message[]): readonly Message[] {
  const isDeclined = (message: Message) => message.role === 'assistant' && message.turn.stop === 'refusal';
  return messages.some(isDeclined)
    ? splitExchanges(messages)
        .filter((exchange) => !exchange.some(isDeclined))
        .flat()
    : messages;
}

/** Roles alternate on the wire: neighbours of one role become one message, tool results first. */
function toMessages(
  messages: readonly Message[],
  settings: WireSettings,
  cached: Partial<typeof CACHED>,
): Anthropic.MessageParam[] {
  const wire: { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] }[] = [
    { role: 'user', content: textBlocks(settings.facts) },
  ];
  const giveId = createIds();
  let ids: readonly string[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') ids = message.turn.calls.map((call) => giveId(call.id));
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = wire.at(-1);
    const content = toContent(message, settings, ids);
    if (last?.role === role) last.content.push(...content);
    else wire.push({ role, content });
  }
  const end = wire.at(-1)?.content;
  const block = end?.at(-1);
  if (end && block) end[end.length - 1] = { ...block, ...cached } as Anthropic.ContentBlockParam;
  return wire;
}

/** `ids`: those that the calls of the last turn go by on the wire; results come in the order of the calls. */
function toContent(message: Message, settings: WireSettings, ids: readonly string[]): Anthropic.ContentBlockParam[] {
  if (message.role === 'user') return textBlocks(message.text);
  if (message.role === 'tools') return message.results.map((result, index) => toResult(result, ids[index]));
  const { turn } = message;
  const own = withIds(ownContent(turn.raw, settings), ids);
  // The API takes no reply that ends in a thought.
  if (own.length > 0 && !THOUGHT.test(own.at(-1)?.type ?? '')) return own as unknown as Anthropic.ContentBlockParam[];
  const calls = turn.calls.map(({ name, input }, index) => ({
    type: 'tool_use' as const,
    id: ids[index] ?? '',
    name: plainName(name),
    input: toObject(input),
  }));
  return turn.text === '' && calls.length > 0 ? calls : [...textBlocks(turn.text || '(no text)'), ...calls];
}

const THOUGHT = /^(?:redacted_)?thinking$/;

const textBlocks = (text: string): Anthropic.TextBlockParam[] => (text === '' ? [] : [{ type: 'text', text }]);

/** A model's own reply as it came; to a server that may not know each field of it, only where it holds thoughts. */
function ownContent(raw: unknown, { model, portable }: WireSettings): readonly Block[] {
  if (!isRaw(raw) || raw.model !== model) return [];
  return !portable || raw.content.some(({ type }) => THOUGHT.test(type)) ? raw.content : [];
}

function withIds(content: readonly Block[], ids: readonly string[]): Block[] {
  let call = 0;
  return content.map((block) =>
    block.type === 'tool_use' ? { ...block, id: ids[call++], name: plainName(String(block.name)) } : block,
  );
}

/** A model may call what no tool can be called: it is told so, in a request that the API takes. */
const plainName = (name: string): string => name.replace(/[^\w-]/g, '_').slice(0, 128);

function toResult({ callId, text, outcome }: ToolResult, id = callId): Anthropic.ToolResultBlockParam {
  return { type: 'tool_result', tool_use_id: id, content: text, ...(outcome.ok ? {} : { is_error: true }) };
}

/** The API wants each call's id to be unique in a conversation, whichever models have written it: ours count from 1. */
function createIds(): (id: unknown) => string {
  const given = new Set<string>();
  const counts = new Map<string, number>();
  return (id) => {
    const plain = typeof id === 'string' ? id.replace(/[^\w-]/g, '_') : '';
    const base = plain === '' ? 'call' : plain;
    let count = counts.get(base) ?? 0;
    let unique = base;
    do unique = ++count === 1 ? base : `${base}_${count}`;
    while (given.has(unique));
    counts.set(base, count);
    given.add(unique);
    return unique;
  };
}

const toObject = (input: unknown): object => (typeof input === 'object' && input !== null ? input : {});

function isRaw(raw: unknown): raw is RawReply {
  return (raw as RawReply | undefined)?.provider === 'anthropic';
}

/** A whole reply. Calls of one that was declined are nobody's; input that is no object is kept for the call alone. */
export function toTurn(blocks: readonly Block[], reason: string, usage: Usage, model: string): ModelTurn {
  const ids = createIds();
  const content = blocks.filter((block) => block.type !== 'text' || String(block.text ?? '').trim() !== '');
  const asked = content.filter((block) => block.type === 'tool_use');
  const calls: ToolCall[] = asked.map(({ id, name, input }) => ({ id: ids(id), name: String(name), input }));
  const texts = content.filter((block) => block.type === 'text').map((block) => String(block.text));
  const sent = content.map((block) => (block.type === 'tool_use' ? { ...block, input: toObject(block.input) } : block));
  const raw: RawReply = { provider: 'anthropic', model, content: sent };
  const stop = stopOf(reason, calls.length > 0);
  return { model, text: texts.join('\n\n').trim(), calls: stop === 'refusal' ? [] : calls, stop, usage, raw };
}

function stopOf(reason: string, hasCalls: boolean): ModelTurn['stop'] {
  switch (reason) {
    case 'tool_use':
      return hasCalls ? 'tools' : 'end';
    case 'max_tokens':
    case 'pause_turn':
      return 'max_tokens';
    case 'refusal':
      return 'refusal';
    case 'model_context_window_exceeded':
      return 'context_full';
    default:
      // An ending that leaves calls open is not one we know: they may be cut off, so they are not run.
      return hasCalls ? 'max_tokens' : 'end';
  }
}
