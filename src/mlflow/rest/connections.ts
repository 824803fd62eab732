/** What connections to a server have in common. */
import type { Certificates } from './certificates.ts';

/** What holds of every connection, whichever way it goes. */
export interface Connections {
  readonly limits: { readonly connections: number; readonly headersTimeout: number; readonly bodyTimeout: number };
  readonly connectTimeout: number;
  /** Of the server, not of what stands before it. */
  readonly tls: Certificates & { readonly rejectUnauthorized: boolean };
}
