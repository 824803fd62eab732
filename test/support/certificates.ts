/** Certificates that openssl makes for a test: authorities, and what they sign. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Node makes keys but no certificates. `what` is left out, and that is said, where there is none. */
export function hasOpenssl(what: string): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`\nLEFT OUT: ${what}. They need openssl.\n\n`);
    return false;
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });

const pathsOf = (folder: string, name: string): Certificate => ({
  cert: join(folder, `${name}.pem`),
  key: join(folder, `${name}.key`),
});

export function makeAuthority(folder: string, name: string): Certificate {
  const { cert, key } = pathsOf(folder, name);
  openssl('req', '-x509', ...KEY, '-days', '2', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert);
  return { cert, key };
}

/** @param alternative such as `DNS:localhost` or `IP:127.0.0.1`; none for a client. */
export function makeCertificate(
  folder: string,
  name: string,
  authority: Certificate,
  alternative?: string,
): Certificate {
  const { cert, key } = pathsOf(folder, name);
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  openssl('req', '-new', ...KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', request);
  writeFileSync(extensions, alternative === undefined ? '' : `subjectAltName=${alternative}\n`);
  const signer = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-days', '2'];
  openssl('x509', '-req', '-in', request, ...signer, '-extfile', extensions, '-out', cert);
  return { cert, key };
}

/** The key of a certificate under a password. */
export function lockKey(folder: string, { key }: Certificate, password: string): string {
  const locked = join(folder, 'locked.key');
  openssl('ec', '-in', key, '-aes256', '-passout', `pass:${password}`, '-out', locked);
  return locked;
}
