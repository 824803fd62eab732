/** The deterministic model: reads a question with the store's own names, plans tool calls, words what they found. */
import type { Query } from '../../query/query.ts';
import type { Tool } from '../../tools/define/tool.ts';
import type { Vocabulary } from '../../tools/resolve/vocabulary.ts';
import { NO_USAGE } from '../conversation/conversation.ts';
import type { Message, Model, ModelEvent, ModelRequest, ModelTurn, ToolCall, ToolResult } from '../models/model.ts';
import { checkValues } from './check-values.ts';
import { askOfFound, compileAll, isPicking, type PlannedCall } from './compile.ts';
import { decideBetween } from './decide.ts';
import { settleQuestion } from './follow-up/follow-up.ts';
import { type History, type Remembered, readHistory } from './follow-up/history.ts';
import type { Settled } from './follow-up/settled.ts';
import { chooseFrame } from './frames/choose.ts';
import { asking, type Plan } from './frames/frame.ts';
import type { Lexicon } from './lexicon.ts';
import { lookUpNames } from './look-up.ts';
import { MOST_TOKENS, type Reading, tooLong } from './slots.ts';
import type { Clock } from './time-phrases.ts';
import { tokenize } from './tokens.ts';
import { type Wording, wordNotUnderstood, wordObstacle, wordResults, wordUnanswered } from './wording.ts';

export const OFFLINE = 'offline';

export interface OfflineOptions {
  readonly vocabulary: Vocabulary;
  readonly tools: readonly Tool[];
  readonly lexicon: Lexicon;
  readonly clock: Clock;
}

type ReadingOptions = Pick<OfflineOptions, 'vocabulary' | 'lexicon' | 'clock'>;

/** What the model thought when it planned, kept with its turn: for when the results are in, and for what follows. */
interface Thought extends Remembered {
  readonly plan: Plan;
  /** Asked of what each call finds. */
  readonly next: readonly (Query | undefined)[];
  /** Whether these are the calls of `next`, or of what was asked instead. */
  readonly isSecond: boolean;
  /** The question read alone, where going on about the last one finds nothing. */
  readonly otherwise?: Reading | undefined;
}

export function createOfflineModel(options: OfflineOptions): Model {
  return {
    name: OFFLINE,
    canRepair: false,
    async *respond(request, signal): AsyncIterable<ModelEvent> {
      const turn = await takeTurn(request, options, signal);
      if (turn.text !== '') yield { type: 'text-delta', text: turn.text };
      yield { type: 'turn', turn };
    },
  };
}

async function takeTurn({ messages }: ModelRequest, options: OfflineOptions, signal: AbortSignal): Promise<ModelTurn> {
  const last = messages.at(-1);
  if (last?.role === 'user') {
    const history = readHistory(messages.slice(0, -1), options.tools);
    return plan(await settle(last.text, history, options, signal), options, signal);
  }
  if (last?.role !== 'tools') throw new Error('the offline model answers a question or the results of its own calls');
  return continueWith(last.results, messages, options, signal);
}

/** How a question without others before it is read. */
export async function read(question: string, options: ReadingOptions, signal: AbortSignal): Promise<Reading> {
  return (await settle(question, readHistory([], []), options, signal)).reading;
}

async function settle(
  question: string,
  history: History,
  options: ReadingOptions,
  signal: AbortSignal,
): Promise<Settled> {
  const { vocabulary } = options;
  const tokens = tokenize(question);
  if (tokens.length > MOST_TOKENS) return { reading: tooLong(question, tokens.length) };
  const { names, segments, otherCut } = await vocabulary.snapshot((state) =>
    lookUpNames(question, tokens, state, options, signal),
  );
  const named = settleQuestion(question, segments, names, history);
  const settled =
    otherCut === undefined
      ? named
      : decideBetween(question, named, otherCut, () => settleQuestion(question, otherCut.segments, names, history));
  const { reading } = settled;
  const obstacle = reading.obstacle ?? (await checkValues(reading, vocabulary, signal));
  return { ...settled, reading: { ...reading, obstacle } };
}

