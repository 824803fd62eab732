/** A streamed reply of the Messages API put together, forgiving what compatible servers leave out, and no longer than it may be. */
import type Anthropic from '@anthropic-ai/sdk';
import { malformed, tooMuch } from './anthropic-errors.ts';
import { GROWS, parseInput } from './anthropic-events.ts';
import type { Usage } from './model.ts';

/** A content block as it came; `input` of a tool call is JSON, or the text of it where it cannot be parsed. */
export type Block = { readonly type: string } & Record<string, unknown>;

/** Characters of each kind that a reply may hold: more than its tokens can be. */
const MAX_LENGTHS = { text: 200_000, thinking: 300_000, 'tool input': 200_000 } as const;
type Part = keyof typeof MAX_LENGTHS;

export interface TurnDraft {
  readonly model: string;
  /** By their index, in the order in which they began. */
  readonly blocks: Map<number, Block>;
  /** Blocks that may still grow. */
  readonly open: Set<number>;
  readonly lengths: Record<Part, number>;
  /** Null until the server has said why it stops. */
  stop: string | null;
  hasStarted: boolean;
  /** Whether the end of the stream was announced: what comes after it is no part of the reply. */
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

export const createTurnDraft = (model: string): TurnDraft => ({
  model,
  blocks: new Map(),
  open: new Set(),
  lengths: { text: 0, thinking: 0, 'tool input': 0 },
  stop: null,
  hasStarted: false,
  ended: false,
  tokens: {},
});

/**
 * Adds one event. Counts of tokens are totals, so that the last one said stands.
 * @throws ModelError where it does not belong behind those before it, or makes the reply too long.
 */
export function addEvent(draft: TurnDraft, event: Anthropic.RawMessageStreamEvent): void {
  switch (event.type) {
    case 'message_start':
      if (draft.hasStarted) throw malformed(draft.model, 'a second message_start');
      draft.hasStarted = true;
      addTokens(draft, event.message.usage);
      break;
    case 'content_block_start':
      startBlock(draft, event.index, event.content_block as unknown as Block);
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
      for (const index of draft.open) closeBlock(draft, index);
      draft.ended = true;
  }
}

function startBlock(draft: TurnDraft, index: number, block: Block): void {
  if (draft.blocks.has(index)) throw malformed(draft.model, `block ${index} begins twice`);
  if (block.type === 'tool_use' && !block.name) throw malformed(draft.model, `block ${index} is a call of no tool`);
  addLength(draft, block, JSON.stringify(block).length);
  draft.blocks.set(index, { ...block });
  draft.open.add(index);
}

function addDelta(draft: TurnDraft, index: number, delta: Anthropic.RawContentBlockDelta): void {
  const field = GROWS.get(delta.type);
  if (field === undefined) return;
  const block = draft.blocks.get(index);
  if (block === undefined || !draft.open.has(index))
    throw malformed(draft.model, `${delta.type} for block ${index}, which is not open`);
  if (!growsBy(block, field)) throw malformed(draft.model, `${delta.type} in a block of type ${block.type}`);
  const more = (delta as unknown as Record<string, string>)[field] ?? '';
  addLength(draft, block, more.length);
  draft.blocks.set(index, { ...block, [field]: `${block[field] ?? ''}${more}` });
}

const partOf = ({ type }: Block): Part =>
  type === 'text' ? 'text' : /thinking$/.test(type) ? 'thinking' : 'tool input';

const FIELDS: Readonly<Record<Part, readonly string[]>> = {
  text: ['text'],
  thinking: ['thinking', 'signature'],
  'tool input': ['partial_json'],
};
const growsBy = (block: Block, field: string): boolean => FIELDS[partOf(block)].includes(field);

function addLength({ lengths, model }: TurnDraft, block: Block, more: number): void {
  const part = partOf(block);
  lengths[part] += more;
  if (lengths[part] > MAX_LENGTHS[part]) throw tooMuch(model, `${MAX_LENGTHS[part]} characters of ${part}`);
}

/** Input that was streamed as text becomes what the text says. */
function closeBlock({ blocks, open }: TurnDraft, index: number): void {
  if (!open.delete(index)) return;
  const { partial_json: json, ...block } = blocks.get(index) as Block;
  if (typeof json !== 'string') return;
  blocks.set(index, json === '' ? block : { ...block, input: parseInput(json) });
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
