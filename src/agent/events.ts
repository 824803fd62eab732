/** What a question yields while it is worked on, and the record it ends in. */
import type { Chart } from '../finding/charts.ts';
import type { Finding } from '../finding/finding.ts';
import type { Query } from '../query/query.ts';
import type { AnswerChoice, AnswerStatus, ToolFailure } from './models/model.ts';

export interface AnswerError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly retryable: boolean;
  /** What failed: the store, the model, or what this program allows itself. */
  readonly source: 'store' | 'model' | 'program';
  /** By which a provider of models finds the request again. */
  readonly requestId?: string | undefined;
}

/** The stored plan of an answer. */
export interface Receipt {
  readonly version: string;
  readonly question: string;
  /** ISO time that the question was answered at (RUNSIGHT_NOW where set). */
  readonly now: string;
  readonly store: string;
  /** What the question was read as, where it was read into queries: offline. */
  readonly queries?: readonly Query[] | undefined;
  readonly calls: readonly {
    readonly handle?: string | undefined;
    readonly tool: string;
    readonly input: unknown;
    readonly ok: boolean;
    /** The data's revision when the call ran, where the store can tell. */
    readonly revision?: string | undefined;
  }[];
}

/** What code found and worded itself, to hold a remote model's words against. */
export interface EvidenceLine {
  /** Of the finding; undefined: why a tool could not answer. */
  readonly handle?: string | undefined;
  /** Markdown on one line: the finding's first sentences, and its scope. */
  readonly text: string;
}

export interface Answer {
  readonly id: string;
  /** Id of the conversation that it is part of. */
  readonly conversation: string;
  readonly status: AnswerStatus;
  /** Markdown; leads with what was asked for. */
  readonly text: string;
  /** The findings that the text cites, also earlier ones. Empty where code worded the text. */
  readonly evidence: readonly EvidenceLine[];
  /** What a person should know that is no part of the answer. */
  readonly warnings: readonly string[];
  readonly choices: readonly AnswerChoice[];
  readonly error?: AnswerError | undefined;
  readonly findings: readonly Finding[];
  readonly charts: readonly Chart[];
  readonly followUps: readonly string[];
  readonly usage: {
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** Undefined where no price is known; 0 offline. */
    readonly costUsd?: number | undefined;
    /** Day of the price table, where there is a cost. */
    readonly pricesAsOf?: string | undefined;
    readonly requests: number;
  };
  readonly timingMs: number;
  readonly receipt: Receipt;
}

/** Deltas are what the model says, as it says it, unchecked; only `answer.text` has passed the check. */
export type AgentEvent =
  | { readonly type: 'tool-start'; readonly callId: string; readonly tool: string; readonly title: string }
  | { readonly type: 'tool-end'; readonly callId: string; readonly finding?: Finding; readonly failure?: ToolFailure }
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'answer'; readonly answer: Answer };
