/** What every database driver looks like from here: statements in, rows out, nothing written. */
import type { Dialect } from './dialect.ts';

/** A list of texts stands behind `IN ??`; each driver has its own way to pass one. */
export type SqlValue = string | number | bigint | null | readonly string[];
/** Cells as the driver delivers them, in the order of the selected columns. */
export type SqlRow = readonly unknown[];
export interface Sql {
  /** Bound values stand as `?`, in the order of `values`, lists as `IN ??`. */
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** A session in which statements run one after another. Throws StoreError for faults of the database. */
export interface SqlConnection {
  readonly dialect: Dialect;
  /** Where the data is, for people: without secrets. */
  readonly location: string;
  /** Milliseconds that its statements took so far, where a writer waits for each: long scans are cut by it. */
  readonly spentMs?: number | undefined;
  all(sql: Sql): Promise<SqlRow[]>;
  /** Row by row, for results that need not be held at once. */
  each(sql: Sql, onRow: (row: SqlRow) => void): Promise<void>;
}

/** What one call reads in: one state of the data where the database can hold it without keeping writers waiting. */
export interface SqlSession extends SqlConnection {
  /** Whether a fault or `cancel` has made it useless for further reading. */
  readonly isSpoilt: boolean;
  /** Whether its statements have met more than one state of the data. */
  readonly hasChanged?: boolean | undefined;
  /** Ends the transaction; a spoilt session is thrown away. */
  end(): Promise<void>;
  /** Stops the statement that runs for nobody any more. */
  cancel(): void;
}

export interface SqlDatabase {
  readonly kind: 'sqlite' | 'postgresql' | 'mysql';
  readonly location: string;
  /** Changes whenever the data does, where the database can tell. */
  revision(): string | undefined;
  begin(): Promise<SqlSession>;
  /** Changes when the tables may have. */
  schemaVersion(session: SqlSession): Promise<unknown>;
  close(): Promise<void>;
}
