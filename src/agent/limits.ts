/** What a question may use up, and small predicates over the steps so far that say when it has. */
import type { ToolCall } from './models/model.ts';

export interface Limits {
  /** Rounds of tool calls per question. */
  readonly rounds: number;
  readonly calls: number;
  /** Calls that run at the same time. */
  readonly parallel: number;
  /** Tokens in and out, cached ones included. */
  readonly tokens: number;
  readonly costUsd: number;
  /** Tokens of a conversation that are sent in one request, by a rough estimate; a question takes several requests. */
  readonly contextTokens: number;
  readonly questionMs: number;
  /** Part of `questionMs` kept for the last words. */
  readonly closingMs: number;
  readonly toolMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  rounds: 8,
  calls: 24,
  parallel: 8,
  tokens: 400_000,
  costUsd: 1,
  contextTokens: 100_000,
  questionMs: 120_000,
  closingMs: 15_000,
  toolMs: 30_000,
};

/** One round: what was asked for, and how many of the calls could not even be run. */
export interface Step {
  readonly calls: readonly ToolCall[];
  readonly malformed: number;
}

export interface Spent {
  readonly steps: readonly Step[];
  readonly tokens: number;
  readonly costUsd: number | undefined;
}

/** Says which limit was hit, as the end of a sentence ("Stopped at …"), or nothing. */
type StopCondition = (spent: Spent, limits: Limits) => string | undefined;

export const countCalls = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + step.calls.length, 0);

export const atRounds: StopCondition = ({ steps }, { rounds }) =>
  steps.length >= rounds ? `the limit of ${rounds} rounds of tool calls` : undefined;

export const atCalls: StopCondition = ({ steps }, { calls }) =>
  countCalls(steps) >= calls ? `the limit of ${calls} tool calls` : undefined;

export const atTokens: StopCondition = ({ tokens }, limits) =>
  tokens >= limits.tokens ? `the limit of ${limits.tokens} tokens` : undefined;

export const atCost: StopCondition = ({ costUsd }, limits) =>
  costUsd !== undefined && costUsd >= limits.costUsd ? `the cost limit of $${limits.costUsd}` : undefined;

/** The same call a third time will not say anything new, whatever stands between and in whatever order its input is written. */
const REPEATS = 3;
export const isRepeating: StopCondition = ({ steps }) => {
  const seen = new Map<string, number>();
  for (const call of steps.flatMap((step) => step.calls)) {
    const key = `${call.name} ${canonicalText(call.input)}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...seen.values()) >= REPEATS ? `the same tool call made ${REPEATS} times` : undefined;
};

/** A text that does not depend on the order of keys: each value behind its depth and key. Without recursion, for data may be deep. */
function canonicalText(value: unknown): string {
  const lines: string[] = [];
  const open: (readonly [depth: number, key: string, part: unknown])[] = [[0, '', value]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [depth, key, part] = next;
    const isInner = typeof part === 'object' && part !== null;
    lines.push(
      `${depth} ${JSON.stringify(key)} ${isInner ? (Array.isArray(part) ? '[]' : '{}') : JSON.stringify(part)}`,
    );
    if (!isInner) continue;
    const inner = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, deeper] of inner) open.push([depth + 1, name, deeper]);
  }
  return lines.join('\n');
}

/** A malformed call may be mended twice. */
const MALFORMED_ROUNDS = 3;
export const isStumbling: StopCondition = ({ steps }) => {
  const last = steps.slice(-MALFORMED_ROUNDS);
  const stumbling = last.length === MALFORMED_ROUNDS && last.every((step) => step.malformed === step.calls.length);
  return stumbling ? `${MALFORMED_ROUNDS} rounds of tool calls that were not valid` : undefined;
};

const CONDITIONS = [atRounds, atCalls, atTokens, atCost, isRepeating, isStumbling];

/** The first limit that was hit, worded to follow "Stopped at". */
export function findLimitHit(spent: Spent, limits: Limits): string | undefined {
  for (const condition of CONDITIONS) {
    const hit = condition(spent, limits);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

/** Time runs out by a signal and not between steps; it is worded like the others. */
export const timeLimit = (limits: Limits): string => `the time limit of ${limits.questionMs / 1000} s`;
