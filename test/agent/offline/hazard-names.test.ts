/** Names that are spelt like words of the language: they answer as plain names do, or are asked back. */
import { expect, test } from 'vitest';
import { differences } from '../../support/hazard-answers.ts';
import { isHazard, ROLES, TOUCHING, touched } from '../../support/hazard-names.ts';

/** One in so many of the names that can matter to a question; all of them in the slow suite. */
const ONE_IN = 48;
/** Those that once turned answers round. */
const ALWAYS = ['failed', 'runs', '3', 'by', 'status', 'all', 'Alpha', 'accuracy in alpha', 'alpha and beta', 'r-001'];

test.each(ROLES)(
  'a %s is told from the words of a question',
  async (role) => {
    const found: string[] = [];
    const sampled = TOUCHING.filter((_, at) => (at + ROLES.indexOf(role)) % ONE_IN === 0);
    for (const name of new Set([...ALWAYS, ...sampled]))
      if (isHazard({ role, name })) found.push(...(await differences({ role, name }, touched(name))));
    expect(found).toEqual([]);
  },
  60_000,
);
