/** A column of texts. */

/** Texts of which few are ever looked at, and made only then; every list of texts is one. */
export interface TextColumn extends Iterable<string> {
  readonly length: number;
  at(row: number): string | undefined;
}
