/** Statements and what comes of them. */

/** A list of texts stands behind `IN ??`; each driver has its own way to pass one. */
export type SqlValue = string | number | bigint | null | readonly string[];
/** Cells as the driver delivers them, in the order of the selected columns. */
export type SqlRow = readonly unknown[];
export interface Sql {
  /** Bound values stand as `?`, in the order of `values`, lists as `IN ??`. */
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Where statements run one after another. Throws StoreError for faults of the database. */
export interface SqlStatements {
  /** Where the data is, for people: without secrets. */
  readonly location: string;
  /** Milliseconds that they took so far, where a writer waits for each: long scans are cut by it. */
  readonly spentMs?: number | undefined;
  all(sql: Sql): Promise<SqlRow[]>;
  /** Row by row, for results that need not be held at once. */
  each(sql: Sql, onRow: (row: SqlRow) => void): Promise<void>;
}
