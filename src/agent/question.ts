/** One question at work: what it was given, what it has done so far, and what may yet be done. */

import type { Finding } from '../finding/finding.ts';
import type { Query } from '../query/query.ts';
import type { ToolContext } from '../tools/define/context.ts';
import type { Tool } from '../tools/define/tool.ts';
import { addCost, addUsage, type Conversation, NO_USAGE } from './conversation/conversation.ts';
import { addFinding, createDraft, type Draft } from './conversation/draft.ts';
import { type Deadlines, startDeadlines } from './deadlines.ts';
import type { Limits, Spent, Step } from './limits.ts';
import type { Model, ModelTurn, ToolFailure, ToolResult, ToolSpec, Usage } from './models/model.ts';
import type { ReceiptCall } from './receipt.ts';
import type { CallOutcome } from './run-calls.ts';

/** Everything that `ask` needs from outside. */
export interface AgentDeps {
  readonly model: Model;
  readonly tools: readonly Tool[];
  /** What a remote model reads of a finding. */
  toolText(finding: Finding): string;
  context(signal: AbortSignal, progress: (message: string) => void, memory: Conversation['memory']): ToolContext;
  readonly limits: Limits;
  /** Milliseconds that only run forward; what time it is for the question comes with the context. */
  clock(): number;
  readonly version: string;
  readonly storeName: string;
  /** Asked for only when a model reads it. */
  systemPrompt(): string;
}

export interface Question {
  readonly text: string;
  readonly draft: Draft;
  readonly deps: AgentDeps;
  readonly user: AbortSignal;
  readonly deadlines: Deadlines;
  readonly context: ToolContext;
  readonly specs: readonly ToolSpec[];
  readonly startedAt: number;
  readonly steps: Step[];
  readonly calls: ReceiptCall[];
  readonly queries: Query[];
  readonly findings: Finding[];
  readonly failures: ToolFailure[];
  usage: Usage;
  costUsd: number | undefined;
}

export function startQuestion(text: string, conversation: Conversation, deps: AgentDeps, user: AbortSignal): Question {
  const deadlines = startDeadlines(user, deps.limits);
  return {
    text,
    draft: createDraft(conversation, text),
    deps,
    user,
    deadlines,
    context: deps.context(deadlines.working, () => {}, conversation.memory),
    specs: deps.tools.map(specOf),
    startedAt: deps.clock(),
    steps: [],
    calls: [],
    queries: [],
    findings: [],
    failures: [],
    usage: NO_USAGE,
    costUsd: 0,
  };
}

/** The schema is made only when a model reads it: offline none is. */
function specOf(tool: Tool): ToolSpec {
  let schema: Record<string, unknown> | undefined;
  const { name, description } = tool;
  return {
    name,
    description,
    get inputSchema() {
      schema ??= tool.inputSchema();
      return schema;
    },
  };
}

export function spentBy(question: Question): Spent {
  const { steps, usage, costUsd } = question;
  const tokens = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return { steps, tokens, costUsd };
}

/** Adds what a turn, or a request that came to none, cost to the question and, whatever becomes of that, to its conversation. */
export function addSpending(question: Question, { model, usage }: Pick<ModelTurn, 'model' | 'usage'>): void {
  for (const account of [question, question.draft.conversation]) {
    account.usage = addUsage(account.usage, usage);
    account.costUsd = addCost(account.costUsd, model, usage);
  }
}

/** Books a step: gives findings their handles and each call its result. */
export function recordStep(question: Question, outcomes: readonly CallOutcome[]): ToolResult[] {
  const malformed = outcomes.filter(({ result }) => !result.ok && MALFORMED.has(result.failure.code));
  question.steps.push({ calls: outcomes.map((outcome) => outcome.call), malformed: malformed.length });
  return outcomes.map((outcome) => recordOutcome(question, outcome));
}

const MALFORMED: ReadonlySet<ToolFailure['code']> = new Set(['invalid_input', 'unknown_tool', 'not_run']);

function recordOutcome(question: Question, outcome: CallOutcome): ToolResult {
  const { call, result } = outcome;
  if (!result.ok) {
    const { failure } = result;
    question.failures.push(failure);
    question.calls.push({ outcome });
    return { callId: call.id, text: failureText(failure), outcome: { ok: false, failure } };
  }
  const finding = addFinding(question.draft, call, result.input, result.body);
  question.findings.push(finding);
  question.calls.push({ outcome, handle: finding.handle });
  const text = `${finding.handle}\n${question.deps.toolText(finding)}`;
  return { callId: call.id, text, outcome: { ok: true, finding } };
}

/** Whether a failed call says something about the data: a server that is down, or a call that is not valid, does not. */
export const isReason = ({ code }: ToolFailure): boolean => !NO_REASONS.has(code);

const NO_REASONS: ReadonlySet<ToolFailure['code']> = new Set([...MALFORMED, 'store_error']);

/** Why nothing was found, in a tool's words; undefined where something was, or no tool told. */
export function reasonOf({ findings, failures }: Question): ToolFailure | undefined {
  return findings.length > 0 ? undefined : failures.findLast(isReason);
}

function failureText({ message, hint, choices }: ToolFailure): string {
  const options = choices.map(({ slot, value, label }) => `- ${slot}: ${JSON.stringify(value)} (${label})`);
  return [message, hint ?? '', ...options].filter((line) => line !== '').join('\n');
}
