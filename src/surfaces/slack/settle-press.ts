/** A press of a button below an answer: how it was found, its numbers as a file, or what somebody thinks of it. */
import type { Inbox, InboxWork } from '../../conversations/inbox.ts';
import { lineContent } from './content.ts';
import type { PressKind, SlackPress } from './request.ts';
import { toRichText } from './rich-text.ts';
import type { QuestionProgress } from './settle-question.ts';
import { targetFor } from './shared-channels.ts';
import type { SlackCalls } from './slack-calls.ts';
import { escapeSlackText } from './slack-text.ts';

const GONE = 'That answer is not kept any more; ask again.';

export interface PressDeps {
  readonly inbox: Inbox;
  readonly calls: SlackCalls;
  /** Hears of what was our own fault, or the operator's. */
  readonly onFault: (error: unknown) => void;
}

export async function settleSlackPress(work: InboxWork, deps: PressDeps): Promise<void> {
  const { inbox, calls } = deps;
  const press = JSON.parse(work.item.body) as SlackPress;
  const asked = await inbox.find(press.about);
  const progress = JSON.parse(asked?.progress ?? '{}') as QuestionProgress;
  const isThere = progress.content !== undefined && progress.place?.channel === press.channel;
  // Once at most: what was begun and cut is not done again.
  if (work.item.progress === null) {
    await work.note('begun');
    if (isThere) await DO[work.item.kind as PressKind](press, progress, deps);
    else await calls.whisper(press, press.user, lineContent(GONE));
  }
  await work.settle('done');
}

type Act = (press: SlackPress, progress: QuestionProgress, deps: PressDeps) => Promise<void>;

const DO: Readonly<Record<PressKind, Act>> = {
  async how(press, { how = '' }, { calls }) {
    const { blocks } = toRichText(how);
    await calls.whisper(press, press.user, { text: 'How it was found', blocks });
  },
  async csv(press, { csv }, deps) {
    const { calls } = deps;
    if (csv === undefined) return calls.whisper(press, press.user, lineContent(GONE));
    await calls.file(await targetFor(press, deps), 'answer.csv', csv.text, escapeSlackText(csv.notes.join('; ')));
  },
  // The press itself is what is kept.
  async feedback(press, _, { calls }) {
    await calls.whisper(press, press.user, lineContent('Thank you, your vote is kept.'));
  },
};
