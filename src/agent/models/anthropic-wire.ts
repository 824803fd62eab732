/** Our messages as the Messages API wants them, and its replies as turns. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Message, ModelRequest, ModelTurn, ToolCall, ToolResult, ToolSpec, Usage } from './model.ts';

export interface WireSettings {
  readonly model: string;
  readonly maxTokens: number;
  /** Only what every server that speaks the API takes: no caching, no thinking. */
  readonly portable: boolean;
  /** What changes from day to day: goes ahead of the first message, behind the cached prompt. */
  readonly facts: string;
}

/** What a turn keeps of its own reply: sent back unchanged, and only to the model that wrote it. */
interface RawReply {
  readonly provider: 'anthropic';
  readonly model: string;
  readonly content: Anthropic.ContentBlock[];
}

const CACHED = { cache_control: { type: 'ephemeral' } } as const;
/** Models that think, and would do so in silence. */
const THINKS = /^claude-[a-z]+-5(?:-\d+)?$/;

export function toParams(
  request: ModelRequest,
  tools: readonly ToolSpec[],
  settings: WireSettings,
): Anthropic.MessageStreamParams {
  const { model, maxTokens, portable, facts } = settings;
  const cached = portable ? {} : CACHED;
  const choice = request.tools.length === 0 && tools.length > 0 ? { tool_choice: { type: 'none' as const } } : {};
  const thinking = { thinking: { type: 'adaptive' as const, display: 'summarized' as const } };
  return {
    model,
    max_tokens: maxTokens,
    system: portable ? request.system : [{ type: 'text', text: request.system, ...cached }],
    messages: toMessages(request.messages, model, facts, cached),
    ...(tools.length === 0 ? {} : { tools: toTools(tools, cached) }),
    ...choice,
    ...(!portable && THINKS.test(model) ? thinking : {}),
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

/** Roles alternate on the wire: neighbours of one role become one message, tool results first. */
function toMessages(
  messages: readonly Message[],
  model: string,
  facts: string,
  cached: Partial<typeof CACHED>,
): Anthropic.MessageParam[] {
  const wire: { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] }[] = [
    { role: 'user', content: textBlocks(facts) },
  ];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = wire.at(-1);
    const content = toContent(message, model);
    if (last?.role === role) last.content.push(...content);
    else wire.push({ role, content });
  }
  const end = wire.at(-1)?.content;
  const block = end?.at(-1);
  if (end && block) end[end.length - 1] = { ...block, ...cached } as Anthropic.ContentBlockParam;
  return wire;
}

function toContent(message: Message, model: string): Anthropic.ContentBlockParam[] {
  if (message.role === 'user') return textBlocks(message.text);
  if (message.role === 'tools') return message.results.map(toResult);
  const { turn } = message;
  if (isRaw(turn.raw) && turn.raw.model === model) return [...turn.raw.content] as Anthropic.ContentBlockParam[];
  const calls = turn.calls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input }));
  return turn.text === '' && calls.length > 0 ? calls : [...textBlocks(turn.text || '(no text)'), ...calls];
}

const textBlocks = (text: string): Anthropic.TextBlockParam[] => (text === '' ? [] : [{ type: 'text', text }]);

function toResult({ callId, text, outcome }: ToolResult): Anthropic.ToolResultBlockParam {
  return { type: 'tool_result', tool_use_id: callId, content: text, ...(outcome.ok ? {} : { is_error: true }) };
}

function isRaw(raw: unknown): raw is RawReply {
  return (raw as RawReply | undefined)?.provider === 'anthropic';
}

/** The last message of a reply; `content` also holds what came before a pause in it. */
export function toTurn(
  message: Anthropic.Message,
  content: Anthropic.ContentBlock[],
  usage: Usage,
  model: string,
): ModelTurn {
  const calls: ToolCall[] = content.filter((block) => block.type === 'tool_use');
  const texts = content.filter((block) => block.type === 'text').map((block) => block.text);
  const raw: RawReply = { provider: 'anthropic', model, content };
  return {
    model,
    text: texts.join('\n\n').trim(),
    calls: calls.map(({ id, name, input }) => ({ id, name, input })),
    stop: stopOf(message.stop_reason, calls.length > 0),
    usage,
    raw,
  };
}

function stopOf(reason: Anthropic.StopReason | null, hasCalls: boolean): ModelTurn['stop'] {
  switch (reason) {
    case 'tool_use':
      return 'tools';
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

/** Compatible servers leave fields out. */
export function toUsage(usage: Partial<Anthropic.Usage> | undefined): Usage {
  return {
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage?.cache_creation_input_tokens ?? 0,
    requests: 1,
  };
}
