/** Findings that a client can come back to, by ids that cannot be guessed; the oldest make room. */
import type { Finding } from '../../finding/finding.ts';

export interface Shelf {
  /** The id that it stands under from now on. */
  put(finding: Finding): string;
  get(id: string): Finding | undefined;
  /** Newest first. */
  list(): readonly (readonly [id: string, finding: Finding])[];
}

const MOST_KEPT = 200;

export function createShelf(mostKept = MOST_KEPT): Shelf {
  const kept = new Map<string, Finding>();
  return {
    put(finding) {
      const id = crypto.randomUUID();
      kept.set(id, finding);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
      return id;
    },
    get: (id) => kept.get(id),
    list: () => [...kept].reverse(),
  };
}

export const shelfUri = (kind: 'findings' | 'charts', id: string): string => `runsight://${kind}/${id}`;
