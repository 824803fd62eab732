/** The seam between the loop and whatever decides the next step: Claude, the offline reader, or a script. */

import type { Finding } from '../../finding/finding.ts';
import type { Query } from '../../query/query.ts';
import { RunsightError } from '../../runsight-error.ts';
import type { Choice, ToolErrorCode } from '../../tools/define/errors.ts';

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ToolFailure {
  readonly code: ToolErrorCode | 'store_error' | 'not_run';
  /** Of a `store_error`: the store's own. */
  readonly storeCode?: string | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly choices: readonly Choice[];
}

/** Every call of a turn gets exactly one result, in the order of the calls. */
export interface ToolResult {
  readonly callId: string;
  /** What a remote model reads. */
  readonly text: string;
  readonly outcome:
    | { readonly ok: true; readonly finding: Finding }
    | { readonly ok: false; readonly failure: ToolFailure };
}

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly turn: ModelTurn }
  | { readonly role: 'tools'; readonly results: readonly ToolResult[] };

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly requests: number;
}

export type AnswerStatus = 'answered' | 'partial' | 'clarify' | 'cannot' | 'unsupported' | 'error';

export interface AnswerChoice {
  readonly label: string;
  /** Asked as it stands, it settles the matter. */
  readonly question: string;
}

export interface ModelTurn {
  /** Name of the model that spoke, e.g. `offline`, `claude-sonnet-5-5`. */
  readonly model: string;
  readonly text: string;
  /** What the question was read as, by a model that reads questions into queries. */
  readonly queries?: readonly Query[] | undefined;
  /** Empty when the turn ends the question. */
  readonly calls: readonly ToolCall[];
  readonly stop: 'end' | 'tools' | 'max_tokens' | 'refusal' | 'context_full';
  readonly usage: Usage;
  /** Set by models whose text is worded by code and who know what it is worth; otherwise the loop judges by the tool results. */
  readonly verdict?:
    | {
        readonly status: AnswerStatus;
        /** Why a question was not answered: words that could not be placed, or readings that differ. */
        readonly reason?: 'not-understood' | 'ambiguous' | undefined;
        readonly choices?: readonly AnswerChoice[];
        readonly followUps?: readonly string[];
      }
    | undefined;
  /** What a person should know of how the answer came about. */
  readonly warnings?: readonly string[] | undefined;
  /** What the provider wants to see again unchanged (thinking blocks and the like). */
  readonly raw?: unknown;
}

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly Message[];
  /** Empty: no tools may be asked for, an answer is due. */
  readonly tools: readonly ToolSpec[];
}

export type ModelEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly text: string }
  /** What the reply under way has cost so far: all that is known of one that nobody waits for any more. */
  | { readonly type: 'spending'; readonly model: string; readonly usage: Usage }
  /** Requests that led to no turn: cut off, failed or declined. They cost all the same. */
  | { readonly type: 'spent'; readonly model: string; readonly usage: Usage }
  | { readonly type: 'turn'; readonly turn: ModelTurn };

/** Said in the stream of words behind those that no longer count. */
export const INTERRUPTED: ModelEvent & { readonly type: 'text-delta' } = {
  type: 'text-delta',
  text: '\n[interrupted, starting again]\n',
};

export interface Model {
  readonly name: string;
  /** Whether the number check may send the model back once to mend its text. */
  readonly canRepair: boolean;
  /** Yields deltas and what was spent in vain, then exactly one `turn`. @throws ModelError when it cannot. */
  respond(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

export type ModelErrorCode =
  | 'no_key'
  | 'bad_key'
  | 'model_rate_limited'
  | 'overloaded'
  | 'model_unreachable'
  | 'model_timeout'
  | 'bad_reply'
  | 'model_refused_request';

/** The model fails: what one's own throws becomes an answer with this error. */
export class ModelError extends RunsightError {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  /** By which the provider finds the request again. */
  readonly requestId: string | undefined;

  constructor(
    code: ModelErrorCode,
    message: string,
    details: { hint?: string; retryable?: boolean; requestId?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
  }
}
