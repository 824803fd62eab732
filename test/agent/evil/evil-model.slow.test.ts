/**
 * Whole conversations with a model that breaks every rule, over real stores: every invariant holds after every question.
 * RUNSIGHT_EVIL_SESSIONS says how many, RUNSIGHT_EVIL_SEED which.
 */
import { expect, it } from 'vitest';
import { evilReply, QUESTIONS } from '../../support/evil/evil-model.ts';
import { runSessions } from '../../support/evil/run-sessions.ts';

const sessions = Number(process.env.RUNSIGHT_EVIL_SESSIONS ?? 1_000);
const seed = Number(process.env.RUNSIGHT_EVIL_SEED ?? 20_261_201);

it(`breaks nothing in ${sessions} sessions from seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const { broken, ...report } = await runSessions({
    sessions,
    seed,
    questions: (chance) => Array.from({ length: 1 + chance.int(3) }, () => chance.pick(QUESTIONS)),
    reply: (body, chance, trap) => evilReply({ chance, trap }, body),
  });
  process.stdout.write(`${JSON.stringify({ broken: broken.length, ...report })}\n`);
  expect(broken.slice(0, 10)).toEqual([]);
  // With the server and the tests in the same process; what one reply may take is in endless-replies.test.ts.
  expect(report.strain.rss).toBeLessThan(768 * 2 ** 20);
  expect(report.strain.longestMs).toBeLessThan(250);
  // What came of them is of many kinds: the model is no mere breaker of streams.
  expect(Object.keys(report.statuses).length).toBeGreaterThan(6);
});
