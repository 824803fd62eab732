/** A streamed reply of the Messages API put together, forgiving what compatible servers leave out. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Usage } from './model.ts';

/** A content block as it came; `input` of a tool call is JSON, or the text of it where it cannot be parsed. */
export type Block = { readonly type: string } & Record<string, unknown>;

export interface TurnDraft {
  readonly content: Block[];
  /** Null until the server has said why it stops. */
  stop: string | null;
  /** Whether the end of the stream was announced. */
  ended: boolean;
  readonly tokens: Partial<Record<TokenField, number>>;
}

const TOKEN_FIELDS = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
] as const;
type TokenField = (typeof TOKEN_FIELDS)[number];

export const createTurnDraft = (): TurnDraft => ({ content: [], stop: null, ended: false, tokens: {} });

/** Adds one event. Counts of tokens are totals, so that the last one said stands. */
export function addEvent(draft: TurnDraft, event: Anthropic.RawMessageStreamEvent): void {
  switch (event.type) {
    case 'message_start':
      addTokens(draft, event.message?.usage);
      break;
    case 'content_block_start':
      draft.content[event.index] = { ...event.content_block } as unknown as Block;
      break;
    case 'content_block_delta':
      addDelta(draft, event.index, event.delta);
      break;
    case 'content_block_stop':
      closeBlock(draft, event.index);
      break;
    case 'message_delta':
      draft.stop = event.delta?.stop_reason ?? draft.stop;
      addTokens(draft, event.usage);
      break;
    case 'message_stop':
      draft.ended = true;
  }
}

/** The field of a block that each kind of delta adds to. */
const GROWS = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
  input_json_delta: 'partial_json',
} as const;

function addDelta({ content }: TurnDraft, index: number, delta: Anthropic.RawContentBlockDelta): void {
  const block = content[index];
  if (block === undefined || !(delta.type in GROWS)) return;
  const field = GROWS[delta.type as keyof typeof GROWS];
  const more = (delta as unknown as Record<string, unknown>)[field];
  if (typeof more === 'string') content[index] = { ...block, [field]: `${block[field] ?? ''}${more}` };
}

/** Input that was streamed as text becomes what the text says. */
function closeBlock({ content }: TurnDraft, index: number): void {
  const { partial_json: json, ...block } = content[index] ?? { type: '' };
  if (typeof json !== 'string') return;
  content[index] = json === '' ? block : { ...block, input: parseInput(json) };
}

function parseInput(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function addTokens({ tokens }: TurnDraft, usage: object | null | undefined): void {
  for (const field of TOKEN_FIELDS) {
    const count = (usage as Record<string, unknown> | null | undefined)?.[field];
    if (typeof count === 'number') tokens[field] = count;
  }
}

export function usageOf({ tokens }: TurnDraft): Usage {
  return {
    inputTokens: tokens.input_tokens ?? 0,
    outputTokens: tokens.output_tokens ?? 0,
    cacheReadTokens: tokens.cache_read_input_tokens ?? 0,
    cacheWriteTokens: tokens.cache_creation_input_tokens ?? 0,
    requests: 1,
  };
}
