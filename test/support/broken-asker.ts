/** A process that asks broken servers one question after another, and tells what each took of it. Its memory is its own. */
import type { Answer } from '../../src/agent/events.ts';
import { askBroken } from './ask-broken.ts';
import { demoPath } from './demo.ts';

export interface Job {
  readonly uri: string;
  readonly question: string;
  /** That one request may take. */
  readonly seconds: number;
  /** Milliseconds until it is cancelled; undefined: not. */
  readonly cancelMs: number | undefined;
}

export interface Report {
  /** Undefined where there was none. */
  readonly answer: Answer | undefined;
  /** What was thrown, where that was not the reason of the cancelling. */
  readonly thrown: string | undefined;
  readonly ms: number;
  /** From the cancelling to the end. */
  readonly cancelledMs: number | undefined;
  /** The longest time in which nothing else could be done, in processor time of the thread. */
  readonly blockedMs: number;
  /** Resident memory at its largest, as far as was looked. */
  readonly megabytes: number;
}

const TICK_MS = 10;

/** Looks every few milliseconds how much the thread has worked since it last could, and what memory there is. */
function watch(): () => Pick<Report, 'blockedMs' | 'megabytes'> {
  let longest = 0;
  let most = 0;
  const spent = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let before = spent();
  const look = () => {
    const now = spent();
    longest = Math.max(longest, now - before);
    before = now;
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, TICK_MS);
  return () => {
    clearInterval(timer);
    look();
    return { blockedMs: longest, megabytes: most / 2 ** 20 };
  };
}

async function run({ uri, question, seconds, cancelMs }: Job): Promise<Report> {
  const controller = new AbortController();
  const reason = new Error('cancelled');
  let cancelledAt: number | undefined;
  const cancel = () => {
    cancelledAt = performance.now();
    controller.abort(reason);
  };
  const timer = cancelMs === undefined ? undefined : setTimeout(cancel, cancelMs);
  const stop = watch();
  const started = performance.now();
  let answer: Answer | undefined;
  let thrown: string | undefined;
  try {
    answer = await askBroken(uri, question, seconds, controller.signal);
  } catch (error) {
    if (error !== reason) thrown = error instanceof Error ? error.stack : String(error);
  }
  clearTimeout(timer);
  const ended = performance.now();
  return {
    answer,
    thrown,
    ms: ended - started,
    cancelledMs: cancelledAt === undefined ? undefined : ended - cancelledAt,
    ...stop(),
  };
}

/** What the first question of a process loads is not the server's doing. */
let isLoaded: Promise<unknown> | undefined;
const load = async (): Promise<void> => {
  const { signal } = new AbortController();
  await askBroken(demoPath, 'how many runs are there?', 5, signal);
  await askBroken('http://127.0.0.1:1', 'how many runs are there?', 1, AbortSignal.timeout(50)).catch(() => {});
};

if (process.send !== undefined)
  process.on('message', async (job: Job) => {
    isLoaded ??= load();
    await isLoaded;
    const report = await run(job);
    process.send?.(report);
  });
