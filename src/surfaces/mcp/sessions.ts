/** Talks of clients of the previous revision over HTTP, which say once what they can and expect it to be remembered. */
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { McpFactory } from './factory.ts';

type Transport = WebStandardStreamableHTTPServerTransport;

export interface Sessions {
  /** Undefined where the request belongs to no session and opens none. */
  fetch(request: Request): Promise<Response | undefined>;
  close(): Promise<void>;
}

const HEADER = 'mcp-session-id';
const MOST_OPEN = 100;

/** Those that rested longest make room. */
export function createSessions({ create }: Pick<McpFactory, 'create'>, mostOpen = MOST_OPEN): Sessions {
  const open = new Map<string, Transport>();
  const remember = async (id: string, transport: Transport) => {
    open.delete(id);
    open.set(id, transport);
    const [oldest] = open;
    if (open.size <= mostOpen || oldest === undefined) return;
    open.delete(oldest[0]);
    await oldest[1].close();
  };
  return {
    async fetch(request) {
      const id = request.headers.get(HEADER);
      const transport = id === null ? undefined : open.get(id);
      if (id !== null && transport !== undefined) {
        await remember(id, transport);
        return transport.handleRequest(request);
      }
      if (id !== null) return unknownSession();
      return (await opensOne(request)) ? begin(request) : undefined;
    },
    async close() {
      await Promise.all([...open.values()].map((transport) => transport.close()));
    },
  };

  async function begin(request: Request): Promise<Response> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => remember(id, transport),
      onsessionclosed: (id) => void open.delete(id),
    });
    const server = await create({ era: 'legacy', requestInfo: request });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await transport.close();
    return response;
  }
}

/** What is no JSON opens nothing: others say what is wrong with it. */
async function opensOne(request: Request): Promise<boolean> {
  if (request.method !== 'POST') return false;
  try {
    return isInitializeRequest(await request.clone().json());
  } catch {
    return false;
  }
}

/** The client then begins anew. */
function unknownSession(): Response {
  const error = { code: -32_001, message: 'there is no such session, or not any more: initialize again' };
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 404 });
}
