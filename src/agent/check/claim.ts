/** A stretch of a line that says something about the data. */
export interface Claim {
  readonly start: number;
  readonly end: number;
  readonly supported: boolean;
  /** Handles of the findings that it rests on. */
  readonly handles?: readonly string[] | undefined;
}
