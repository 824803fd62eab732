/** Encryption over MySQL's protocol, on MariaDB servers of the test's own: what is promised, and what each fault says. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreError } from '../../src/mlflow/errors.ts';
import { MysqlDatabase } from '../../src/mlflow/sql/mysql-database.ts';
import type { ServerOptions } from '../../src/mlflow/sql/server-options.ts';
import { type Certificate, lockKey, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasOwnMariadb, type OwnMariadb, startOwnMariadb } from '../support/own-mariadb.ts';

/** In another package than the server. */
const ED25519 = '/usr/lib/mysql/plugin/auth_ed25519.so';
const PASSWORD = 'pa:ss%w@rd/1';
const USERS = [
  ['reader', ''],
  ['encrypted', 'REQUIRE SSL'],
  ['certified', 'REQUIRE X509'],
] as const;

interface Way {
  readonly user?: string;
  readonly host?: string;
  /** Behind the `?` of the address. */
  readonly options?: Readonly<Record<string, string>>;
  readonly files?: ServerOptions['mysqlSsl'];
  readonly password?: string;
}

async function addUsers(server: OwnMariadb): Promise<void> {
  for (const [user, demand] of USERS) await server.execute(`CREATE USER ${user} IDENTIFIED BY '${PASSWORD}' ${demand}`);
}

