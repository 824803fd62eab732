/** A family of data beside runs, such as traces: which tables hold it, and how they are read. */
import type { SqlConnection } from './sql/connection.ts';

/** Reads of a database in the state that the call that asks has of it. */
export type DatabaseRead = <T>(signal: AbortSignal, work: (connection: SqlConnection) => Promise<T>) => Promise<T>;

export interface FamilyData<T> {
  readonly name: string;
  /** Tables of MLflow's database that it reads beside those of runs; a database lets no others be read. */
  readonly tables: readonly string[];
  /** Its own interface over a database. */
  overDatabase(read: DatabaseRead): T;
}
