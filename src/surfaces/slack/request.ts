/** What Slack delivers, read into what is asked of us; whatever is not for us, or from outside the workspace, is nothing. */
import * as z from 'zod';
import type { InboxItem } from '../../conversations/inbox.ts';
import { asksToLink } from './link.ts';
import { asksSomething, readSlackText } from './slack-text.ts';

/** Who we are there. */
export interface SlackIdentity {
  readonly team: string;
  readonly botUser: string;
}

export interface SlackQuestion {
  readonly text: string;
  readonly user: string;
  /** Where the answer goes; a user's id is the way to their direct messages. */
  readonly channel: string;
  readonly threadTs?: string | undefined;
  /** Whether one person alone talks there. */
  readonly isDirect: boolean;
  /** Whether nobody sees the question there unless the answer repeats it. */
  readonly isUnseen: boolean;
  /** By a button in a channel, which does not say whether outsiders read there by now. */
  readonly isPressed?: boolean;
}

/** Of a button below an answer that asks nothing. */
export interface SlackPress {
  readonly user: string;
  readonly channel: string;
  readonly threadTs: string;
  /** The answered question's id. */
  readonly about: string;
  readonly verdict?: 'up' | 'down' | undefined;
}

export const PRESS_KINDS = ['how', 'csv', 'feedback'] as const;
export type PressKind = (typeof PRESS_KINDS)[number];
export const QUESTION_KIND = 'question';

export interface SlackRequest {
  readonly item: Pick<InboxItem, 'id' | 'kind' | 'thread' | 'author' | 'body'>;
  /** Whether it is meant for us only where we talk in that thread already. */
  readonly isReply: boolean;
}

const MessageEvent = z.object({
  type: z.enum(['message', 'app_mention']),
  channel: z.string(),
  user: z.string(),
  text: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  subtype: z.enum(['file_share', 'thread_broadcast']).optional(),
  bot_id: z.undefined().optional(),
  team: z.string().optional(),
  user_team: z.string().optional(),
  source_team: z.string().optional(),
});
const EventBody = z.object({
  type: z.literal('event_callback'),
  event: MessageEvent,
  is_ext_shared_channel: z.boolean().optional(),
});
const CommandBody = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  team_id: z.string(),
  trigger_id: z.string(),
});
const PressBody = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), team_id: z.string() }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }),
  actions: z.tuple([z.object({ action_id: z.string(), action_ts: z.string(), value: z.string() })]),
});

/** Undefined where nothing is to be done. */
export function readRequest(body: unknown, identity: SlackIdentity): SlackRequest | undefined {
  const event = EventBody.safeParse(body).data;
  if (event !== undefined) return readEvent(event, identity);
  const command = CommandBody.safeParse(body).data;
  if (command !== undefined) return readCommand(command, identity);
  const press = PressBody.safeParse(body).data;
  return press && readPress(press, identity);
}

function readEvent(
  { event, is_ext_shared_channel: isShared = false }: z.infer<typeof EventBody>,
  { team, botUser }: SlackIdentity,
): SlackRequest | undefined {
  const { channel, user, ts, thread_ts: threadTs = ts } = event;
  const teams = [event.team, event.user_team, event.source_team].filter((one) => one !== undefined);
  const isInsider = teams.length === 0 ? !isShared : teams.every((one) => one === team);
  if (!isInsider || user === botUser) return undefined;
  const isDirect = channel.startsWith('D');
  const isMention = event.type === 'app_mention';
  // What others would read of another organisation is told to the asker alone.
  if (isShared && !isMention) return undefined;
  // People who talk to one another in a thread of ours.
  if (!isMention && !isDirect && /^\s*<@/.test(event.text) && !event.text.includes(`<@${botUser}>`)) return undefined;
  const question: SlackQuestion = {
    text: readSlackText(event.text, botUser),
    user,
    isDirect: isDirect || isShared,
    isUnseen: isShared,
    ...(isShared ? { channel: user } : { channel, threadTs }),
  };
  // A mention comes as an event of its own beside the message that it is: both are this one message.
  const id = JSON.stringify([team, channel, ts]);
  const thread = isShared ? id : JSON.stringify([team, channel, threadTs]);
  return {
    item: { ...authored(team, user), id, kind: QUESTION_KIND, thread, body: JSON.stringify(question) },
    isReply: !isMention && !isDirect,
  };
}

function readCommand(
  { text, user_id: user, team_id, trigger_id }: z.infer<typeof CommandBody>,
  { team, botUser }: SlackIdentity,
): SlackRequest | undefined {
  if (team_id !== team || !asksSomething(text) || asksToLink(text)) return undefined;
  const id = JSON.stringify([team, 'command', trigger_id]);
  const question: SlackQuestion = {
    text: readSlackText(text, botUser),
    user,
    channel: user,
    isDirect: true,
    isUnseen: true,
  };
  return {
    item: { ...authored(team, user), id, kind: QUESTION_KIND, thread: id, body: JSON.stringify(question) },
    isReply: false,
  };
}

function readPress(
  { user, channel, message, actions: [action] }: z.infer<typeof PressBody>,
  { team }: SlackIdentity,
): SlackRequest | undefined {
  if (user.team_id !== team) return undefined;
  const threadTs = message.thread_ts ?? message.ts;
  const id = JSON.stringify([team, channel.id, message.ts, user.id, action.action_id, action.action_ts]);
  const from = { user: user.id, channel: channel.id, threadTs };
  const { action_id: name, value } = action;
  if (name.startsWith('ask:')) {
    const isDirect = channel.id.startsWith('D');
    const question: SlackQuestion = { ...from, text: value, isDirect, isUnseen: true, isPressed: !isDirect };
    const thread = JSON.stringify([team, channel.id, threadTs]);
    return {
      item: { ...authored(team, user.id), id, kind: QUESTION_KIND, thread, body: JSON.stringify(question) },
      isReply: false,
    };
  }
  const kind = PRESS_KINDS.find((known) => known === name);
  if (kind === undefined) return undefined;
  const [, verdict, about = value] = kind === 'feedback' ? (/^(up|down) (.*)$/s.exec(value) ?? []) : [];
  const press: SlackPress = { ...from, about, verdict: verdict as SlackPress['verdict'] };
  return { item: { ...authored(team, user.id), id, kind, thread: id, body: JSON.stringify(press) }, isReply: false };
}

const authored = (team: string, user: string) => ({ author: JSON.stringify([team, user]) });
