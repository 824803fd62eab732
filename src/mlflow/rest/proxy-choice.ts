/** Which proxy a server is reached through: the one that MLflow's own client would find in HTTP_PROXY and its like. */
import { maskUri } from '../../mask.ts';
import { StoreError } from '../errors.ts';
import { decodePercents } from './decode-percents.ts';
import { isReachedDirectly } from './no-proxy.ts';

export interface ProxyVariable {
  /** As the environment writes it: small letters or capitals. */
  readonly name: string;
  readonly value: string;
}

export interface ProxySettings {
  /** By the scheme of the server's address. */
  readonly http?: ProxyVariable | undefined;
  readonly https?: ProxyVariable | undefined;
  /** For a scheme without its own. */
  readonly all?: ProxyVariable | undefined;
  /** Servers that are reached without one. */
  readonly none?: ProxyVariable | undefined;
}

export interface ChosenProxy {
  /** Without credentials. */
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  /** What names it. */
  readonly variable: string;
  /** How it is gone past, for a mend. */
  readonly goPast: string;
}

/** Undefined: none. Throws StoreError for one that cannot be used. */
export function chooseProxy(server: URL, { http, https, all, none }: ProxySettings): ChosenProxy | undefined {
  const chosen = (server.protocol === 'https:' ? https : http) ?? all;
  if (chosen === undefined || isReachedDirectly(server, none?.value ?? '')) return undefined;
  // Where both are set, only the one in small letters is read.
  const list = none?.name ?? (chosen.name === chosen.name.toLowerCase() ? 'no_proxy' : 'NO_PROXY');
  const goPast = `write ${server.hostname} into ${list} to go without`;
  const { origin, username, password } = readAddress(chosen, goPast);
  return {
    origin,
    username: decodePercents(username),
    password: decodePercents(password),
    variable: chosen.name,
    goPast,
  };
}

function readAddress({ name, value }: ProxyVariable, goPast: string): URL {
  const url = URL.parse(value);
  const shown = maskUri(value).replace(/\s+/g, ' ');
  if (/^socks/i.test(value))
    throw new StoreError('unsupported_source', `${name} is ${shown}, and SOCKS is not supported`, {
      hint: `Name a proxy that speaks HTTP, or ${goPast}.`,
    });
  // The rest of a password that holds / ? or # would be taken for a path, its beginning for the host.
  const isWhole = url !== null && /^https?:$/.test(url.protocol) && `${url.pathname}${url.search}${url.hash}` === '/';
  if (isWhole) return url;
  throw new StoreError('invalid_request', `${name} is ${shown}, which is no address of a proxy`, {
    hint: `Write it as http://host:port or http://user:password@host:port, with %40 for an @ of the password, %2F for a /, or ${goPast}.`,
  });
}
