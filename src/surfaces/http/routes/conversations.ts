/** Conversations of the caller: listed, read, renamed, branched, deleted; they are continued by asking. */
import * as z from 'zod';
import type { ConversationEntry } from '../../../conversations/conversations.ts';
import { HttpError } from '../http-error.ts';
import { pageFields, pageOf, pageQuery, readPage } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { isoTime } from '../tracking/values.ts';
import { viewFields, viewJson } from './conversation-view.ts';
import { findingNumber, takeAway, takeAwayQuery, takeAwayReply } from './take-away.ts';

const MOST_LISTED = 100;

const Entry = z.object({
  id: z.string(),
  title: z.string(),
  created_at: z.string().nullable(),
  updated_at: z.string().nullable(),
  turns: z.int(),
  interrupted: z.string().optional().describe('A question that nobody works on any more: ask it again.'),
});

const Read = Entry.extend(viewFields);

const params = z.strictObject({ id: z.string().min(1).max(100) });

const toEntryJson = ({ id, title, created, updated, turns, interrupted }: ConversationEntry) => ({
  id,
  title,
  created_at: isoTime(created),
  updated_at: isoTime(updated),
  turns,
  ...(interrupted !== undefined && { interrupted }),
});

const unknown = () => new HttpError(404, 'unknown_conversation', 'there is no such conversation');

function required<T>(found: T | undefined): T {
  if (found === undefined) throw unknown();
  return found;
}

export const conversationRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/conversations',
    tag: 'conversations',
    summary: "The caller's conversations, latest first.",
    query: z.strictObject(pageQuery(MOST_LISTED)),
    replies: {
      200: { description: 'One page.', schema: z.object({ conversations: z.array(Entry), ...pageFields }) },
    },
    faults: [503],
    async answer({ query }, { conversations }) {
      const page = readPage(query, MOST_LISTED);
      const { entries, total } = await conversations.list(page.limit, page.offset);
      return { body: { conversations: entries.map(toEntryJson), ...pageOf(total, page) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/conversations/{id}',
    tag: 'conversations',
    summary: 'A conversation with its questions, answers and findings.',
    params,
    replies: { 200: { description: 'All of it.', schema: Read } },
    faults: [404, 409, 503],
    async answer({ params: { id } }, { conversations }) {
      const { entry, conversation } = required(await conversations.read(id));
      return { body: { ...toEntryJson(entry), ...viewJson(conversation) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/conversations/{id}/findings/{number}/export',
    tag: 'conversations',
    summary: 'A finding as a file.',
    params: params.extend({ number: findingNumber }),
    query: takeAwayQuery,
    replies: { 200: takeAwayReply },
    faults: [404, 409, 503],
    async answer({ params: { id, number }, query: { format } }, { conversations }) {
      const { conversation } = required(await conversations.read(id));
      return takeAway(conversation.findings, number, format);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/v1/conversations/{id}',
    tag: 'conversations',
    summary: 'Rename a conversation.',
    params,
    body: z.strictObject({ title: z.string().trim().min(1).max(200) }),
    replies: { 200: { description: 'As it is now.', schema: Entry } },
    faults: [404, 503],
    async answer({ params: { id }, body: { title } }, { conversations }) {
      return { body: toEntryJson(required(await conversations.rename(id, title))) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/conversations/{id}/branch',
    tag: 'conversations',
    summary: 'Begin another conversation that shares the first turns of this one.',
    params,
    body: z.strictObject({ turns: z.int().min(1).max(1_000_000).optional().describe('Default: all.') }).optional(),
    replies: { 201: { description: 'The new one.', schema: Entry } },
    faults: [404, 409, 503],
    async answer({ params: { id }, body }, { conversations }) {
      const entry = required(await conversations.branch(id, body?.turns));
      return { status: 201, headers: { Location: `/api/v1/conversations/${entry.id}` }, body: toEntryJson(entry) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/conversations/{id}',
    tag: 'conversations',
    summary: 'Delete a conversation.',
    params,
    replies: { 204: { description: 'It is gone.' } },
    faults: [404, 503],
    async answer({ params: { id } }, { conversations }) {
      if (!(await conversations.delete(id))) throw unknown();
      return { status: 204 };
    },
  }),
];
