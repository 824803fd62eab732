/** The thread that routes run in, so that what they compute keeps no health check and no cancel waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ConfigFlags, conversationPlace, type Environment, readConfig } from '../../config/config.ts';
import { openConversations } from '../../conversations/open.ts';
import type { ServeLimits } from './gates.ts';
import { createWorkplace, type Job, type JobOutcome } from './workplace.ts';

export interface ThreadData {
  readonly env: Environment;
  readonly flags: ConfigFlags;
  readonly limits: ServeLimits;
}

export type ToThread =
  | { readonly kind: 'run'; readonly id: number; readonly job: Job }
  | { readonly kind: 'abort' | 'ready'; readonly id: number }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'started' | 'closed' }
  | { readonly kind: 'not-started'; readonly code: string; readonly message: string }
  | { readonly kind: 'log'; readonly record: Readonly<Record<string, unknown>> }
  | { readonly kind: 'answered'; readonly status: string }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Extract<JobOutcome, { kind: 'reply' }> }
  /** Of `ready`. */
  | { readonly kind: 'done' | 'failed'; readonly id: number }
  | { readonly kind: 'events'; readonly id: number; readonly from: number | undefined }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly text: string };

const post = (message: FromThread): void => parentPort?.postMessage(message);

async function open() {
  const { env, flags, limits } = workerData as ThreadData;
  const config = readConfig(env, flags);
  const conversations = await openConversations(conversationPlace(config));
  const report = {
    log: (record: Readonly<Record<string, unknown>>) => post({ kind: 'log', record }),
    countAnswer: (status: string) => post({ kind: 'answered', status }),
  };
  return createWorkplace({ config, conversations, limits, report });
}

async function work(): Promise<void> {
  const workplace = await open();
  const running = new Map<number, AbortController>();
  const run = async (id: number, job: Job) => {
    const stop = new AbortController();
    running.set(id, stop);
    try {
      const outcome = await workplace.run(job, stop.signal);
      if (outcome.kind === 'reply') return post({ kind: 'reply', id, reply: outcome });
      post({ kind: 'events', id, from: outcome.from });
      for await (const text of outcome.events) post({ kind: 'event', id, text });
      post({ kind: 'end', id });
    } catch (error) {
      // Nobody waits for what was aborted; anything else is a bug of ours.
      if (!stop.signal.aborted) throw error;
      post({ kind: 'end', id });
    } finally {
      running.delete(id);
    }
  };
  const checkReady = (id: number) =>
    workplace.checkReady().then(
      () => post({ kind: 'done', id }),
      () => post({ kind: 'failed', id }),
    );
  parentPort?.on('message', async (message: ToThread) => {
    if (message.kind === 'run') await run(message.id, message.job);
    else if (message.kind === 'abort') running.get(message.id)?.abort();
    else if (message.kind === 'ready') await checkReady(message.id);
    else {
      await workplace.close();
      post({ kind: 'closed' });
      parentPort?.close();
    }
  });
  post({ kind: 'started' });
}

await work().catch((error: Error & { code?: string }) => {
  post({ kind: 'not-started', code: String(error.code ?? ''), message: error.message });
});
