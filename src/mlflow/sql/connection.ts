/** What every database driver looks like from here: statements in, rows out, nothing written. */
import type { Dialect } from './dialect.ts';
import type { OddRow } from './odd-rows.ts';
import type { SqlStatements } from './statements.ts';

/** Statements in the words of one database. */
export interface SqlConnection extends SqlStatements {
  readonly dialect: Dialect;
}

/** What one call reads in: one state of the data where the database can hold it without keeping writers waiting. */
export interface SqlSession extends SqlConnection {
  /** Whether a fault or `cancel` has made it useless for further reading. */
  readonly isSpoilt: boolean;
  /** Whether its statements have met more than one state of the data. */
  readonly hasChanged?: boolean | undefined;
  /** What was passed over as unreadable, as far as it is news. */
  takeOddRows?(): readonly OddRow[];
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
