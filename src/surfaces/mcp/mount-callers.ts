/** The server for those who call a process that knows them by their tokens: each sees their own store, answers and findings. */
import { createApp } from '../../app/create-app.ts';
import type { Config } from '../../config/config.ts';
import { type ConversationStore, ownerWithin } from '../../conversations/conversations.ts';
import { createMcpFactory } from './factory.ts';
import { type McpMount, mountMcp } from './mount.ts';

/** Who calls, as the process that listens tells. */
export interface McpCaller {
  readonly owner: string;
  readonly tenant?: string | undefined;
}

/** There are as many callers as tokens. Conversations are kept where they say, so that they go on from other ways in. */
export function mountForCallers(
  config: Config,
  conversations: ConversationStore,
): (request: Request, caller: McpCaller) => Promise<Response> {
  const mounts = new Map<string, McpMount>();
  const mountOf = ({ owner, tenant }: McpCaller): McpMount => {
    const key = JSON.stringify([owner, tenant]);
    const own = conversations.of(ownerWithin(tenant, owner));
    const parts = { surface: 'mcp', isolated: true, tenant, conversations: own };
    const app = () => createApp(config, parts);
    const mount = mounts.get(key) ?? mountMcp(createMcpFactory(app(), config, { tenant }));
    mounts.set(key, mount);
    return mount;
  };
  return (request, caller) => mountOf(caller).fetch(request);
}
