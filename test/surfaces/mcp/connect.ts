/** A real client of either revision, in the same process as the server, over the server's own entry for streams. */
import { Client, type ClientOptions, InMemoryTransport } from '@modelcontextprotocol/client';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type App, createApp } from '../../../src/app/create-app.ts';
import { type Config, readConfig } from '../../../src/config/config.ts';
import { createMcpFactory, type McpOptions } from '../../../src/surfaces/mcp/factory.ts';

export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;
export type Revision = (typeof REVISIONS)[number];

/** A client of the current revision says which; one of the previous opens as it always did. */
export function createClient(revision: Revision, options: ClientOptions = {}): Client {
  const mode = revision === '2026-07-28' ? ({ pin: revision } as const) : 'legacy';
  return new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, ...options });
}

export async function connectTo(create: McpServerFactory, client: Client): Promise<AsyncDisposable> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = serveStdio(create, { transport: far });
  await client.connect(near);
  return {
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  };
}

export interface Session extends AsyncDisposable {
  readonly client: Client;
  readonly app: App;
  readonly config: Config;
}

/** Over the demo, offline, in no home folder; `app` may do what no store can. */
export async function openSession(
  revision: Revision = '2026-07-28',
  {
    uri,
    env = {},
    client: clientOptions,
    app: change = (app) => app,
    ...options
  }: McpOptions & {
    readonly uri?: string | undefined;
    readonly env?: Readonly<Record<string, string>> | undefined;
    readonly client?: ClientOptions | undefined;
    readonly app?: ((app: App) => App) | undefined;
  } = {},
): Promise<Session> {
  const config = readConfig({ HOME: '/nowhere', RUNSIGHT_MODEL: 'offline', ...env }, { uri }, '/');
  const app = change(createApp(config, { surface: 'mcp' }));
  const factory = createMcpFactory(app, config, options);
  const client = createClient(revision, clientOptions);
  const connection = await connectTo(factory.create, client);
  return {
    client,
    app,
    config,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      factory.close();
      await app.close();
    },
  };
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly uri?: string;
  readonly mimeType?: string;
  readonly data?: string;
}

export const blocksOf = (result: unknown): readonly Block[] => (result as { readonly content: Block[] }).content;

export const textOf = (result: unknown): string =>
  blocksOf(result)
    .flatMap(({ text }) => text ?? [])
    .join('\n');

export const dataOf = <T = Record<string, unknown>>(result: unknown): T =>
  (result as { readonly structuredContent: T }).structuredContent;

export const isError = (result: unknown): boolean => (result as { readonly isError?: boolean }).isError === true;
