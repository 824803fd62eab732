/** `createRunsight`: questions, tools and conversations for a program, which hears no word on its console. */
import type { Conversation } from '../../agent/conversation/conversation.ts';
import type { AgentEvent, Answer } from '../../agent/events.ts';
import { type App, createApp } from '../../app/create-app.ts';
import {
  type ConversationEntry,
  type ConversationStore,
  type Conversations,
  LOCAL_OWNER,
  ownerWithin,
} from '../../conversations/conversations.ts';
import { type ConversationPlace, openConversations } from '../../conversations/open.ts';
import type { Finding } from '../../finding/finding.ts';
import type { Query } from '../../query/query.ts';
import { RunsightError } from '../../runsight-error.ts';
import type { Tool } from '../../tools/define/tool.ts';
import { untilAborted } from '../../until-aborted.ts';
import { callTool, runQuery } from '../shared/direct.ts';
import { lastAnswer } from '../shared/last-answer.ts';
import { placeOf, type RunsightOptions, readOptions } from './options.ts';

/** What every method takes. */
export interface CallOptions {
  /** Ends the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How one question is asked. */
export interface QuestionOptions extends CallOptions {
  /** Id of the conversation that it goes on with (`answer.conversation`); default: a new one. */
  readonly conversation?: string | undefined;
}

/** The conversations of one owner, where `RunsightOptions.conversations` keeps them. All throw ConversationError. */
export interface KeptTalks {
  /** Latest first; 50 of them unless told otherwise. */
  list(
    options?: CallOptions & { readonly limit?: number | undefined; readonly offset?: number | undefined },
  ): Promise<{ readonly entries: readonly ConversationEntry[]; readonly total: number }>;
  /** Undefined where there is none of this id. */
  read(
    id: string,
    options?: CallOptions,
  ): Promise<{ readonly entry: ConversationEntry; readonly conversation: Conversation } | undefined>;
  /** Undefined where there is none of this id. */
  rename(id: string, title: string, options?: CallOptions): Promise<ConversationEntry | undefined>;
  /** A new one that goes as far as the first `turns` of this (default: all); undefined where there is none of this id. */
  branch(
    id: string,
    options?: CallOptions & { readonly turns?: number | undefined },
  ): Promise<ConversationEntry | undefined>;
  /** Whether it was there. */
  delete(id: string, options?: CallOptions): Promise<boolean>;
}

/** Made by `createRunsight`. Opens what it needs when first asked; `close()` ends it. */
export interface Runsight extends AsyncDisposable {
  /** The tools, with their input's JSON Schema. */
  readonly tools: readonly Tool[];
  /**
   * One question, one answer. What Runsight cannot answer, and a store or model that fails, are answers too: see
   * `status` and `error`. @throws the signal's reason, ClosedError.
   */
  ask(question: string, options?: QuestionOptions): Promise<Answer>;
  /** The same as it goes on; the last event is the answer. Leaving the loop cancels the question. */
  stream(question: string, options?: QuestionOptions): AsyncIterable<AgentEvent>;
  /** What a tool finds, in no conversation. @throws ToolError, StoreError, the signal's reason, ClosedError. */
  call(tool: string, input?: unknown, options?: CallOptions): Promise<Finding>;
  /** What the tools that answer a typed query find, in no conversation. @throws as `call`. */
  query(query: Query, options?: CallOptions): Promise<readonly Finding[]>;
  readonly conversations: KeptTalks;
  /** Cancels what still runs, and gives back files and connections. Twice does no harm. */
  close(): Promise<void>;
}

/** Something was asked of a Runsight after `close()`, or still ran then. */
export class ClosedError extends RunsightError {
  override readonly name = 'ClosedError';
  readonly code = 'closed';
  readonly hint = 'Make another with createRunsight.';

  constructor() {
    super('this Runsight was closed');
  }
}

/** @throws ConfigError */
export function createRunsight(options: RunsightOptions = {}): Runsight {
  const { config, parts } = readOptions(options);
  return new OwnRunsight(createApp(config, parts), options);
}

const MOST_LISTED = 50;

class OwnRunsight implements Runsight {
  readonly tools: readonly Tool[];
  readonly conversations: KeptTalks;
  readonly #app: App;
  readonly #closing = new AbortController();
  /** Waits for what runs to have put things back. */
  readonly #running = new Set<() => Promise<unknown>>();
  readonly #place: ConversationPlace;
  readonly #owner: string;
  #opening: Promise<ConversationStore> | undefined;
  #closed: Promise<void> | undefined;

  constructor(app: App, { conversations, owner = LOCAL_OWNER, tenant }: RunsightOptions) {
    this.#app = app;
    this.tools = app.tools;
    this.#owner = ownerWithin(tenant, owner);
    this.#place = placeOf(conversations);
    this.conversations = this.#keptTalks();
  }

  ask(question: string, options?: QuestionOptions): Promise<Answer> {
    return lastAnswer(this.stream(question, options));
  }

  async *stream(question: string, { signal, conversation }: QuestionOptions = {}): AsyncGenerator<AgentEvent> {
    const either = this.#either(signal);
    const conversations = await untilAborted(this.#kept(), either);
    const events = this.#app.ask(question, either, conversation, { conversations })[Symbol.asyncIterator]();
    const end = async () => events.return?.();
    this.#running.add(end);
    try {
      for (let next = await events.next(); next.done !== true; next = await events.next()) yield next.value;
      either.throwIfAborted();
    } finally {
      await end();
      this.#running.delete(end);
    }
  }

  call(tool: string, input: unknown = {}, { signal }: CallOptions = {}): Promise<Finding> {
    return this.#run(signal, (either) => callTool(this.#app, tool, input, either));
  }

  query(query: Query, { signal }: CallOptions = {}): Promise<readonly Finding[]> {
    return this.#run(signal, (either) => runQuery(this.#app, query, either));
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#closing.abort(new ClosedError());
    await Promise.allSettled(Array.from(this.#running, (end) => end()));
    await this.#app.close();
    await (await this.#opening?.catch(() => undefined))?.close();
  }

  #keptTalks(): KeptTalks {
    const on = <T>(options: CallOptions | undefined, work: (kept: Conversations) => Promise<T>) =>
      this.#run(options?.signal, async () => work(await this.#kept()));
    return {
      list: (options) => on(options, (kept) => kept.list(options?.limit ?? MOST_LISTED, options?.offset)),
      read: (id, options) => on(options, (kept) => kept.read(id)),
      rename: (id, title, options) => on(options, (kept) => kept.rename(id, title)),
      branch: (id, options) => on(options, (kept) => kept.branch(id, options?.turns)),
      delete: (id, options) => on(options, (kept) => kept.delete(id)),
    };
  }

  async #kept(): Promise<Conversations> {
    this.#opening ??= openConversations(this.#place).catch((error: unknown) => {
      // A database that was down may be up at the next question.
      this.#opening = undefined;
      throw error;
    });
    return (await this.#opening).of(this.#owner);
  }

  async #run<T>(signal: AbortSignal | undefined, work: (either: AbortSignal) => Promise<T>): Promise<T> {
    const either = this.#either(signal);
    either.throwIfAborted();
    const working = work(either);
    const end = () => working;
    this.#running.add(end);
    try {
      return await untilAborted(working, either);
    } finally {
      this.#running.delete(end);
    }
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, signal]);
  }
}
