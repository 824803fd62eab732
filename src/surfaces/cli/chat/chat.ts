/** What a chat remembers besides its conversation: the model in use, and what each question cost. */
import { addUsage, type Conversation, createConversation, NO_USAGE } from '../../../agent/conversation/conversation.ts';
import type { AgentEvent, Answer } from '../../../agent/events.ts';
import type { Usage } from '../../../agent/models/model.ts';
import type { App } from '../../../app/create-app.ts';
import type { Config, ModelChoice } from '../../../config/config.ts';
import type { Screen } from '../../../present/style.ts';
import { beginKept, type Keeping, leaveOutSecret } from './keeping.ts';

/** One question that was asked, whatever became of it. */
export interface Turn {
  readonly question: string;
  /** Undefined where it was cancelled. */
  readonly answer?: Answer | undefined;
  readonly usage: Usage;
  /** Undefined where no price is known. Of a reply that was cancelled, what it had cost when it was last told. */
  readonly costUsd: number | undefined;
}

export interface Chat {
  readonly app: App;
  readonly config: Config;
  /** As wide as the terminal is now. */
  screen(): Screen;
  /** Whether a person sees what is said; otherwise it goes down a pipe as it is. */
  readonly isTerminal: boolean;
  conversation: Conversation;
  readonly keeping: Keeping;
  /** Lines that the numbers from 1 stand for at the next prompt, instead of the last answer's choices. */
  offered: readonly string[];
  model: ModelChoice;
  /** Oldest first, since the chat began. */
  readonly turns: Turn[];
}

export function createChat(about: Pick<Chat, 'app' | 'config' | 'screen' | 'isTerminal' | 'keeping'>): Chat {
  return { ...about, conversation: createConversation(), offered: [], model: about.config.model, turns: [] };
}

/** Asks within the conversation and books what it cost, also when it is cancelled. @throws the signal's reason. */
export async function* askInChat(
  chat: Chat,
  question: string,
  signal: AbortSignal,
  model: ModelChoice = chat.model,
): AsyncGenerator<AgentEvent, void, undefined> {
  const spent = () => ({ usage: chat.conversation.usage, costUsd: chat.conversation.costUsd });
  let before = spent();
  const begin = async (...turn: readonly [id: string, question: string, signal: AbortSignal]) => {
    const begun = await beginKept(chat, ...turn);
    before = spent();
    return begun;
  };
  leaveOutSecret(chat.keeping, question);
  const about = chat.keeping.isOn ? chat.conversation.id : chat.conversation;
  let answer: Answer | undefined;
  try {
    for await (const event of chat.app.ask(question, signal, about, { model, conversations: { begin } })) {
      if (event.type === 'answer') answer = event.answer;
      yield event;
    }
  } finally {
    const now = spent();
    const usage = subtract(now.usage, before.usage);
    const costUsd = answer === undefined ? costSince(before.costUsd, now.costUsd) : answer.usage.costUsd;
    chat.turns.push({ question, answer, usage, costUsd });
  }
}

/** Whether there is a Claude to ask. */
export function hasClaude({ config: { anthropic } }: Chat): boolean {
  return anthropic.key !== undefined || anthropic.baseUrl !== undefined;
}

export function sumUsage(turns: readonly Turn[]): Usage {
  return turns.reduce((sum, turn) => addUsage(sum, turn.usage), NO_USAGE);
}

function costSince(before: number | undefined, now: number | undefined): number | undefined {
  return before === undefined || now === undefined ? undefined : now - before;
}

function subtract(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens - b.inputTokens,
    outputTokens: a.outputTokens - b.outputTokens,
    cacheReadTokens: a.cacheReadTokens - b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens - b.cacheWriteTokens,
    requests: a.requests - b.requests,
  };
}
