/** The number that a run's name ends in, for "run 17". */

/** The last group of digits in a name, leading zeros dropped; undefined without digits or beyond 2^53. */
export function readLastNumber(name: string): number | undefined {
  const digits = /(\d+)\D*$/.exec(name)?.[1];
  const value = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : undefined;
}
