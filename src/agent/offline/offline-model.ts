/** The deterministic model: reads a question with the store's own names, plans tool calls, words what they found. */
import type { Finding } from '../../tools/kit/finding.ts';
import type { Vocabulary } from '../../tools/kit/vocabulary.ts';
import type { Message, Model, ModelEvent, ModelRequest, ModelTurn, ToolCall, ToolResult } from '../models/model.ts';
import { checkValues } from './check-values.ts';
import { type Settled, settleQuestion } from './follow-up/follow-up.ts';
import { type History, type Remembered, readHistory } from './follow-up/history.ts';
import { chooseFrame } from './frames/choose.ts';
import type { ChainedCall, Plan, PlannedCall } from './frames/frame.ts';
import { lookUpNames } from './look-up.ts';
import { MOST_TOKENS, type Reading, tooLong } from './slots.ts';
import type { Clock } from './time-phrases.ts';
import { tokenize } from './tokens.ts';
import { type Wording, wordNotUnderstood, wordObstacle, wordResults } from './wording.ts';

export const OFFLINE = 'offline';

export interface OfflineOptions {
  readonly vocabulary: Vocabulary;
  readonly clock: Clock;
}

/** What the model thought when it planned, kept with its turn: for when the results are in, and for what follows. */
interface Thought extends Remembered {
  readonly plan: Plan;
  readonly isChained: boolean;
  /** The question read alone, where going on about the last one finds nothing. */
  readonly otherwise?: Reading | undefined;
}

export function createOfflineModel({ vocabulary, clock }: OfflineOptions): Model {
  return {
    name: OFFLINE,
    canRepair: false,
    async *respond(request, signal): AsyncIterable<ModelEvent> {
      const turn = await takeTurn(request, vocabulary, clock, signal);
      if (turn.text !== '') yield { type: 'text-delta', text: turn.text };
      yield { type: 'turn', turn };
    },
  };
}

async function takeTurn(
  { messages }: ModelRequest,
  vocabulary: Vocabulary,
  clock: Clock,
  signal: AbortSignal,
): Promise<ModelTurn> {
  const last = messages.at(-1);
  if (last?.role === 'user') {
    const settled = await settle(last.text, readHistory(messages.slice(0, -1)), vocabulary, clock, signal);
    return plan(settled, vocabulary, signal);
  }
  if (last?.role !== 'tools') throw new Error('the offline model answers a question or the results of its own calls');
  return continueWith(last.results, messages, vocabulary, signal);
}

/** How a question without others before it is read. */
export async function read(
  question: string,
  vocabulary: Vocabulary,
  clock: Clock,
  signal: AbortSignal,
): Promise<Reading> {
  return (await settle(question, readHistory([]), vocabulary, clock, signal)).reading;
}

async function settle(
  question: string,
  history: History,
  vocabulary: Vocabulary,
  clock: Clock,
  signal: AbortSignal,
): Promise<Settled> {
  const tokens = tokenize(question);
  if (tokens.length > MOST_TOKENS) return { reading: tooLong(question, tokens.length) };
  const { names, segments } = await vocabulary.snapshot((state) => lookUpNames(question, tokens, state, clock, signal));
  const settled = settleQuestion(question, segments, names, history);
  const { reading } = settled;
  const obstacle = reading.obstacle ?? (await checkValues(reading, vocabulary, signal));
  return { ...settled, reading: { ...reading, obstacle } };
}

async function plan(settled: Settled, vocabulary: Vocabulary, signal: AbortSignal): Promise<ModelTurn> {
  const { reading, plan: asked, isAside, otherwise } = settled;
  if (asked?.kind === 'calls') return callTurn(asked.calls, { reading, plan: asked, isChained: false, isAside });
  const choice = chooseFrame(reading);
  const { obstacle } = reading;
  if (choice.kind === 'obstacle' && obstacle) {
    const known = obstacle.kind === 'no-value' ? await vocabulary.values(obstacle.key, signal) : [];
    return { ...finalTurn(wordObstacle(reading.question, obstacle, known)), raw: { reading } satisfies Remembered };
  }
  if (choice.kind !== 'frame')
    return finalTurn(wordNotUnderstood(choice.kind === 'not-understood' ? choice.words : []));
  const planned = choice.frame.plan(reading);
  if (planned.calls.length === 0) return finalTurn(wordResults(reading, planned, []));
  return callTurn(planned.calls, { reading, plan: planned, isChained: false, otherwise });
}

