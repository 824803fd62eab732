/** What all faults have in common that somebody outside can mend; anything else that is thrown is a bug of ours. */
export abstract class RunsightError extends Error {
  /** Stable: what programs tell faults apart by. */
  abstract readonly code: string;
  /** The mend, in a sentence, where there is one to tell. */
  abstract readonly hint?: string | undefined;
}
