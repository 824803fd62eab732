/** Doubles for the agent: inert tools, a store that nobody may ask, findings made by hand. */

import * as z from 'zod';
import { type Conversation, createConversation } from '../../src/agent/conversation/conversation.ts';
import type { AgentEvent, Answer } from '../../src/agent/events.ts';
import { DEFAULT_LIMITS } from '../../src/agent/limits.ts';
import { type AgentDeps, ask as work } from '../../src/agent/loop.ts';
import type { Model } from '../../src/agent/models/model.ts';
import { wholeCoverage } from '../../src/finding/coverage.ts';
import type { Finding, FindingBody } from '../../src/finding/finding.ts';
import type { Ref } from '../../src/finding/refs.ts';
import type { Cell, ColumnKind } from '../../src/finding/table.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import type { ToolContext } from '../../src/tools/define/context.ts';
import { defineTool, type Tool } from '../../src/tools/define/tool.ts';

export const NOW = Date.UTC(2026, 10, 20, 18);

export const NO_USAGE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, requests: 0 };

const CHURN: Ref = { kind: 'experiment', id: '1', name: 'churn' };

/** A finding about one table; the rest can be overridden. */
export function createBody(
  columns: readonly (readonly [key: string, kind: ColumnKind])[],
  rows: readonly (readonly Cell[])[],
  overrides: Partial<FindingBody> = {},
): FindingBody {
  return {
    kind: 'table',
    title: 'Runs',
    summary: 'These are the runs.',
    data: {
      tables: [{ columns: columns.map(([key, kind]) => ({ key, label: key, kind })), rows, total: rows.length }],
    },
    coverage: { ...wholeCoverage({ unit: 'run', scope: [CHURN], matched: 42 }), considered: 40 },
    method: 'last value',
    caveats: [],
    links: [],
    reproduce: '',
    followUps: [],
    subject: { refs: [CHURN] },
    ...overrides,
  };
}

export const createFinding = (body: FindingBody, handle = '#1'): Finding => ({ ...body, handle, tool: 't', input: {} });

/** A tool that takes `{ n }` and answers as told. */
export function createTool(name: string, run: (n: number, context: ToolContext) => Promise<FindingBody>): Tool {
  return defineTool({
    name,
    title: `Does ${name}`,
    description: name,
    input: z.strictObject({ n: z.number() }),
    kind: 'run',
    readOnly: true,
    run: ({ n }, context) => run(n, context),
  });
}

export const scoreBody = (score = 0.93124): FindingBody =>
  createBody(
    [
      ['run', 'run'],
      ['metrics.f1_score', 'metric'],
    ],
    [[{ kind: 'run', id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', name: 'run-017' }, score]],
  );

/** Knows its revision and snapshots, and all of it can be read; anything else fails. */
const store: TrackingStore = new Proxy({} as TrackingStore, {
  get(_, property) {
    if (property === 'capabilities') return { revision: () => 'r1' };
    if (property === 'unreadable' || property === 'hasChanged') return undefined;
    if (property === 'snapshot') return (work: (own: TrackingStore) => Promise<unknown>) => work(store);
    throw new Error(`nobody scripted store.${String(property)}`);
  },
});

export function createDeps(model: Model, tools: readonly Tool[], overrides: Partial<AgentDeps> = {}): AgentDeps {
  return {
    model,
    tools,
    toolText: (finding) => `text of ${finding.title}`,
    context: (signal, progress, memory) => ({
      store,
      now: NOW,
      timeZone: 'UTC',
      signal,
      limits: { maxRuns: 100, historyPoints: 1000 },
      memory,
      progress,
    }),
    limits: DEFAULT_LIMITS,
    clock: () => performance.now(),
    version: '0.0.0',
    storeName: 'test store',
    systemPrompt: () => 'system',
    ...overrides,
  };
}

/** Asks as the app does: the conversation changes with the answer. */
export async function* ask(
  question: string,
  conversation: Conversation,
  deps: AgentDeps,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const { answer, commit } = yield* work(question, conversation, deps, signal);
  commit();
  yield { type: 'answer', answer };
}

/** Asks one question to the end. */
export async function askOnce(
  deps: AgentDeps,
  question = 'Which run is best?',
  conversation = createConversation(),
  signal = new AbortController().signal,
): Promise<{ answer: Answer; events: AgentEvent[]; conversation: typeof conversation }> {
  const events: AgentEvent[] = [];
  for await (const event of ask(question, conversation, deps, signal)) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'answer') throw new Error('the last event is no answer');
  return { answer: last.answer, events, conversation };
}
