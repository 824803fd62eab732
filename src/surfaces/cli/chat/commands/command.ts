/** What a command of the chat is. */
import type { ModelChoice } from '../../../../config/config.ts';
import type { StoreNames } from '../../../shared/names.ts';
import type { Chat } from '../chat.ts';

/** What comes of a command: words to show, text to pass on as it is, a question to ask, or the end. */
export type Reply =
  | { readonly kind: 'say'; readonly markdown: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'ask'; readonly question: string; readonly model?: ModelChoice | undefined }
  | { readonly kind: 'leave' };

export interface ChatCommand {
  /** With its slash. */
  readonly name: string;
  /** Words that mean the same when they are the whole line. */
  readonly aliases?: readonly string[] | undefined;
  /** Its arguments, as `/help` shows them. */
  readonly usage: string;
  readonly help: string;
  /** What its next argument may be. */
  complete?(chat: Chat, names: StoreNames): readonly string[];
  /** @throws ConfigError naming what cannot be and the mend. */
  run(rest: string, chat: Chat, signal: AbortSignal): Promise<Reply> | Reply;
}

export const say = (markdown: string): Reply => ({ kind: 'say', markdown });

/** Arguments apart: quotes bind. */
export function splitArguments(rest: string): string[] {
  return Array.from(
    rest.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** The whole rest as one name, without the quotes around it. */
export function readName(rest: string): string {
  return /^(["'`])(.*)\1$/.exec(rest)?.[2] ?? rest;
}
