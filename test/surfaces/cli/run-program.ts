/** Runs the built program as a process of its own, in an environment that holds only what a test gives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { bundle } from '../../../scripts/build.mjs';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Given on standard input; nothing otherwise. */
  readonly stdin?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd: string;
}

// Built anew for each test file, below the package's own folder, so that it is the source as it stands now.
const folder = join(import.meta.dirname, `../../../node_modules/.cache/runsight-test-${process.pid}`);
await bundle(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program as words of a command line. */
export const program: readonly string[] = [process.execPath, join(folder, 'bin.js')];

/** A home of its own: no config file or cache of this machine. */
export const environment = (home: string) => ({ HOME: home, TZ: 'UTC', XDG_CACHE_HOME: join(folder, 'cache') });

export function startProgram(args: readonly string[], { env = {}, cwd, stdin }: ProgramOptions): ChildProcess {
  const child = spawn(process.execPath, [join(folder, 'bin.js'), ...args], {
    cwd,
    env: { ...environment(cwd), ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(stdin);
  return child;
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
