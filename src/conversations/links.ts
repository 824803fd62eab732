/**
 * Names that mean one person: who is `local` in a terminal is somebody in Slack and a token's owner over HTTP. A code
 * that is made under one name and typed under another joins the two; each then sees what was kept for the other.
 */

/** Who is known to one way in. */
export interface KnownName {
  readonly owner: string;
  readonly tenant?: string | undefined;
}

export type LinkOutcome =
  /** With whom, as people read it. */
  { readonly kind: 'joined'; readonly other: string } | { readonly kind: 'refused'; readonly why: string };

/** What it throws is a ConversationError. */
export interface NameLinks {
  /** A code that joins once, within ten minutes; the one before it joins no more. */
  offer(known: KnownName): Promise<string>;
  accept(known: KnownName, code: string): Promise<LinkOutcome>;
  /** Other names of the same person, as people read them. */
  list(known: KnownName): Promise<string[]>;
  /** Whether it was one of them; from then on it is somebody else again. */
  remove(known: KnownName, other: string): Promise<boolean>;
}

export interface LinkCode {
  readonly owner: string;
  readonly tenant: string | null;
  /** Of the code; the code itself is kept nowhere. */
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly expires: number;
}

/** What a place to keep them must be able to do; each is one step to every process that shares the place. */
export interface LinkRows {
  /** Instead of the owner's code before. */
  putCode(code: LinkCode): Promise<void>;
  /** It is there no more, whatever becomes of it. */
  takeCode(digest: string, now: number): Promise<LinkCode | undefined>;
  /** How many there were since then, this one included; older ones are forgotten. */
  countTry(owner: string, now: number, since: number): Promise<number>;
  join(one: string, other: string): Promise<void>;
  /** The owner's own name too, first. */
  namesOf(owner: string): Promise<readonly string[]>;
  part(owner: string): Promise<void>;
  now(): Promise<number>;
}

export const CODE_MS = 10 * 60_000;
export const MOST_TRIES = 10;
