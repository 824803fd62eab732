/** The thread that answers MCP beside the HTTP API: what is asked there keeps no health check and no other route waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ConfigFlags, conversationPlace, type Environment, readConfig } from '../../config/config.ts';
import { openConversations } from '../../conversations/open.ts';
import { type McpCaller, mountForCallers } from './mount-callers.ts';

export interface MountThreadData {
  readonly env: Environment;
  readonly flags: ConfigFlags;
}

/** A request as plain data. */
interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: Uint8Array<ArrayBuffer>;
}

export type ToMountThread =
  | { readonly kind: 'fetch'; readonly id: number; readonly request: SentRequest; readonly caller: McpCaller }
  | { readonly kind: 'abort'; readonly id: number };

export type FromMountThread = { readonly id: number } & (
  | { readonly kind: 'head'; readonly status: number; readonly headers: [string, string][]; readonly hasBody: boolean }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  /** `code`: of an error of ours, which its clone would lack. */
  | { readonly kind: 'failed'; readonly error: Error; readonly code: string }
);

const post = (message: FromMountThread): void => parentPort?.postMessage(message);

const { env, flags } = workerData as MountThreadData;
const config = readConfig(env, flags);
const running = new Map<number, AbortController>();
let mounting: ReturnType<typeof mount> | undefined;

async function mount() {
  return mountForCallers(config, await openConversations(conversationPlace(config)));
}

function mounted(): ReturnType<typeof mount> {
  mounting ??= mount().catch((error: unknown) => {
    // A database of conversations that was down may be up at the next request.
    mounting = undefined;
    throw error;
  });
  return mounting;
}

async function answer(id: number, { url, method, headers, body }: SentRequest, caller: McpCaller): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  try {
    const fetch = await mounted();
    const request = new Request(url, { method, headers, signal: stop.signal, ...(body.length > 0 && { body }) });
    const response = await fetch(request, caller);
    const hasBody = response.body !== null;
    post({ kind: 'head', id, status: response.status, headers: [...response.headers], hasBody });
    for await (const bytes of response.body ?? []) post({ kind: 'chunk', id, bytes });
    post({ kind: 'end', id });
  } catch (error) {
    const { code = '' } = error as { readonly code?: unknown };
    post({ kind: 'failed', id, error: error instanceof Error ? error : new Error(String(error)), code: String(code) });
  } finally {
    running.delete(id);
  }
}

parentPort?.on('message', async (message: ToMountThread) => {
  if (message.kind === 'abort') running.get(message.id)?.abort();
  else await answer(message.id, message.request, message.caller);
});
