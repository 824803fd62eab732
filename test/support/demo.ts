/** The bundled demo and its truth, as the script that made it wrote them down. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const demoFolder = join(import.meta.dirname, '../../examples/demo');

/** For reading only: tests that let anything write take a copy. */
export const demoPath = join(demoFolder, 'mlflow.db');

export interface TrueHistory {
  readonly n: number;
  readonly steps: number;
  readonly first_step: number;
  readonly last_step: number;
  readonly nonfinite: number;
  readonly last: number | string;
}
export interface TrueRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly lifecycle: 'active' | 'deleted';
  /** ISO. */
  readonly start: string;
  readonly end: string | null;
  readonly user: string;
  readonly parent: string | null;
  /** `name@digest` */
  readonly datasets: readonly string[];
  /** Rounded to six digits; NaN and ±Infinity as texts. */
  readonly metrics: Readonly<Record<string, number | string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly histories: Readonly<Record<string, TrueHistory>>;
}
export interface TrueExperiment {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: 'active' | 'deleted';
  readonly tags: Readonly<Record<string, string>>;
  readonly runs: readonly TrueRun[];
}
export interface Truth {
  readonly now: string;
  readonly experiments: readonly TrueExperiment[];
}

export function readTruth(): Truth {
  return JSON.parse(readFileSync(join(demoFolder, 'truth.json'), 'utf8')) as Truth;
}

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** A folder that is gone after `using`. */
export function makeTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'runsight-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A writable copy of the demo database in `folder`. */
export function copyDemo(folder: string): string {
  const path = join(folder, 'mlflow.db');
  copyFileSync(demoPath, path);
  return path;
}
