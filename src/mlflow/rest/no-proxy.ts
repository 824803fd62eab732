/** Which servers are reached without a proxy: those of this machine, and those that NO_PROXY lists. */
import { BlockList, isIP } from 'node:net';

/** Through a proxy these would mean the proxy's own machine, which nobody means. */
const THIS_MACHINE = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|::1?)$/;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** `list` as in NO_PROXY: host names with what ends on them, addresses, networks as 10.0.0.0/8, each with a port or not, or `*`. */
export function isReachedDirectly(target: URL, list: string): boolean {
  const host = toHost(target.hostname);
  const port = target.port || DEFAULT_PORTS[target.protocol];
  if (THIS_MACHINE.test(host)) return true;
  return list.split(/[,\s]+/).some((entry) => {
    const [name, namedPort] = splitPort(entry);
    return (namedPort === undefined || namedPort === port) && isListed(host, name);
  });
}

/** An IPv6 address takes a port only behind brackets: without them its last group would be one. */
function splitPort(entry: string): readonly [name: string, port: string | undefined] {
  const [, name = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  return [name, port];
}

function toHost(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/(?<=.)\.$/, '');
}

function isListed(host: string, entry: string): boolean {
  if (entry === '*') return true;
  const name = toHost(entry).replace(/^\*?\.+/, '');
  if (name === '') return false;
  return host === name || host.endsWith(`.${name}`) || isInNetwork(host, name);
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits, ...more] = network.split('/');
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === 0 || family !== isIP(host) || more.length > 0 || !(length <= longest)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, length, type);
  return list.check(host, type);
}
