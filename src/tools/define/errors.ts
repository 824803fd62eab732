/** What a tool says when it cannot answer: advice to a model, and the words a person reads. */
import { RunsightError } from '../../runsight-error.ts';

export type ToolErrorCode =
  | 'invalid_input'
  | 'invalid_filter'
  | 'unknown_tool'
  | 'unknown_experiment'
  | 'unknown_run'
  | 'unknown_metric'
  | 'unknown_param'
  | 'unknown_key'
  | 'ambiguous_experiment'
  | 'ambiguous_run'
  | 'ambiguous_metric'
  | 'ambiguous_direction'
  | 'no_data'
  | 'too_few'
  | 'unsupported';

/** One way to settle an ambiguity: `slot` is the tool input that takes `value`. */
export interface Choice {
  readonly slot: 'experiment' | 'metric' | 'run' | 'direction' | 'param';
  readonly value: string;
  readonly label: string;
}

/** A tool cannot answer: unknown name, bad input, too little data. */
export class ToolError extends RunsightError {
  override readonly name = 'ToolError';
  readonly code: ToolErrorCode;
  /** What would work: the nearest names, a correct example. */
  readonly hint: string | undefined;
  readonly choices: readonly Choice[];

  constructor(code: ToolErrorCode, message: string, details: { hint?: string; choices?: readonly Choice[] } = {}) {
    super(message);
    this.code = code;
    this.hint = details.hint;
    this.choices = details.choices ?? [];
  }
}
