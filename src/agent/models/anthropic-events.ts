/** The events of a streamed reply, held against what they must look like before anything is made of them. */
import type Anthropic from '@anthropic-ai/sdk';
import * as z from 'zod';
import { malformed } from './anthropic-errors.ts';

/** Texts, thoughts and calls of one reply together. */
export const MAX_BLOCKS = 200;
/** Levels of lists and objects: what is deeper could not be walked by all that walks it. */
const MAX_DEPTH = 50;
const MAX_NAME = 200;
/** More tokens than any model reads or writes at once. */
const MAX_COUNT = 1e9;

const Index = z.int().min(0).lt(MAX_BLOCKS);
const Name = z.string().max(MAX_NAME);
const Count = z.int().min(0).max(MAX_COUNT).nullish();
const Usage = z
  .looseObject({
    input_tokens: Count,
    output_tokens: Count,
    cache_read_input_tokens: Count,
    cache_creation_input_tokens: Count,
  })
  .nullish();

const Text = z.string().nullish();
const Block = z.looseObject({
  type: Name,
  text: Text,
  thinking: Text,
  signature: Text,
  partial_json: Text,
  id: Name.nullish(),
  name: Name.min(1).nullish(),
});

/** What a block grows by, by the type of the delta: the field that has it. Deltas of other types are passed over. */
export const GROWS = new Map<string, string>([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'signature'],
  ['input_json_delta', 'partial_json'],
]);

const Delta = z.looseObject({ type: Name }).check(({ value, issues }) => {
  const field = GROWS.get(value.type);
  if (field === undefined || typeof value[field] === 'string') return;
  issues.push({ code: 'custom', input: value[field], path: [field], message: 'Invalid input: expected string' });
});

/** Servers that only resemble the API leave out ids, usage and more; what they do send must be right. */
const SHAPES = new Map<unknown, z.ZodType>([
  ['message_start', z.looseObject({ message: z.looseObject({ usage: Usage }) })],
  ['content_block_start', z.looseObject({ index: Index, content_block: Block })],
  ['content_block_delta', z.looseObject({ index: Index, delta: Delta })],
  ['content_block_stop', z.looseObject({ index: Index })],
  ['message_delta', z.looseObject({ delta: z.looseObject({ stop_reason: Name.nullish() }).nullish(), usage: Usage })],
  ['message_stop', z.looseObject({})],
]);

/**
 * The event as it came, or undefined where it is of a type that is not known: the API asks to pass those over.
 * @throws ModelError where it is not as its type has it.
 */
export function checkEvent(event: unknown, model: string): Anthropic.RawMessageStreamEvent | undefined {
  const type: unknown = typeof event === 'object' && event !== null && 'type' in event ? event.type : undefined;
  if (typeof type !== 'string') throw malformed(model, 'an event has no type');
  const shape = SHAPES.get(type);
  if (shape === undefined) return undefined;
  if (isDeeperThan(event, MAX_DEPTH)) throw malformed(model, `${type} is nested more than ${MAX_DEPTH} levels deep`);
  const checked = shape.safeParse(event);
  if (!checked.success) throw malformed(model, describeIssue(type, checked.error));
  // As it came: what the check made of it would have other keys for `__proto__`.
  return event as Anthropic.RawMessageStreamEvent;
}

function describeIssue(type: string, { issues: [issue] }: z.ZodError): string {
  const place = [type, ...(issue?.path ?? [])].map(String).join('.');
  return `${place}: ${issue?.message ?? 'not as it should be'}`;
}

/** Whether data has more levels than so many: level by level, for it may be as deep as it is long. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return false;
}

/** Parsed, or the text itself where it is no JSON or too deep: a tool then refuses it, and the model may mend it. */
export function parseInput(json: string): unknown {
  try {
    const input: unknown = JSON.parse(json);
    return isDeeperThan(input, MAX_DEPTH) ? json : input;
  } catch {
    return json;
  }
}
