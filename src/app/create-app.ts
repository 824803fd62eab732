/** The one place where parts meet: store, vocabulary, models and tools make one `ask`. */
import { ConversationError } from '../agent/conversation/codec.ts';
import type { Conversation } from '../agent/conversation/conversation.ts';
import { createTurns } from '../agent/conversation/turns.ts';
import { answerQuery, callDirectly } from '../agent/direct.ts';
import { faultOf } from '../agent/ending.ts';
import type { AgentEvent, Answer, AnswerError } from '../agent/events.ts';
import { DEFAULT_LIMITS } from '../agent/limits.ts';
import { lengthFault } from '../agent/longest-question.ts';
import { type AgentDeps, ask } from '../agent/loop.ts';
import type { Model, ToolResult } from '../agent/models/model.ts';
import { createLexicon, type Lexicon } from '../agent/offline/lexicon.ts';
import { OFFLINE } from '../agent/offline/offline-model.ts';
import { checkSurface, readSystemPrompt } from '../agent/prompt.ts';
import type { Config, ModelChoice } from '../config/config.ts';
import type { Conversations, ConversationTurn } from '../conversations/conversations.ts';
import { createMemoryConversations } from '../conversations/memory.ts';
import { formatDay } from '../finding/format.ts';
import { findingText } from '../finding/text.ts';
import { StoreError } from '../mlflow/errors.ts';
import type { TrackingStore } from '../mlflow/runs/tracking-store.ts';
import type { Kind } from '../query/kinds/kind.ts';
import type { Query } from '../query/query.ts';
import type { Memory, ToolContext } from '../tools/define/context.ts';
import type { Tool } from '../tools/define/tool.ts';
import { untilAborted } from '../until-aborted.ts';
import { createModel } from './create-model.ts';
import { kindsOf, type Offering, toolsOf } from './family.ts';
import { faultAnswer } from './fault-answer.ts';
import { onOneSnapshot } from './one-snapshot.ts';
import { openSession, type Session } from './session.ts';

export interface App {
  /** In the order that models see. */
  readonly tools: readonly Tool[];
  /** For reads that are no tool's: the store, with the time and limits that tools have. @throws StoreError */
  toolContext(signal: AbortSignal): Promise<ToolContext>;
  /** Opened when first asked for. @throws StoreError */
  openStore(): Promise<TrackingStore>;
  /**
   * Yields what happens and ends with one `answer`, also when the store cannot be opened. Waits, from the first event
   * asked for, until it is this question's turn in its conversation, which changes with the answer or not at all.
   * `conversation` is the caller's own, or the id of one that is kept here; a new one by default, kept under
   * `answer.conversation`. @throws the signal's reason.
   */
  ask(
    question: string,
    signal: AbortSignal,
    conversation?: Conversation | string,
    options?: AskOptions,
  ): AsyncIterable<AgentEvent>;
  /**
   * Runs one tool outside of any conversation; `progress` hears what goes on.
   * @throws StoreError when the store cannot be opened, the signal's reason.
   */
  call(tool: string, input: unknown, signal: AbortSignal, progress?: (message: string) => void): Promise<ToolResult>;
  /** The same of whatever tools answer a query; no result where none does. */
  query(query: Query, signal: AbortSignal, progress?: (message: string) => void): Promise<ToolResult[]>;
  readonly kinds: readonly Kind[];
  /** Where answers come from, and what day it is there where that is not today. */
  describeSource(): Promise<string>;
  close(): Promise<void>;
}

export interface AskOptions {
  /** Where the conversation is kept, instead of the app's own. */
  readonly conversations?: Pick<Conversations, 'begin'> | undefined;
  /** Instead of the configured one. */
  readonly model?: ModelChoice | undefined;
}

/** What an app can be made with besides its configuration. */
export interface AppParts extends Offering {
  /** One's own, instead of the configured one; whoever made it closes it. */
  readonly store?: TrackingStore | undefined;
  /** One's own, instead of the configured one. */
  readonly model?: Model | undefined;
  /** Default: in memory. */
  readonly conversations?: Conversations | undefined;
  /** Where answers are read: `prompts/surfaces/` says to a remote model how to write for it. Default: `terminal`. */
  readonly surface?: string | undefined;
  /** Whose experiments alone it knows, by their tag `tenant_id`. Default: it knows all. */
  readonly tenant?: string | undefined;
  /** Whether somebody waits here while a database file is read: then another process reads all but small ones. Default: no. */
  readonly isolated?: boolean | undefined;
}

