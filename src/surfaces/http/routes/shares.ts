/** Links to conversations as they were when shared: made and withdrawn by their owner, read within the tenant. */
import * as z from 'zod';
import type { SharedState } from '../../../conversations/shares.ts';
import { HttpError } from '../http-error.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import { isoTime } from '../tracking/values.ts';
import { viewFields, viewJson } from './conversation-view.ts';
import { findingNumber, takeAway, takeAwayQuery, takeAwayReply } from './take-away.ts';

const Share = z.object({ created_at: z.string().nullable(), turns: z.int() });
const ids = z.strictObject({ id: z.string().min(1).max(100) });
const secrets = z.strictObject({ secret: z.string().min(1).max(100) });
const SHARE_PATH = '/api/v1/conversations/{id}/share';
const SHARED_PATH = '/api/v1/shared/{secret}';

const stateJson = ({ created, turns }: SharedState) => ({ created_at: isoTime(created), turns });

const unknown = () => new HttpError(404, 'unknown_share', 'there is nothing shared by that name');

async function readShared(secret: string, { findShared }: RouteContext) {
  const shared = await findShared(secret);
  if (shared === undefined) throw unknown();
  return shared;
}

export const shareRoutes = [
  defineRoute({
    method: 'POST',
    path: SHARE_PATH,
    tag: 'shares',
    summary: 'Share a conversation as it is now, by a link that is told once; a link that there was ends.',
    params: ids,
    replies: { 201: { description: 'The link.', schema: Share.extend({ url: z.string() }) } },
    faults: [404, 503],
    async answer({ params: { id } }, { conversations, caller }) {
      const made = await conversations.share(id, caller.tenant);
      if (made === undefined) throw new HttpError(404, 'unknown_conversation', 'there is no such conversation');
      return { status: 201, body: { url: `/shared/${made.secret}`, ...stateJson(made) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: SHARE_PATH,
    tag: 'shares',
    summary: 'Whether a conversation is shared, and since when.',
    params: ids,
    replies: { 200: { description: 'Null: it is not shared.', schema: z.object({ share: Share.nullable() }) } },
    faults: [404, 503],
    async answer({ params: { id } }, { conversations }) {
      const share = await conversations.findShare(id);
      return { body: { share: share === undefined ? null : stateJson(share) } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: SHARE_PATH,
    tag: 'shares',
    summary: 'Withdraw the link.',
    params: ids,
    replies: { 204: { description: 'It leads nowhere now.' } },
    faults: [404, 503],
    async answer({ params: { id } }, { conversations }) {
      if (!(await conversations.unshare(id))) throw unknown();
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: SHARED_PATH,
    tag: 'shares',
    summary: 'A shared conversation, as it was when it was shared.',
    params: secrets,
    replies: {
      200: {
        description: 'All of it.',
        schema: z.object({ title: z.string(), shared_at: z.string().nullable(), ...viewFields }),
      },
    },
    faults: [404, 409, 503],
    async answer({ params: { secret } }, context) {
      const { title, created, conversation } = await readShared(secret, context);
      return { body: { title, shared_at: isoTime(created), ...viewJson(conversation) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${SHARED_PATH}/findings/{number}/export`,
    tag: 'shares',
    summary: 'A finding of a shared conversation as a file.',
    params: secrets.extend({ number: findingNumber }),
    query: takeAwayQuery,
    replies: { 200: takeAwayReply },
    faults: [404, 409, 503],
    async answer({ params: { secret, number }, query: { format } }, context) {
      const { conversation } = await readShared(secret, context);
      return takeAway(conversation.findings, number, format);
    },
  }),
];
