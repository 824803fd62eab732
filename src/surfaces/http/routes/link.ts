/** The caller's name joined with another of the same person, by a code that one makes and the other sends. */
import * as z from 'zod';
import { CODE_MS } from '../../../conversations/links.ts';
import { HttpError } from '../http-error.ts';
import { defineRoute } from '../route.ts';

export const linkRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/link',
  tag: 'conversations',
  summary: 'Make a code that joins your conversations with those of another name of yours, or send one.',
  body: z
    .strictObject({ code: z.string().min(1).max(40).describe('As the other way in showed it.').optional() })
    .optional(),
  replies: {
    200: { description: 'Joined.', schema: z.object({ joined: z.string().describe('With whom.') }) },
    201: {
      description: 'A code, for one use: `runsight link CODE` in a terminal, `/runsight link CODE` in Slack.',
      schema: z.object({ code: z.string(), expires_in_seconds: z.int() }),
    },
  },
  faults: [409, 503],
  async answer({ body }, { links, caller }) {
    if (body?.code === undefined)
      return { status: 201, body: { code: await links.offer(caller), expires_in_seconds: CODE_MS / 1_000 } };
    const outcome = await links.accept(caller, body.code);
    if (outcome.kind === 'refused') throw new HttpError(409, 'link_refused', outcome.why);
    return { body: { joined: outcome.other } };
  },
});
