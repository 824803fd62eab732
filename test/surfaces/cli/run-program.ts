/** Runs the program from source as a process of its own, in an environment that holds only what a test gives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd: string;
}

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

export function startProgram(args: readonly string[], { env = {}, cwd }: ProgramOptions): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    // A home of its own: no config file or cache of this machine.
    env: { HOME: cwd, TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<Outcome> {
  const child = startProgram(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
