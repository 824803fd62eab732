import { RunsightError } from '../runsight-error.ts';

/** A setting that cannot be used: names the variable or flag, its value and the mend. */
export class ConfigError extends RunsightError {
  override readonly name = 'ConfigError';
  readonly code = 'bad_configuration';
  /** The message has it. */
  readonly hint = undefined;
}
