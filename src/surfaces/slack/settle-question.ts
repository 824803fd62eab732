/**
 * One question to its one message, in steps that are each noted before the next: whoever takes it up after a death goes on
 * from there. The message's place is known before its content; only what Slack took while we died appears twice.
 */

import type { Answer } from '../../agent/events.ts';
import type { ConversationStore } from '../../conversations/conversations.ts';
import type { Inbox, InboxWork } from '../../conversations/inbox.ts';
import { exportFindings } from '../../present/export.ts';
import { joinInTurns } from '../../present/join-in-turns.ts';
import { explainAnswer } from '../../present/why.ts';
import { lastAnswer } from '../shared/last-answer.ts';
import type { Channels } from './channels.ts';
import { answerContent, lineContent, type Picture, REPEAT, type SlackContent } from './content.ts';
import { HELP_LINES } from './help.ts';
import { personOwner } from './link.ts';
import type { SlackQuestion } from './request.ts';
import { isSharedNow } from './shared-channels.ts';
import { showProgress } from './show-progress.ts';
import type { SlackCalls, SlackPlace } from './slack-calls.ts';
import { asksSomething } from './slack-text.ts';

/** How far a question has come. */
export interface QuestionProgress {
  /** From before the message is posted until its place is known. */
  readonly isPosting?: boolean;
  readonly isRepeat?: boolean;
  /** Whether it is answered in direct messages, as outsiders read by now where it was asked. */
  readonly isAside?: boolean;
  readonly place?: SlackPlace;
  readonly content?: SlackContent;
  /** What the answer stands on, as Markdown. */
  readonly how?: string;
  readonly csv?: { readonly text: string; readonly notes: readonly string[] };
}

export interface SlackLimits {
  /** Questions of one person in such a time. */
  readonly questions: number;
  readonly withinMs: number;
}

export interface QuestionDeps {
  readonly appOf: Channels['appOf'];
  readonly conversations: ConversationStore;
  readonly inbox: Inbox;
  readonly calls: SlackCalls;
  readonly limits: SlackLimits;
  /** Hears of what was our own fault. */
  readonly onFault: (error: unknown) => void;
}

const READING = 'Reading…';
const NO_STORE = 'Nothing can be asked here: whoever runs me names a store for this channel.';
const MOST_PICTURES = 2;
/** Rows that a message shows well; of more there is a file. */
const SHOWN_ROWS = 10;
const LONGEST_CSV = 2_000_000;

export async function settleSlackQuestion(work: InboxWork, deps: QuestionDeps, signal: AbortSignal): Promise<void> {
  const { item } = work;
  const question = JSON.parse(item.body) as SlackQuestion;
  let progress = JSON.parse(item.progress ?? '{}') as QuestionProgress;
  const note = async (more: QuestionProgress) => {
    progress = { ...progress, ...more };
    await work.note(JSON.stringify(progress));
  };
  const excess = (await deps.inbox.countUpTo(item, item.created - deps.limits.withinMs)) - deps.limits.questions;
  // Told once, or the limit would be no limit.
  if (excess > 1) return work.settle(null);
  if (progress.place === undefined) {
    const isRepeat = progress.isPosting === true;
    const isAside = question.isPressed === true && (await isSharedNow(question.channel, deps));
    await note({ isPosting: true, isRepeat, isAside });
    const place = await deps.calls.post(
      isAside ? asideOf(question) : question,
      isRepeat ? `${REPEAT} ${READING}` : READING,
      signal,
    );
    await note({ isPosting: false, place });
  }
  const { place, isRepeat = false, isAside = false } = progress;
  if (place === undefined) throw new Error('a message was posted and has no place');
  if (progress.content === undefined) {
    const around = { isRepeat, unseen: question.isUnseen ? question.text : undefined };
    if (excess > 0) await note({ content: lineContent(limitLine(deps.limits), around) });
    else if (!asksSomething(question.text)) await note({ content: lineContent(HELP_LINES, around) });
    else await note(await answerQuestion(question, item.id, { ...around, isAside, place }, deps, signal));
  }
  if (progress.content !== undefined) await deps.calls.update(place, progress.content);
  await work.settle(JSON.stringify(progress));
}

async function answerQuestion(
  question: SlackQuestion,
  id: string,
  around: {
    readonly isRepeat: boolean;
    readonly isAside: boolean;
    readonly unseen: string | undefined;
    readonly place: SlackPlace;
  },
  deps: QuestionDeps,
  signal: AbortSignal,
): Promise<QuestionProgress> {
  const { place, isAside } = around;
  const { conversation, owner } = whereOf(isAside ? asideOf(question) : question, id, place);
  // Answered aside, it is still asked of what the channel asks.
  const app = deps.appOf(isAside ? question.channel : place.channel);
  if (app === undefined) return { content: lineContent(NO_STORE, around) };
  const view = showProgress(deps.calls, place, around.isRepeat ? `${REPEAT} ${READING}` : READING);
  try {
    const options = { conversations: deps.conversations.of(owner) };
    const answer = await lastAnswer(app.ask(question.text, signal, conversation, options), view.show);
    const pictures = await uploadPictures(answer, deps);
    const csv = await csvOf(answer);
    const source = await app.describeSource().catch(() => '');
    const content = answerContent(answer, { ...around, id, source, pictures, hasCsv: csv !== undefined });
    return { content, how: explainAnswer(answer), ...(csv && { csv }) };
  } catch (error) {
    if (signal.aborted) throw error;
    deps.onFault(error);
    return { content: lineContent('Something failed on our side; it was written down. Please ask again.', around) };
  } finally {
    // Nothing may be written over the answer.
    await view.end();
  }
}

/** The same to its asker alone, as a conversation of its own. */
const asideOf = (question: SlackQuestion): SlackQuestion => ({
  ...question,
  channel: question.user,
  threadTs: undefined,
  isDirect: true,
});

/** A direct conversation is its person's; any other is that of all in its thread. */
function whereOf({ user, threadTs, isDirect }: SlackQuestion, id: string, place: SlackPlace) {
  const [team = ''] = JSON.parse(id) as string[];
  const thread = threadTs ?? place.ts;
  return {
    conversation: `slack-${team}-${place.channel}-${thread}`,
    owner: isDirect ? personOwner(team, user) : JSON.stringify(['slack', team, place.channel, thread]),
  };
}

/** An answer without its picture is an answer. */
async function uploadPictures({ charts }: Answer, { calls, onFault }: QuestionDeps): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const chart of charts.slice(0, MOST_PICTURES)) {
    try {
      pictures.push(await calls.picture(chart));
    } catch (error) {
      onFault(error);
    }
  }
  return pictures;
}

async function csvOf({ findings }: Answer): Promise<QuestionProgress['csv'] | undefined> {
  const isLong = findings.some(
    ({ data }) => data.tables.some(({ rows }) => rows.length > SHOWN_ROWS) || (data.series ?? []).length > 0,
  );
  if (!isLong) return undefined;
  const { pieces, notes } = exportFindings(findings, 'csv');
  const text = await joinInTurns(pieces);
  return text === '' || text.length > LONGEST_CSV ? undefined : { text, notes: notes() };
}

function limitLine({ questions, withinMs }: SlackLimits): string {
  return `You have asked ${questions} questions within ${Math.round(withinMs / 60_000)} minutes, which is the limit: please wait a little and ask again.`;
}
