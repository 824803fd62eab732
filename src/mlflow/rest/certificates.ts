/** The certificates that MLflow's variables name: whom to trust, and who we are. */
import { createSecureContext } from 'node:tls';
import { readRegularFile } from '../../read-regular-file.ts';
import { StoreError } from '../errors.ts';

export interface CertificateOptions {
  readonly insecureTls?: boolean | undefined;
  /** A PEM file of certificate authorities. */
  readonly caPath?: string | undefined;
  /** A PEM file of the certificate that a server may ask for, with its key. */
  readonly clientCertPath?: string | undefined;
}

/** As TLS connections take them. */
export interface Certificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const AUTHORITIES = 'MLFLOW_TRACKING_SERVER_CERT_PATH';
const CLIENT = 'MLFLOW_TRACKING_CLIENT_CERT_PATH';

function refuse(message: string, hint: string, cause?: unknown): never {
  throw new StoreError('tls_error', message, { hint, cause });
}

function readPem(path: string, variable: string): string {
  let text: string;
  try {
    text = readRegularFile(path).toString('utf8');
  } catch (cause) {
    return refuse(`cannot read the certificates at ${path}`, `Mend ${variable}.`, cause);
  }
  // Node takes a file without any for no file, and trusts whom it trusts by default.
  return /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(text)
    ? text
    : refuse(`${path} holds no certificate`, `Name a PEM file with ${variable}.`);
}

function readClient(path: string): Certificates {
  const text = readPem(path, CLIENT);
  const client = { cert: text, key: text };
  try {
    createSecureContext(client);
  } catch (cause) {
    const hint = `The file of ${CLIENT} takes both in PEM, the key without a password.`;
    return refuse(`${path} holds no certificate with its key`, hint, cause);
  }
  return client;
}

/** Throws `tls_error`. */
export function readCertificates({ insecureTls, caPath, clientCertPath }: CertificateOptions): Certificates {
  // MLflow takes one or the other as well.
  if (insecureTls === true && caPath !== undefined)
    refuse(
      `MLFLOW_TRACKING_INSECURE_TLS and ${AUTHORITIES} are both set`,
      'Unset the first, so that the certificate is checked.',
    );
  return {
    ...(caPath !== undefined && { ca: readPem(caPath, AUTHORITIES) }),
    ...(clientCertPath !== undefined && readClient(clientCertPath)),
  };
}
