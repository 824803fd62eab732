/** The server as a function of web requests, for a process that listens already. It checks neither Host, Origin nor token. */
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { McpFactory } from './factory.ts';

export interface McpMount {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

export function mountMcp({ create, close }: McpFactory, onerror: (error: Error) => void = () => {}): McpMount {
  const handler = createMcpHandler(create, { onerror });
  return {
    fetch: (request) => handler.fetch(request),
    async close() {
      close();
      await handler.close();
    },
  };
}