/** @throws Error as `toolsOf`, or where a surface has no prompt. */
export function createApp(config: Config, parts: AppParts = {}): App {
  const { conversations = createMemoryConversations(), surface = 'terminal', isolated = false, tenant } = parts;
  const tools = toolsOf(parts);
  const kinds = kindsOf(parts);
  // What a surface lacks is known when it is made, not at the first question that a remote model gets.
  checkSurface(config.packageRoot, surface);
  const lexicon = createLexicon(kinds);
  // Another tenant's experiment must not even be named.
  const own = tenant === undefined ? config : { ...config, defaultExperiment: undefined };
  const turns = createTurns();
  let opening: Promise<Session> | undefined;
  const open = () => {
    const tables = tools.flatMap(({ reads }) => reads?.tables ?? []);
    opening ??= openSession(config, { tables, isolated, tenant, own: parts.store }).catch((error: unknown) => {
      // A server that was down may be up at the next question.
      opening = undefined;
      throw error;
    });
    return opening;
  };

  async function take(conversation: Conversation, signal: AbortSignal): Promise<ConversationTurn> {
    const end = await turns.take(conversation.id, signal);
    return { conversation, end: async () => end() };
  }

  async function* answerIn(
    conversation: Conversation,
    question: string,
    model: ModelChoice,
    signal: AbortSignal,
  ): AsyncGenerator<AgentEvent, Answer, undefined> {
    const asked = { ...own, model };
    const tooLong = lengthFault(question);
    if (tooLong !== undefined) return faultAnswer(question, tooLong, conversation.id, asked);
    try {
      const session = await untilAborted(open(), signal);
      const deps = await createDeps(asked, session, { tools, lexicon, surface, own: parts.model });
      const work = (own: AbortSignal) => ask(question, conversation, deps, own);
      const { answer, commit } = yield* onSnapshot(deps, session.store, signal, work);
      commit();
      return answer;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return faultAnswer(question, faultOf(error), conversation.id, asked);
    }
  }

  /** What needs no words needs no remote model. */
  async function runDirectly(
    work: (deps: AgentDeps, signal: AbortSignal) => AsyncGenerator<AgentEvent, ToolResult[], undefined>,
    signal: AbortSignal,
    progress: (message: string) => void = () => {},
  ): Promise<ToolResult[]> {
    const session = await untilAborted(open(), signal);
    const deps = await createDeps({ ...own, model: 'offline' }, session, { tools, lexicon, surface });
    const working = onSnapshot(deps, session.store, signal, (own) => work(deps, own));
    for (;;) {
      const next = await working.next();
      if (next.done) return next.value;
      if (next.value.type === 'progress') progress(next.value.message);
      else if (next.value.type === 'tool-start') progress(next.value.title);
    }
  }

  return {
    tools,
    kinds,
    async toolContext(signal) {
      const session = await untilAborted(open(), signal);
      return createContext(own, session, signal, {}, () => {});
    },
    async openStore() {
      return (await open()).store;
    },
    async call(tool, input, signal, progress) {
      const work = (deps: AgentDeps, gone: AbortSignal) => callDirectly([{ tool, input }], deps, gone);
      const [result] = await runDirectly(work, signal, progress);
      if (result === undefined) throw new Error(`${tool} was called and gave no result`);
      return result;
    },
    query: (query, signal, progress) => runDirectly((deps, gone) => answerQuery(query, deps, gone), signal, progress),
    async *ask(question, signal, about = crypto.randomUUID(), options = {}) {
      const { model = config.model, conversations: kept = conversations } = options;
      const id = typeof about === 'string' ? about : about.id;
      const begin = () => (typeof about === 'string' ? kept.begin(about, question, signal) : take(about, signal));
      try {
        const turn = await begin();
        let answer: Answer;
        try {
          answer = yield* answerIn(turn.conversation, question, model, signal);
        } finally {
          // Also for what a question has cost that came to nothing.
          await turn.end();
        }
        yield { type: 'answer', answer };
      } catch (error) {
        if (!(error instanceof ConversationError)) throw error;
        yield { type: 'answer', answer: faultAnswer(question, toFault(error), id, { ...config, model }) };
      }
    },
    async describeSource() {
      const { storeName, fixedNow } = await open();
      const day = fixedNow === undefined ? '' : `, where today is ${formatDay(fixedNow, config.timeZone)}`;
      return `${storeName}${day}`;
    },
    async close() {
      const session = await opening?.catch(() => undefined);
      if (parts.store === undefined) await session?.store.close();
    },
  };
}

/** The question can be asked again. */
function toFault({ code, message }: ConversationError): AnswerError {
  return { code, message, retryable: code === 'conversation_changed', source: 'program' };
}

function createContext(
  { timeZone, limits, defaultExperiment }: Config,
  { store, fixedNow }: Session,
  signal: AbortSignal,
  memory: Memory,
  progress: (message: string) => void,
): ToolContext {
  return { store, now: fixedNow ?? Date.now(), timeZone, signal, limits, defaultExperiment, memory, progress };
}

/** Offline nothing thinks for long. */
function onSnapshot<T>(
  { model }: AgentDeps,
  store: TrackingStore,
  signal: AbortSignal,
  work: (signal: AbortSignal) => AsyncGenerator<AgentEvent, T, undefined>,
): AsyncGenerator<AgentEvent, T, undefined> {
  const { holds } = store.capabilities;
  const isHeld = holds === 'question' || (holds === 'quick question' && model.name === OFFLINE);
  return isHeld ? onOneSnapshot(store, (gone) => work(AbortSignal.any([signal, gone]))) : work(signal);
}

interface KnownToDeps {
  readonly tools: readonly Tool[];
  readonly lexicon: Lexicon;
  readonly surface: string;
  readonly own?: Model | undefined;
}

async function createDeps(
  config: Config,
  session: Session,
  { tools, lexicon, surface, own }: KnownToDeps,
): Promise<AgentDeps> {
  const { storeName, fixedNow } = session;
  const now = fixedNow ?? Date.now();
  return {
    model: own ?? (await createModel(config, session, now, { tools, lexicon })),
    tools,
    toolText: (finding) => findingText(finding, { timeZone: config.timeZone }),
    context: (signal, progress, memory) => ({ ...createContext(config, session, signal, memory, progress), now }),
    limits: DEFAULT_LIMITS,
    clock: () => performance.now(),
    version: config.version,
    storeName,
    systemPrompt: () => readSystemPrompt(config.packageRoot, surface),
  };
}
