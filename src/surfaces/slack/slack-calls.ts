/** The calls of the Web API that we make, each with what can go wrong in it. */

import { setTimeout } from 'node:timers/promises';
import type { types, webApi } from '@slack/bolt';
import type { Chart } from '../../finding/charts.ts';
import { drawPicture } from '../../present/picture.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import type { Picture, SlackContent } from './content.ts';

/** A message of ours. */
export interface SlackPlace {
  readonly channel: string;
  readonly ts: string;
}

export interface SlackTarget {
  readonly channel: string;
  readonly threadTs?: string | undefined;
}

/** Nothing that we write is unfurled, or searched for names and channels. */
const QUIET = { unfurl_links: false, unfurl_media: false, parse: 'none', link_names: false } as const;
/** A file that was just uploaded is not always ready to be shown. */
const FILE_WAIT_MS = 1_000;

export interface SlackCalls {
  /** Once: who does not hear back does not know whether it was taken. @throws SlackRefusal where it surely was not. */
  post(target: SlackTarget, text: string, signal: AbortSignal): Promise<SlackPlace>;
  update(place: SlackPlace, content: SlackContent): Promise<void>;
  /** As lines that only this person sees. */
  whisper(target: SlackTarget, user: string, content: SlackContent): Promise<void>;
  picture(chart: Chart): Promise<Picture>;
  file(target: SlackTarget, name: string, content: string, notes: string): Promise<void>;
  /** Whether another organisation's people read there. */
  isShared(channel: string): Promise<boolean>;
  /** The channel of our direct messages with this person. */
  direct(user: string): Promise<string>;
}

/** Of Slack itself, or of what its administrators can mend. */
const PASSING = /auth|token|account|scope|access|internal|fatal|unavailable|timeout|ratelimited|team_added/;

/** Slack's own no to a call, by its code, such as `channel_not_found`. */
export class SlackRefusal extends Error {
  readonly code: string;

  /** Whether trying again mends nothing. */
  get isFinal(): boolean {
    return !PASSING.test(this.code);
  }

  constructor(code: string) {
    super(`Slack refuses: ${code}`);
    this.code = code;
  }
}

type Errors = Pick<typeof webApi, 'WebAPIPlatformError' | 'WebAPIRateLimitedError'>;

/** `once` neither tries again nor waits; `client` does both. */
export function createSlackCalls(client: webApi.WebClient, once: webApi.WebClient, errors: Errors): SlackCalls {
  const refusals = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      throw error instanceof errors.WebAPIPlatformError ? new SlackRefusal(String(error.data.error)) : error;
    }
  };
  const write = ({ channel, ts }: SlackPlace, text: string, blocks: readonly types.KnownBlock[]) =>
    refusals(client.chat.update({ channel, ts, text, blocks: [...blocks], parse: 'none', link_names: false }));
  return {
    async post({ channel, threadTs }, text, signal) {
      for (;;) {
        try {
          const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
          const posted = await refusals(once.chat.postMessage({ channel, text, ...QUIET, ...thread }));
          return { channel: posted.channel ?? channel, ts: posted.ts ?? '' };
        } catch (error) {
          // It was not taken.
          if (!(error instanceof errors.WebAPIRateLimitedError)) throw error;
          await setTimeout(error.retryAfter * 1000, undefined, { signal });
        }
      }
    },
    async update(place, { text, blocks }) {
      const words = blocks.filter(({ type }) => type !== 'image');
      // Better an answer without its pictures, or its bare words, than none.
      const attempts = words.length < blocks.length ? [blocks, blocks, blocks, words, []] : [blocks, []];
      for (const [nth, shown] of attempts.entries()) {
        try {
          await write(place, text, shown);
          return;
        } catch (error) {
          if (!isOfBlocks(error) || shown.length === 0) throw error;
          if (attempts[nth + 1] === shown) await setTimeout(FILE_WAIT_MS);
        }
      }
    },
    async whisper({ channel, threadTs }, user, { text, blocks }) {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      const message = { channel, user, text, blocks: [...blocks], parse: 'none' as const, link_names: false };
      await refusals(client.chat.postEphemeral({ ...message, ...thread }));
    },
    async picture(chart) {
      const file = Buffer.from(await drawPicture(chart, 'png'));
      const uploaded = await refusals(
        client.filesUploadV2({ file, filename: `${chart.id}.png`, title: sanitizeLine(chart.title).slice(0, 150) }),
      );
      return { file: fileId(uploaded), title: chart.title, alt: chart.alt };
    },
    async file({ channel, threadTs }, name, content, notes) {
      const file = Buffer.from(content);
      const target = threadTs === undefined ? { channel_id: channel } : { channel_id: channel, thread_ts: threadTs };
      await refusals(client.filesUploadV2({ ...target, file, filename: name, initial_comment: notes }));
    },
    async isShared(channel) {
      // Direct messages: the asker alone reads there.
      if (channel.startsWith('D')) return false;
      const { channel: about } = await refusals(client.conversations.info({ channel }));
      return about?.is_ext_shared !== false;
    },
    async direct(user) {
      const { channel } = await refusals(client.conversations.open({ users: user }));
      if (channel?.id === undefined) throw new SlackRefusal('no direct messages were opened');
      return channel.id;
    },
  };
}

const isOfBlocks = (error: unknown): boolean => error instanceof SlackRefusal && /block|msg_too_long/.test(error.code);

/** Two layers of answers, one for each call that an upload is made of. */
function fileId({
  files,
}: webApi.WebAPICallResult & { files?: readonly { files?: readonly { id?: string }[] }[] }): string {
  const id = files?.[0]?.files?.[0]?.id;
  if (id === undefined) throw new SlackRefusal('no file came of an upload');
  return id;
}
