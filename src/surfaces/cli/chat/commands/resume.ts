/** `/resume` and `--resume`: lists kept conversations, and goes on with one. */
import { splitExchanges } from '../../../../agent/conversation/exchanges.ts';
import { ConfigError } from '../../../../config/config.ts';
import type { ConversationEntry } from '../../../../conversations/conversations.ts';
import { countOf, formatTime } from '../../../../finding/format.ts';
import { sanitizeLine } from '../../../../present/sanitize.ts';
import { paint } from '../../../../present/style.ts';
import { truncate } from '../../../../present/width.ts';
import type { Chat } from '../chat.ts';
import type { ChatCommand, Reply } from './command.ts';

const MOST_SEARCHED = 100;
/** One key each. */
const MOST_OFFERED = 9;
const MOST_NAMED = 5;
const LONGEST_NAMED = 40;
const LAST_LINES = 3;

export const resume: ChatCommand = {
  name: '/resume',
  usage: '[ID or WORDS]',
  help: 'list the conversations that are kept, or go on with one',
  complete: (chat) => chat.offered.flatMap((line) => /^\/resume (.*)/.exec(line)?.[1] ?? []),
  async run(rest, chat) {
    const { entries, total } = await (await chat.keeping.open()).list(MOST_SEARCHED);
    const found = rest === '' ? entries.filter(({ id }) => id !== chat.conversation.id) : search(entries, rest);
    const [only] = found;
    if (rest !== '' && found.length <= 1) return asReply(await goOn(chat, only?.id ?? rest));
    return asReply(offer(chat, found, rest === '' ? total - entries.length + found.length : found.length));
  },
};

/**
 * What a chat begins with: the conversation that it goes on with, or those to choose from.
 * @throws ConfigError where there is none of that id, or none was named and nobody can choose; ConversationError
 */
export async function resumeAtOnce(chat: Chat, id: string | undefined, canChoose: boolean): Promise<readonly string[]> {
  if (id !== undefined) return goOn(chat, id);
  const { entries, total } = await (await chat.keeping.open()).list(MOST_SEARCHED);
  if (canChoose) return offer(chat, entries, total);
  if (total === 0) throw new ConfigError('there is no conversation to resume yet');
  const named = entries.slice(0, MOST_NAMED);
  const list = named
    .map((one) => `${one.id} (${truncate(sanitizeLine(one.title), LONGEST_NAMED, ellipsis(chat))})`)
    .join(', ');
  const more = total > named.length ? `, +${total - named.length} more` : '';
  throw new ConfigError(`--resume needs an id where nobody can choose: ${list}${more}`);
}

const asReply = (lines: readonly string[]): Reply => ({ kind: 'lines', lines });

const ellipsis = (chat: Chat): string => (chat.screen().unicode ? '…' : '...');

function search(entries: readonly ConversationEntry[], words: string): ConversationEntry[] {
  const exact = entries.filter(({ id }) => id === words);
  const wanted = words.toLowerCase();
  return exact.length > 0
    ? exact
    : entries.filter(({ id, title }) => id.startsWith(words) || title.toLowerCase().includes(wanted));
}

function offer(chat: Chat, found: readonly ConversationEntry[], total: number): string[] {
  const screen = chat.screen();
  if (found.length === 0) return ['There is no other conversation to go on with yet.'];
  const offered = found.slice(0, MOST_OFFERED);
  chat.offered = offered.map(({ id }) => `/resume ${id}`);
  const lines = offered.map((entry, place) => {
    const about = `${screen.unicode ? ' · ' : '; '}${describe(chat, entry)}`;
    const room = Math.max(8, screen.width - about.length - 4);
    return `${place + 1}  ${truncate(sanitizeLine(entry.title), room, ellipsis(chat))}${paint(screen, 'dim', about)}`;
  });
  const more = total - offered.length;
  const rest = more > 0 ? [`+${more} more: /resume and words of the title`] : [];
  return ['Conversations, latest first. Press a number:', ...lines, ...rest];
}

function describe({ config }: Chat, { updated, turns, interrupted }: ConversationEntry): string {
  const state = interrupted === undefined ? '' : ', interrupted';
  return `${formatTime(updated, config.timeZone)}, ${countOf(turns, 'question')}${state}`;
}

/** @throws ConfigError where there is none of that id, ConversationError */
async function goOn(chat: Chat, id: string): Promise<string[]> {
  const found = await (await chat.keeping.open()).read(id);
  if (found === undefined)
    throw new ConfigError(`there is no conversation "${sanitizeLine(id)}": it was deleted, or is not yours`);
  const { entry, conversation } = found;
  chat.conversation = conversation;
  chat.keeping.isOn = true;
  return welcome(chat, entry);
}

/** What it is, the end of it, and the question that came to nothing. */
function welcome(chat: Chat, entry: ConversationEntry): string[] {
  const screen = chat.screen();
  const oneRow = (text: string) => truncate(sanitizeLine(text), screen.width - 1, ellipsis(chat));
  const lines = [paint(screen, 'dim', oneRow(`Going on with "${entry.title}" (${describe(chat, entry)})`))];
  const last = splitExchanges(chat.conversation.messages).at(-1) ?? [];
  const texts = last.flatMap((one) => (one.role === 'assistant' && one.turn.text !== '' ? one.turn.text : []));
  const [first] = last;
  if (first?.role === 'user') lines.push(oneRow(`> ${first.text}`));
  const said = (texts.at(-1) ?? '').split('\n').filter((line) => line.trim() !== '');
  lines.push(...said.slice(0, LAST_LINES).map(oneRow), ...(said.length > LAST_LINES ? [ellipsis(chat)] : []));
  if (entry.interrupted !== undefined) {
    chat.offered = [entry.interrupted, ...chat.conversation.choices.map(({ question }) => question)].slice(
      0,
      MOST_OFFERED,
    );
    lines.push(oneRow(`Interrupted, without an answer: ${entry.interrupted}`), 'Press 1 to ask it again.');
  }
  return lines;
}
