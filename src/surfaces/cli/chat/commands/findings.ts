/** Which finding of the conversation a command is about. */
import { ConfigError } from '../../../../config/config.ts';
import type { Finding } from '../../../../finding/finding.ts';
import type { Chat } from '../chat.ts';

const HANDLE = /^#\d+$/;

export const isHandle = (word: string): boolean => HANDLE.test(word);

/** @throws ConfigError where the conversation has no such finding. */
export function findingOf({ conversation }: Chat, handle: string): Finding {
  const finding = conversation.findings.find((one) => one.handle === handle);
  if (finding !== undefined) return finding;
  const last = conversation.findings.at(-1)?.handle;
  throw new ConfigError(
    last === undefined
      ? `there is no ${handle}: nothing was found in this conversation yet; ask a question first`
      : `there is no ${handle}: the findings of this conversation go from #1 to ${last}`,
  );
}

/** @throws ConfigError where nothing was found yet. */
export function lastFinding(chat: Chat): Finding {
  return findingOf(chat, chat.conversation.findings.at(-1)?.handle ?? '#1');
}

/** Newest first. */
export const handlesOf = ({ conversation }: Chat): string[] =>
  conversation.findings.map(({ handle }) => handle).reverse();