/** Goes on with a chain when the first call found runs, otherwise words what there is. */
async function continueWith(
  results: readonly ToolResult[],
  messages: readonly Message[],
  vocabulary: Vocabulary,
  signal: AbortSignal,
): Promise<ModelTurn> {
  const asked = messages.at(-2);
  const thought = asked?.role === 'assistant' ? (asked.turn.raw as Thought | undefined) : undefined;
  if (!thought) throw new Error('results without the plan that asked for them');
  const { reading, plan: planned, isChained, otherwise } = thought;
  if (otherwise !== undefined && results.every(({ outcome }) => !outcome.ok))
    return plan({ reading: otherwise }, vocabulary, signal);
  const chain = planned.kind === 'calls' ? planned.chain : undefined;
  const [first] = results;
  const instead = planned.kind === 'calls' && !isChained ? planned.instead : undefined;
  if (instead && !first?.outcome.ok) return callTurn(instead, { ...thought, isChained: true });
  if (chain && !isChained && first?.outcome.ok) {
    const chained = fillChain(chain, first.outcome.finding);
    if (chained.length > 0) return callTurn(chained, { ...thought, isChained: true });
  }
  // Runs that were only picked are no part of the answer: a list of them would read like one.
  const isPicked = chain?.fill === 'among';
  const worded = isChained && !isPicked ? [...results, ...chainedFrom(messages)] : results;
  return finalTurn(wordResults(reading, planned, worded));
}

/** What the ranking found stands after what was asked about its runs; nothing is said of it when that failed. */
function chainedFrom(messages: readonly Message[]): readonly ToolResult[] {
  const before = messages.at(-3);
  const last = messages.at(-1);
  const isAnswered = last?.role === 'tools' && last.results.some(({ outcome }) => outcome.ok);
  return isAnswered && before?.role === 'tools' ? before.results.filter(({ outcome }) => outcome.ok) : [];
}

/** Runs that tie for first are looked at together, up to so many. */
const MOST_TIED = 3;

function fillChain(chain: ChainedCall, finding: Finding): PlannedCall[] {
  const { tool, input, fill, runs, least = 1 } = chain;
  const { runIds: listed, named = listed } = finding.subject;
  const runIds = runs === 'ties' ? named.slice(0, MOST_TIED) : listed.slice(0, runs);
  if (runIds.length < least) return [];
  if (fill === 'among') {
    const among = `attributes.run_id IN (${runIds.map((id) => `'${id}'`).join(', ')})`;
    const own = typeof input.filter === 'string' ? ` AND (${input.filter})` : '';
    return [{ tool, input: { ...input, filter: `${among}${own}` } }];
  }
  if (fill === 'run') return runIds.map((run) => ({ tool, input: { ...input, run } }));
  return [{ tool, input: { ...input, runs: runIds } }];
}

function callTurn(planned: readonly PlannedCall[], thought: Thought): ModelTurn {
  const stage = thought.isChained ? 'then' : 'call';
  const calls: ToolCall[] = planned.map(({ tool, input }, at) => ({ id: `${stage}-${at + 1}`, name: tool, input }));
  return { ...emptyTurn(), calls, stop: 'tools', raw: thought };
}

function finalTurn({ text, verdict }: Wording): ModelTurn {
  return { ...emptyTurn(), text, verdict };
}

function emptyTurn(): ModelTurn {
  const usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, requests: 0 };
  return { model: OFFLINE, text: '', calls: [], stop: 'end', usage };
}
