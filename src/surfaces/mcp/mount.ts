/** The server as a function of web requests, for a process that listens already. It checks neither Host, Origin nor token. */
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import type { McpFactory } from './factory.ts';
import { createSessions } from './sessions.ts';

export interface McpMount {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** Requests of the previous revision that belong to no session are answered each for itself, as those of the current are. */
export function mountMcp(factory: McpFactory, onerror: (error: Error) => void = () => {}): McpMount {
  const handler = createMcpHandler(factory.create, { onerror });
  const sessions = createSessions(factory);
  return {
    async fetch(request) {
      const answer = (await isLegacyRequest(request)) ? await sessions.fetch(request) : undefined;
      return answer ?? (await handler.fetch(request));
    },
    async close() {
      factory.close();
      await Promise.all([handler.close(), sessions.close()]);
    },
  };
}
