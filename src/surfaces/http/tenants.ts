/** One app for each tenant, so that nothing that one has read can reach another. */
import { type App, createApp } from '../../app/create-app.ts';
import type { Config } from '../../config/config.ts';
import { type ConversationStore, type Conversations, ownerWithin } from '../../conversations/conversations.ts';
import type { NameLinks } from '../../conversations/links.ts';
import type { Caller } from './access.ts';

export interface Tenants {
  appOf(caller: Caller): App;
  /** Of the caller within their tenant: who bears the same name in another is somebody else. */
  conversationsOf(caller: Caller): Conversations;
  /** What somebody of the caller's tenant shared. */
  findShared(caller: Caller, secret: string): ReturnType<ConversationStore['findShared']>;
  readonly links: NameLinks;
  close(): Promise<void>;
}

export function createTenants(config: Config, conversations: ConversationStore): Tenants {
  const apps = new Map<string | undefined, App>();
  return {
    appOf({ tenant }) {
      const app = apps.get(tenant) ?? createApp(config, { surface: 'http', isolated: true, tenant });
      apps.set(tenant, app);
      return app;
    },
    conversationsOf: ({ owner, tenant }) => conversations.of(ownerWithin(tenant, owner)),
    findShared: ({ tenant }, secret) => conversations.findShared(tenant, secret),
    links: conversations.links,
    async close() {
      await Promise.all([...apps.values()].map((app) => app.close()));
      await conversations.close();
    },
  };
}
