/** How connections to MySQL are encrypted: by MLflow's variables, and by what Python's drivers take in an address. */
import { connect, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { PoolOptions, SslOptions } from 'mysql2';
import { StoreError } from '../errors.ts';
import { isLoopback, readPem, type ServerAddress } from './server-address.ts';
import type { ServerOptions } from './server-options.ts';

/** What is added to the driver's options; nothing for a plain connection. */
export type Encryption = Pick<PoolOptions, 'ssl' | 'stream'>;
type Options = ServerAddress['options'];

const PLAIN: Encryption = {};
const MODES = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;
type Mode = (typeof MODES)[number];

const isOn = (options: Options, name: string): boolean => /^(?:true|yes|on|y|t|1)$/i.test(options.get(name) ?? '');
const isOff = (options: Options, name: string): boolean => /^(?:false|no|off|n|f|0)$/i.test(options.get(name) ?? '');

interface Files {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly ciphers?: string;
}

/** A client certificate may stand in one file with its key. Throws `tls_error`. */
function readFiles(options: Options, files: ServerOptions['mysqlSsl']): Files {
  const ca = readPem(options.get('ssl_ca') ?? files?.ca);
  const cert = readPem(options.get('ssl_cert') ?? files?.cert);
  const key = readPem(options.get('ssl_key') ?? files?.key) ?? cert;
  if (key !== undefined && (cert === undefined || !key.includes('PRIVATE KEY')))
    throw new StoreError('tls_error', 'a client certificate for MySQL is of use only together with its key', {
      hint: 'Name both: MLFLOW_MYSQL_SSL_CERT and MLFLOW_MYSQL_SSL_KEY.',
    });
  const read = { ca, cert, key, passphrase: options.get('ssl_key_password'), ciphers: options.get('ssl_cipher') };
  const found: Files = Object.fromEntries(Object.entries(read).filter(([, text]) => text !== undefined));
  try {
    // The driver would do so only in the middle of connecting.
    if (Object.keys(found).length > 0) createSecureContext(found);
  } catch (cause) {
    throw new StoreError('tls_error', 'the client certificate, its key or the ciphers for MySQL cannot be used', {
      hint: 'Check that MLFLOW_MYSQL_SSL_CERT and MLFLOW_MYSQL_SSL_KEY belong together; the password of a key is ssl_key_password=… in MLFLOW_TRACKING_URI.',
      cause,
    });
  }
  return found;
}

/** Passed over, they would leave less protection than was asked for. */
const UNREAD: readonly (readonly [string, string])[] = [
  ['ssl_capath', 'Name one file of authorities: ssl_ca=… or MLFLOW_MYSQL_SSL_CA.'],
  ['sslmode', 'That is of PostgreSQL; on MySQL it is ssl_mode=REQUIRED, VERIFY_CA or VERIFY_IDENTITY.'],
];

function refuseUnread(options: Options): void {
  for (const [name, hint] of UNREAD)
    if (options.has(name)) throw new StoreError('unsupported_source', `${name} is not read for MySQL`, { hint });
}

function readMode(name: string): Mode {
  const mode = MODES.find((known) => known === name.toUpperCase());
  if (mode !== undefined) return mode;
  throw new StoreError('unsupported_source', `ssl_mode=${name} is not known`, {
    hint: `It takes ${MODES.join(', ')}.`,
  });
}

/** The names of libmysql, whatever options ask for it; undefined where nothing does. */
function modeOf(options: Options, { ca, cert }: Files): Mode | undefined {
  const name = options.get('ssl_mode');
  if (name !== undefined) return readMode(name);
  if (isOn(options, 'ssl_disabled')) return 'DISABLED';
  if (isOn(options, 'ssl_verify_identity')) return 'VERIFY_IDENTITY';
  const isChecked = ca !== undefined || isOn(options, 'ssl_verify_cert');
  if (isChecked && !isOff(options, 'ssl_verify_cert')) {
    // SQLAlchemy has the name checked for an authority in the address; MLflow does not for its variable.
    const isNamed = options.has('ssl_ca') && !isOff(options, 'ssl_check_hostname');
    return isNamed && !isOff(options, 'ssl_verify_identity') ? 'VERIFY_IDENTITY' : 'VERIFY_CA';
  }
  return isChecked || cert !== undefined || isOn(options, 'ssl') ? 'REQUIRED' : undefined;
}

/** Node checks a certificate against the socket's host, which an address does not set: it would be `localhost`. */
function connectTo(host: string, port = 3306) {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return Object.assign(socket, { _host: host });
}

/**
 * The ways to connect, in the order to be tried. Where nothing is asked for, it is encrypted if the server can, as
 * PyMySQL does it; on this machine only if the server demands it. Throws `unsupported_source` or `tls_error`.
 */
export function encryptionAttempts(address: ServerAddress, files: ServerOptions['mysqlSsl']): readonly Encryption[] {
  const { options, host = 'localhost', port } = address;
  refuseUnread(options);
  const found = readFiles(options, files);
  const encrypted = (checks: Pick<SslOptions, 'rejectUnauthorized' | 'verifyIdentity'>): Encryption => ({
    ssl: { ...found, ...checks },
    ...(checks.verifyIdentity && isIP(host) !== 0 && { stream: () => connectTo(host, port) }),
  });
  const unchecked = encrypted({ rejectUnauthorized: false });
  switch (modeOf(options, found)) {
    case 'DISABLED':
      return [PLAIN];
    case 'REQUIRED':
      return [unchecked];
    case 'VERIFY_CA':
      return [encrypted({ rejectUnauthorized: true })];
    case 'VERIFY_IDENTITY':
      return [encrypted({ rejectUnauthorized: true, verifyIdentity: true })];
    case 'PREFERRED':
      return [unchecked, PLAIN];
    default:
      return isLoopback(host) ? [PLAIN, unchecked] : [unchecked, PLAIN];
  }
}
