/**
 * Replies whose streams are harmed at random: each question ends as an answer or a typed fault, in its time.
 * RUNSIGHT_MUTATED_STREAMS says how many sessions, RUNSIGHT_EVIL_SEED which.
 */
import { expect, it } from 'vitest';
import { sendBytes } from '../../support/evil/evil-model.ts';
import { mutateBytes, mutateEvents } from '../../support/evil/mutations.ts';
import { runSessions } from '../../support/evil/run-sessions.ts';
import { eventsFor, type RequestBody, text, thinking, toolUse } from '../../support/messages-api.ts';

const sessions = Number(process.env.RUNSIGHT_MUTATED_STREAMS ?? 500);
const seed = Number(process.env.RUNSIGHT_EVIL_SEED ?? 5_000_011);

/** What a good model would say: a call, then words. */
function goodEvents({ messages, tools = [] }: RequestBody): unknown[] {
  const asked = messages.filter(({ role }) => role === 'assistant').length;
  const isBeginning = messages.at(-1)?.content.every(({ type }) => type === 'text') ?? true;
  return isBeginning && tools.length > 0
    ? eventsFor([thinking('Well.'), toolUse(`t${asked}`, 'list_experiments', {})])
    : eventsFor([text('These are the experiments.'), text('Ask about one of them.')]);
}

it(`${sessions} mutated streams from seed ${seed} each end as what they are`, { timeout: 3_600_000 }, async () => {
  const { broken, ...report } = await runSessions({
    sessions,
    seed,
    questions: () => ['flibber the wobble', 'flobber the wibble'],
    reply: (body, chance) => {
      const events = goodEvents(body);
      return sendBytes(mutateBytes(chance.odds(0.8) ? mutateEvents(events, chance) : events, chance), chance);
    },
  });
  process.stdout.write(`${JSON.stringify({ broken: broken.length, ...report })}\n`);
  expect(broken.slice(0, 10)).toEqual([]);
  // With the server and the tests in the same process; what one reply may take is in endless-replies.test.ts.
  expect(report.strain.rss).toBeLessThan(768 * 2 ** 20);
  expect(report.strain.longestMs).toBeLessThan(250);
});
