/** `runsight serve` as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { environment, program } from '../cli/run-program.ts';

export interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: Promise<string>;
  readonly ended: Promise<number | null>;
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

export async function startServe(
  folder: string,
  words: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served> {
  const [node = '', ...args] = program;
  const child = spawn(node, [...args, 'serve', '--port', '0', '--model', 'offline', ...words], {
    cwd: folder,
    env: { ...environment(folder), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let printed = '';
  const ready = Promise.withResolvers<string>();
  child.stdout!.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk;
    const [, url] = /^runsight serves at (http:\S+)\n/.exec(printed) ?? [];
    if (url !== undefined) ready.resolve(url);
  });
  const stderr = text(child.stderr!);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  ended.then(async () => ready.reject(new Error(await stderr))).catch(() => {});
  return { url: await ready.promise, child, stdout: () => printed, stderr, ended };
}