async function plan(settled: Settled, options: OfflineOptions, signal: AbortSignal): Promise<ModelTurn> {
  const { reading, explains, otherwise } = settled;
  if (explains !== undefined) {
    const { calls: repeated, queries } = explains;
    const compiled = compileAll(queries, options.tools);
    const calls = [...repeated, ...compiled.steps];
    return { ...callTurn(calls, { reading, plan: asking(), next: [], isSecond: false, isAside: true }), queries };
  }
  const choice = chooseFrame(reading);
  const { obstacle } = reading;
  if (choice.kind === 'obstacle' && obstacle) {
    const known = obstacle.kind === 'no-value' ? await options.vocabulary.values(obstacle.key, signal) : [];
    return { ...finalTurn(wordObstacle(reading.question, obstacle, known)), raw: { reading } satisfies Remembered };
  }
  if (choice.kind !== 'frame')
    return finalTurn(wordNotUnderstood(choice.kind === 'not-understood' ? choice.words : []));
  const planned = choice.frame.plan(reading);
  const { steps, unanswered } = compileAll(planned.queries, options.tools);
  if (unanswered.length > 0 && planned.kind === 'queries') return finalTurn(wordUnanswered(unanswered));
  if (steps.length === 0) return finalTurn(wordResults(reading, planned, []));
  return {
    ...callTurn(steps, { reading, plan: planned, next: steps.map(({ next }) => next), isSecond: false, otherwise }),
    queries: planned.queries,
  };
}

/** Goes on with what is asked of what was found, otherwise words what there is. */
async function continueWith(
  results: readonly ToolResult[],
  messages: readonly Message[],
  options: OfflineOptions,
  signal: AbortSignal,
): Promise<ModelTurn> {
  const before = messages.at(-2);
  const thought = before?.role === 'assistant' ? (before.turn.raw as Thought | undefined) : undefined;
  if (!thought) throw new Error('results without the plan that asked for them');
  const { reading, plan: planned, next, isSecond, otherwise } = thought;
  if (otherwise !== undefined && results.every(({ outcome }) => !outcome.ok))
    return plan({ reading: otherwise }, options, signal);
  const [first] = results;
  const instead = planned.kind === 'queries' && !isSecond ? planned.instead : undefined;
  if (instead && !first?.outcome.ok)
    return { ...callTurn(compileAll(instead, options.tools).steps, { ...thought, isSecond: true }), queries: instead };
  const calls = isSecond
    ? []
    : results.flatMap(({ outcome }, at) => {
        const asked = next[at];
        return asked && outcome.ok ? askOfFound(asked, outcome.finding, options.tools) : [];
      });
  if (calls.length > 0) return callTurn(calls, { ...thought, isSecond: true });
  const worded = isSecond ? [...results, ...foundBefore(messages, next)] : results;
  return finalTurn(wordResults(reading, planned, worded));
}

/**
 * What the ranking found stands after what was asked about its runs; nothing is said of it when that failed. Runs that
 * were only picked are no part of the answer: a list of them would read like one.
 */
function foundBefore(messages: readonly Message[], next: Thought['next']): readonly ToolResult[] {
  const before = messages.at(-3);
  const last = messages.at(-1);
  const isAnswered = last?.role === 'tools' && last.results.some(({ outcome }) => outcome.ok);
  if (before?.role !== 'tools') return [];
  return before.results.filter(({ outcome }, at) => {
    const asked = next[at];
    return outcome.ok && (asked === undefined || (isAnswered && !isPicking(asked)));
  });
}

function callTurn(planned: readonly PlannedCall[], thought: Thought): ModelTurn {
  const stage = thought.isSecond ? 'then' : 'call';
  const calls: ToolCall[] = planned.map(({ tool, input }, at) => ({ id: `${stage}-${at + 1}`, name: tool, input }));
  return { ...emptyTurn(), calls, stop: 'tools', raw: thought };
}

function finalTurn({ text, verdict }: Wording): ModelTurn {
  return { ...emptyTurn(), text, verdict };
}

function emptyTurn(): ModelTurn {
  return { model: OFFLINE, text: '', calls: [], stop: 'end', usage: NO_USAGE };
}