describe.skipIf(!hasOwnMariadb('encryption of MySQL'))('a MariaDB with certificates', () => {
  let folder: TemporaryFolder;
  let authority: Certificate;
  let other: Certificate;
  let client: Certificate;
  let stranger: Certificate;
  let server: OwnMariadb;
  let plain: OwnMariadb;
  const certify = (alternative: string) => makeCertificate(folder.path, 'server', authority, alternative);

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    authority = makeAuthority(folder.path, 'authority');
    other = makeAuthority(folder.path, 'other');
    client = makeCertificate(folder.path, 'client', authority);
    stranger = makeCertificate(folder.path, 'stranger', other);
    server = await startOwnMariadb({ authority: authority.cert, certificate: certify('DNS:localhost') });
    plain = await startOwnMariadb();
    await addUsers(server);
    await addUsers(plain);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([server?.stop(), plain?.stop()]);
    folder?.[Symbol.dispose]();
  });

  function open({ user = 'reader', host = '127.0.0.1', options = {}, files, password = PASSWORD }: Way, port: number) {
    const query = new URLSearchParams(options);
    const uri = `mysql+pymysql://${user}:${encodeURIComponent(password)}@${host}:${port}/?${query}`;
    return new MysqlDatabase(uri, { ...(files !== undefined && { mysqlSsl: files }) });
  }

  /** Whether the connection that a way leads to is encrypted, or the fault as one line. */
  async function outcomeOf(way: Way, { port } = server): Promise<string> {
    try {
      const database = open(way, port);
      const session = await database.begin();
      const [row] = await session.all({ text: "SHOW STATUS LIKE 'Ssl_cipher'", values: [] });
      await session.end();
      await database.close();
      return row?.[1] === '' ? 'plain' : 'encrypted';
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError);
      const { code, message, hint } = error as StoreError;
      const line = `${code}: ${message}. ${hint}`;
      expect(line).not.toMatch(/\n|wr0ng|pa:ss/);
      return line;
    }
  }

  test('nothing asked for: on this machine plain, but encrypted for who may not be', async () => {
    expect(await outcomeOf({})).toBe('plain');
    expect(await outcomeOf({ user: 'encrypted' })).toBe('encrypted');
    expect(await outcomeOf({ user: 'encrypted', options: { ssl_disabled: 'true' } })).toMatch(/^unauthorized/);
    expect(await outcomeOf({ password: 'wr0ng' })).toMatch(/^unauthorized: .* refuses the user or the password/);
  });

  test.each([
    [{ ssl: 'true' }, 'encrypted'],
    [{ ssl_mode: 'required' }, 'encrypted'],
    [{ ssl_mode: 'PREFERRED' }, 'encrypted'],
    [{ ssl_mode: 'DISABLED' }, 'plain'],
    [{ ssl: 'true', ssl_disabled: '1' }, 'plain'],
    [{ ssl_mode: 'VERIFY_CA' }, 'not trusted'],
    [{ ssl_verify_cert: 'true' }, 'not trusted'],
    [{ ssl_mode: 'sometimes' }, 'unsupported_source: ssl_mode=sometimes is not known'],
    [{ ssl_capath: '/etc/ssl' }, 'unsupported_source: ssl_capath is not read'],
    [{ sslmode: 'require' }, 'ssl_mode=REQUIRED'],
    [{ ssl_mode: 'REQUIRED', ssl_cipher: 'none such' }, 'tls_error: the client certificate, its key or the ciphers'],
  ])('asked for in the address alone: %j', async (options, expected) => {
    expect(await outcomeOf({ options: options as Record<string, string> })).toContain(expected);
  });

  test('the right authority in MLFLOW_MYSQL_SSL_CA, whatever the name of the host', async () => {
    const files = { ca: authority.cert };
    expect(await outcomeOf({ files })).toBe('encrypted');
    expect(await outcomeOf({ files, host: 'localhost' })).toBe('encrypted');
  });

  test('another authority', async () => {
    expect(await outcomeOf({ files: { ca: other.cert } })).toMatch(
      /^tls_error: .* shows a certificate that is not trusted.*MLFLOW_MYSQL_SSL_CA/,
    );
  });

  test('the authority in the address: the certificate must be of this host, unless that is switched off', async () => {
    const options = { ssl_ca: authority.cert };
    expect(await outcomeOf({ options, host: 'localhost' })).toBe('encrypted');
    expect(await outcomeOf({ options })).toMatch(/^tls_error: .* of another host.*ssl_check_hostname=false/);
    expect(await outcomeOf({ options: { ...options, ssl_check_hostname: 'false' } })).toBe('encrypted');
    expect(await outcomeOf({ options: { ssl_verify_identity: 'true' }, files: { ca: authority.cert } })).toMatch(
      /another host/,
    );
  });

  test('a certificate of an address is none of a name', async () => {
    certify('IP:127.0.0.1');
    await server.execute('FLUSH SSL');
    const options = { ssl_ca: authority.cert };
    expect(await outcomeOf({ options })).toBe('encrypted');
    expect(await outcomeOf({ options, host: 'localhost' })).toMatch(/another host/);
    certify('DNS:localhost');
    await server.execute('FLUSH SSL');
  });

  test('a user who must show a certificate', async () => {
    const shown = (files: ServerOptions['mysqlSsl']) => outcomeOf({ user: 'certified', files });
    expect(await shown({ ...client })).toBe('encrypted');
    expect(await shown({ ...client, ca: authority.cert })).toBe('encrypted');
    expect(await shown({ ca: authority.cert })).toMatch(/^unauthorized: .*MLFLOW_MYSQL_SSL_CERT/);
    expect(await shown({ ...stranger })).toMatch(/^tls_error: .* does not accept the client certificate/);
  });

  test('files that are of no use', async () => {
    const locked = lockKey(folder.path, client, 'geheim');
    const ofKey = (files: ServerOptions['mysqlSsl'], options = {}) =>
      outcomeOf({ user: 'certified', files, options: options as Record<string, string> });
    expect(await ofKey({ ca: '/nowhere.pem' })).toMatch(/^tls_error: cannot read the certificate file \/nowhere.pem/);
    expect(await ofKey({ ca: `${folder.path}/server.ext` })).toMatch(/^tls_error: .*server.ext is not in PEM format/);
    expect(await ofKey({ cert: client.cert })).toMatch(/^tls_error: .* only together with its key/);
    expect(await ofKey({ key: client.key })).toMatch(/^tls_error: .* only together with its key/);
    expect(await ofKey({ cert: client.cert, key: stranger.key })).toMatch(/^tls_error: .* cannot be used/);
    expect(await ofKey({ cert: client.cert, key: locked })).toMatch(/^tls_error: .* cannot be used.*ssl_key_password/);
    expect(await ofKey({ cert: client.cert, key: locked }, { ssl_key_password: 'geheim' })).toBe('encrypted');
  });

  test('a server without encryption', async () => {
    const here = (way: Way) => outcomeOf(way, plain);
    expect(await here({})).toBe('plain');
    expect(await here({ options: { ssl_mode: 'PREFERRED' } })).toBe('plain');
    expect(await here({ options: { ssl_mode: 'REQUIRED' } })).toMatch(/^tls_error: .* offers no encrypted connection/);
    expect(await here({ files: { ca: authority.cert } })).toMatch(/^tls_error: .* offers no encrypted connection/);
    expect(await here({ password: 'wr0ng' })).toMatch(/^unauthorized/);
  });

  test('a locked account', async () => {
    await server.execute(`CREATE USER locked IDENTIFIED BY '${PASSWORD}' ACCOUNT LOCK`);
    expect(await outcomeOf({ user: 'locked' })).toMatch(/^unauthorized: .* has locked this user/);
  });

  test.skipIf(!existsSync(ED25519))('an account that wants another proof than a password', async () => {
    await server.execute(
      `INSTALL SONAME '${basename(ED25519)}'`,
      `CREATE USER signing IDENTIFIED VIA ed25519 USING PASSWORD('${PASSWORD}')`,
    );
    expect(await outcomeOf({ user: 'signing' })).toMatch(/^unauthorized: .* asks this user for more than a password/);
  });

  test('a server that takes only encrypted connections', async () => {
    await server.execute('SET GLOBAL require_secure_transport = ON');
    expect(await outcomeOf({})).toBe('encrypted');
    // MySQL says so; MariaDB takes the user for a wrong one.
    expect(await outcomeOf({ options: { ssl_mode: 'DISABLED' } })).toMatch(/ssl_mode=REQUIRED/);
    await server.execute('SET GLOBAL require_secure_transport = OFF');
  });
});
