/** The program over a store, with the memory that it and the processes it starts take. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const LOOK_MS = 25;

export interface Watched {
  /** Undefined where it was killed, after `mostMs`. */
  readonly code: number | undefined;
  readonly text: string;
  readonly ms: number;
  /** MiB at the same time; 0 where the system does not tell. */
  readonly memory: number;
}

function readStatus(pid: string): { readonly parent: number; readonly memory: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    return { parent: field('PPid'), memory: field('VmRSS') / 1_024 };
  } catch {
    return undefined;
  }
}

function memoryOf(pid: number): number {
  try {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const own = all.map((one) => ({ one, ...readStatus(one) }));
    const counted = own.filter(({ one, parent }) => Number(one) === pid || parent === pid);
    return counted.reduce((sum, { memory = 0 }) => sum + memory, 0);
  } catch {
    return 0;
  }
}

export async function askWatched(question: string, uri: string, home: string, mostMs: number): Promise<Watched> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, 'ask', question, '--uri', uri, '--model', 'offline'], {
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [text, memory] = ['', 0];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const looking = setInterval(() => {
    memory = Math.max(memory, memoryOf(child.pid!));
  }, LOOK_MS);
  const killing = setTimeout(() => child.kill('SIGKILL'), mostMs);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(looking);
  clearTimeout(killing);
  return { code: code ?? undefined, text, ms: performance.now() - started, memory };
}
