/** What database servers are opened with, and the limits that hold for all of them. */

export interface ServerOptions {
  /** Milliseconds that one statement may take. */
  readonly timeoutMs?: number | undefined;
  /** PEM files for MySQL, as MLflow's own variables name them. */
  readonly mysqlSsl?: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  };
}

export const STATEMENT_MS = 30_000;
/** How long the tables found are taken to be there: a restarted server may have upgraded them. */
export const SCHEMA_MS = 60_000;
