/** As `hazard-names.test.ts`, with every word of the language as a name, and every question. */
import { expect, test } from 'vitest';
import { differences } from '../../support/hazard-answers.ts';
import { HAZARDS, isHazard, QUESTIONS, ROLES, TOUCHING, touched } from '../../support/hazard-names.ts';

/** RUNSIGHT_HAZARDS=1 takes all of them, 87 times as many. */
const ONE_IN = Number(process.env.RUNSIGHT_HAZARDS ?? 87);
const ALL_MS = 3_600_000;

test.each(ROLES)(
  'a %s is told from the words that it is spelt like',
  async (role) => {
    const found: string[] = [];
    for (const name of TOUCHING)
      if (isHazard({ role, name })) found.push(...(await differences({ role, name }, touched(name))));
    expect(found).toEqual([]);
  },
  ALL_MS,
);

test.each(ROLES)(
  'a %s called like any word is told from the words of any question',
  async (role) => {
    const found: string[] = [];
    for (const [at, name] of HAZARDS.entries())
      if ((at + ROLES.indexOf(role)) % ONE_IN === 0 && isHazard({ role, name }))
        found.push(...(await differences({ role, name }, QUESTIONS)));
    expect(found).toEqual([]);
  },
  ALL_MS,
);
