/** A setting that cannot be used: names the variable or flag, its value and the mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
