/** A conversation as text and back: at any moment, in any process. Reading it runs nothing. */
import * as z from 'zod';
import { RunsightError } from '../../runsight-error.ts';
import type { Message } from '../models/model.ts';
import type { Conversation } from './conversation.ts';
import { fromJson, toJson } from './plain-json.ts';

/** Changes whenever an older program could not read what a newer one writes. */
export const CONVERSATION_VERSION = 1;

export type ConversationErrorCode =
  | 'damaged_conversation'
  | 'conversation_version'
  | 'conversation_changed'
  | 'conversations_unreachable';

/** Where conversations are kept fails, or one of them cannot be read or changed. */
export class ConversationError extends RunsightError {
  override readonly name = 'ConversationError';
  readonly code: ConversationErrorCode;
  /** The message has it. */
  readonly hint = undefined;

  constructor(code: ConversationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function encodeConversation(conversation: Conversation): string {
  const { messages, findings } = conversation;
  const placeOf = new Map(findings.map((finding, place) => [finding, place]));
  const encoded = toJson({ ...conversation, messages: messages.map((message) => replaceFindings(message, placeOf)) });
  return JSON.stringify({ version: CONVERSATION_VERSION, conversation: encoded });
}

/** @throws ConversationError naming what is wrong with the text. */
export function decodeConversation(text: string): Conversation {
  const stored = Stored.safeParse(parse(text));
  if (!stored.success) throw damaged('it is no stored conversation');
  const { version } = stored.data;
  if (version !== CONVERSATION_VERSION) {
    const message = `the conversation is of version ${version}, and this program reads version ${CONVERSATION_VERSION}: start a new one`;
    throw new ConversationError('conversation_version', message);
  }
  const plain = unmark(stored.data.conversation);
  const checked = Shape.safeParse(plain);
  if (!checked.success) throw damaged(describeIssue(checked.error));
  // What was checked and not what the check made of it: that would lack the keys it does not know.
  const conversation = plain as Conversation;
  const { findings } = conversation;
  const misplaced = findings.findIndex(({ handle }, place) => handle !== `#${place + 1}`);
  if (misplaced >= 0) throw damaged(`findings[${misplaced}] is not #${misplaced + 1}`);
  return { ...conversation, messages: conversation.messages.map((message) => restoreFindings(message, findings)) };
}

/** A finding is written once; in messages stands its place in the list. */
function replaceFindings(message: Message, placeOf: ReadonlyMap<unknown, number>): unknown {
  if (message.role !== 'tools') return message;
  return {
    ...message,
    results: message.results.map((result) =>
      result.outcome.ok ? { ...result, outcome: { ok: true, finding: placeOf.get(result.outcome.finding) } } : result,
    ),
  };
}

function restoreFindings(message: Message, findings: Conversation['findings']): Message {
  if (message.role !== 'tools') return message;
  const results = message.results.map((result) => {
    if (!result.outcome.ok) return result;
    const place = result.outcome.finding as unknown as number;
    const finding = findings[place];
    if (finding === undefined) throw damaged(`a message points to finding ${place}, and there are ${findings.length}`);
    return { ...result, outcome: { ok: true as const, finding } };
  });
  return { ...message, results };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged('it is not JSON, or cut off');
  }
}

function unmark(value: unknown): unknown {
  try {
    return fromJson(value);
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

function damaged(what: string): ConversationError {
  return new ConversationError('damaged_conversation', `the conversation cannot be read: ${what}`);
}

function describeIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  return `${z.core.toDotPath(issue?.path ?? [])}: ${issue?.message ?? 'not as it should be'}`.replaceAll('\n', ' ');
}

const Stored = z.object({ version: z.number(), conversation: z.unknown() });
const Handle = z.string().regex(/^#[1-9]\d*$/);
const Texts = z.array(z.string());
const Usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  requests: z.number(),
});
const Result = z.object({
  callId: z.string(),
  text: z.string(),
  outcome: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), finding: z.int().nonnegative() }),
    z.object({
      ok: z.literal(false),
      failure: z.object({ code: z.string(), message: z.string(), choices: z.array(z.unknown()) }),
    }),
  ]),
});
const Turn = z.object({
  model: z.string(),
  text: z.string(),
  calls: z.array(z.object({ id: z.string(), name: z.string() })),
  stop: z.string(),
  usage: Usage,
});
const Finding = z.object({
  handle: Handle,
  tool: z.string(),
  kind: z.string(),
  title: z.string(),
  summary: z.string(),
  data: z.object({ tables: z.array(z.object({ columns: z.array(z.unknown()), rows: z.array(z.array(z.unknown())) })) }),
  coverage: z.object({ matched: z.number(), considered: z.number(), complete: z.boolean() }),
  caveats: z.array(z.unknown()),
  links: z.array(z.unknown()),
  followUps: Texts,
  subject: z.object({}),
});
const Shape = z.object({
  id: z.string().min(1),
  messages: z.array(
    z.discriminatedUnion('role', [
      z.object({ role: z.literal('user'), text: z.string() }),
      z.object({ role: z.literal('assistant'), turn: Turn }),
      z.object({ role: z.literal('tools'), results: z.array(Result) }),
    ]),
  ),
  findings: z.array(Finding),
  memory: z.object({
    pinned: z.object({ id: z.string(), name: z.string() }).optional(),
    recentExperimentIds: Texts.optional(),
  }),
  choices: z.array(z.object({ label: z.string(), question: z.string() })),
  usage: Usage,
  costUsd: z.number().optional(),
  room: z.number().optional(),
});
