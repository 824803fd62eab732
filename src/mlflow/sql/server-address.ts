/** The URI of a database server, as SQLAlchemy writes it, in parts. */
import { readRegularFile } from '../../read-regular-file.ts';
import { StoreError } from '../errors.ts';

export interface ServerAddress {
  /** Undefined: the driver's own default. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** Options of the driver, as they stand behind the `?`. */
  readonly options: ReadonlyMap<string, string>;
  /** Scheme, host, port and database: what people may see. */
  readonly location: string;
}

/** `postgresql+psycopg2://` and the like: the driver is Python's and of no meaning here. */
const DRIVER = /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:/i;

/** `user:password@/database?host=/cloudsql/…` is an address to SQLAlchemy, none to a URL: its host is put in. */
const NO_HOST = /^(db:\/\/[^/?#]*@)(?=[/?]|$)/;
const NOWHERE = 'no-host.invalid';

/** Throws `unsupported_source` for what cannot be read, without repeating it: it may hold a password. */
export function readServerAddress(uri: string, scheme: string): ServerAddress {
  const example = `${scheme}://user:password@host/database`;
  const url = URL.parse(uri.replace(DRIVER, 'db:').replace(NO_HOST, `$1${NOWHERE}`));
  if (url === null)
    throw new StoreError('unsupported_source', `the ${scheme} address cannot be read`, {
      hint: `Write ${example}; in a password, / ? # @ and : are written as %2F %3F %23 %40 and %3A.`,
    });
  const decode = (text: string): string | undefined => {
    try {
      return decodeURIComponent(text) || undefined;
    } catch {
      throw new StoreError('unsupported_source', `the ${scheme} address has a % that begins no character code`, {
        hint: 'Write a % of the password as %25.',
      });
    }
  };
  const options = new Map(url.searchParams);
  const database = decode(url.pathname.replace(/^\//, ''));
  const named = url.hostname === NOWHERE ? '' : url.hostname.replace(/^\[(.+)\]$/, '$1');
  const host = options.get('host') ?? options.get('unix_socket') ?? decode(named);
  const port = url.port || options.get('port');
  const isIpv6 = host?.includes(':') === true && !host.startsWith('/');
  const place = [isIpv6 ? `[${host}]` : (host ?? 'localhost'), port].filter(Boolean).join(':');
  return {
    host,
    port: port ? Number(port) : undefined,
    user: decode(url.username) ?? options.get('user'),
    password: decode(url.password) ?? options.get('password'),
    database,
    options,
    location: `${scheme}://${place}${database === undefined ? '' : `/${database}`}`,
  };
}

const LOOPBACK = /^(?:localhost|127\.|::1$|\/)/;

/** Whether nothing leaves this machine on the way to a host, or to the socket of a path. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** The text of a certificate or key. Throws `tls_error`. */
export function readPem(path: string | undefined): string | undefined {
  if (!path) return undefined;
  let text: string;
  try {
    text = readRegularFile(path).toString('utf8');
  } catch (cause) {
    throw new StoreError('tls_error', `cannot read the certificate file ${path}`, { hint: 'Check its path.', cause });
  }
  // What is none would be passed over, and the server's certificate be blamed.
  if (text.includes('-----BEGIN ')) return text;
  throw new StoreError('tls_error', `the certificate file ${path} is not in PEM format`, {
    hint: 'Convert it: openssl x509 -inform DER -in FILE -out FILE.pem.',
  });
}
