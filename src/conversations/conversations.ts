/** Where conversations are kept between questions, each for its owner: to anybody else it does not exist. */
import type { Conversation } from '../agent/conversation/conversation.ts';
import type { NameLinks } from './links.ts';
import type { SharedState } from './shares.ts';

/** What a list says of a conversation. */
export interface ConversationEntry {
  readonly id: string;
  /** Its first question, until somebody gives it another. */
  readonly title: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly updated: number;
  /** Questions that became part of it. */
  readonly turns: number;
  /** A question that nobody works on any more: the process that did is gone. Stands until another is answered. */
  readonly interrupted?: string | undefined;
}

/** One question's hold of its conversation: until its end nobody else begins another. */
export interface ConversationTurn {
  /** To be changed as a whole, or left. */
  readonly conversation: Conversation;
  /** Keeps it as it is now. @throws ConversationError conversation_changed where it was deleted or taken over meanwhile. */
  end(): Promise<void>;
}

/** Of one owner. All that fails is a ConversationError. */
export interface Conversations {
  /** Those that had a question, latest first. */
  list(limit: number, offset?: number): Promise<{ readonly entries: ConversationEntry[]; readonly total: number }>;
  read(id: string): Promise<{ readonly entry: ConversationEntry; readonly conversation: Conversation } | undefined>;
  /** Waits for its turn, behind other processes too; a conversation that is not there is a new one. @throws the signal's reason. */
  begin(id: string, question: string, signal: AbortSignal): Promise<ConversationTurn>;
  rename(id: string, title: string): Promise<ConversationEntry | undefined>;
  /** A new one that goes as far as the first `turns` of this; default: all of it. */
  branch(id: string, turns?: number): Promise<ConversationEntry | undefined>;
  /** Whether it was there. */
  delete(id: string): Promise<boolean>;
  /** Lets others of the tenant read it as it is now, by a secret that is told once; a share that there was ends. */
  share(id: string, tenant: string | undefined): Promise<(SharedState & { readonly secret: string }) | undefined>;
  findShare(id: string): Promise<SharedState | undefined>;
  /** Whether it was shared. */
  unshare(id: string): Promise<boolean>;
}

/** Everybody's. */
export interface ConversationStore {
  /** Also what is kept for other names of the same person. */
  of(owner: string): Conversations;
  /** What was shared within the tenant by this secret, until it is withdrawn or its conversation deleted. */
  findShared(
    tenant: string | undefined,
    secret: string,
  ): Promise<(SharedState & { readonly conversation: Conversation }) | undefined>;
  readonly links: NameLinks;
  close(): Promise<void>;
}

/** Who talks where nobody has to say who they are. */
export const LOCAL_OWNER = 'local';

/** Who bears the same name in another tenant is somebody else. */
export function ownerWithin(tenant: string | undefined, owner: string): string {
  return tenant === undefined ? owner : JSON.stringify([tenant, owner]);
}
