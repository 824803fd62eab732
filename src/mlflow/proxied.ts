/** By which proxy a server is reached, if by any. */
import type { ProxySettings } from './rest/proxy-choice.ts';
import type { ProxyRoute } from './rest/proxy-route.ts';

interface Proxied {
  readonly proxies?: ProxySettings | undefined;
}

/** What proxies need is loaded where one is named. */
export async function findProxy(uri: string, { proxies }: Proxied): Promise<ProxyRoute | undefined> {
  if (proxies === undefined) return undefined;
  const route = await import('./rest/proxy-route.ts');
  return route.findRoute(uri, proxies);
}
