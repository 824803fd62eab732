/** What is never kept of what a person types. */
import type { Config } from '../../../config/config.ts';
import { createMask } from '../../../mask.ts';

const SECRETS: readonly RegExp[] = [
  /\bsk-[\w-]{8,}/,
  /\b(?:gh[pousr]_|github_pat_|xox[abpr]-|AKIA|dapi)[\w-]{10,}/,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+/,
  /\b(?:api[_-]?key|token|passw(?:or)?d|secret|bearer|authorization)\b["']?\s*[:= ]\s*["']?[^\s"']{8,}/i,
  /:\/\/[^\s/@:]+:[^\s/@]+@/,
];

/** Whether a line looks like it holds a secret, or holds one of the configured ones, in whatever form. */
export function secretTest({ mlflow, databricks, anthropic }: Config): (line: string) => boolean {
  const mask = createMask(
    [mlflow.password, mlflow.token, databricks.token, anthropic.key].map((secret) => secret?.reveal()),
  );
  return (line) => mask(line) !== line || SECRETS.some((pattern) => pattern.test(line));
}
