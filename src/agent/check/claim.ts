/** A stretch of a line that says something about the data. */
export interface Claim {
  readonly start: number;
  readonly end: number;
  readonly supported: boolean;
  /** Handle of the finding that it rests on, where one cell settles it. */
  readonly handle?: string | undefined;
}
