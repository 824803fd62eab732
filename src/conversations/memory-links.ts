/** Links for as long as the process lives. */
import type { LinkCode, LinkRows } from './links.ts';

export function createMemoryLinks(): LinkRows {
  const codes = new Map<string, LinkCode>();
  const tries = new Map<string, number[]>();
  /** Names of one person share one set. */
  const persons = new Map<string, Set<string>>();
  const personOf = (owner: string) => persons.get(owner) ?? new Set([owner]);
  return {
    async putCode(code) {
      codes.set(code.owner, code);
    },
    async takeCode(digest, now) {
      const found = codes.values().find((code) => code.digest === digest && code.expires > now);
      if (found !== undefined) codes.delete(found.owner);
      return found;
    },
    async countTry(owner, now, since) {
      const recent = [...(tries.get(owner) ?? []).filter((time) => time > since), now];
      tries.set(owner, recent);
      return recent.length;
    },
    async join(one, other) {
      const both = new Set([...personOf(one), ...personOf(other)]);
      for (const owner of both) persons.set(owner, both);
    },
    async namesOf(owner) {
      return [owner, ...[...personOf(owner)].filter((name) => name !== owner).sort()];
    },
    async part(owner) {
      personOf(owner).delete(owner);
      persons.delete(owner);
    },
    now: async () => Date.now(),
  };
}
