/** What a place to keep conversations must be able to do: single rows, each changed only by who knows its version. */

export interface ConversationHead {
  readonly owner: string;
  readonly id: string;
  readonly title: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly updated: number;
  readonly turns: number;
  /** Grows with each change. */
  readonly version: number;
  /** Who has the turn, with which question, until when unless they say so again. */
  readonly holder: string | null;
  readonly question: string | null;
  readonly heldUntil: number | null;
  readonly interrupted: string | null;
}

export interface ConversationRow extends ConversationHead {
  /** As the codec writes it. */
  readonly body: string;
}

export type RowChanges = Partial<Omit<ConversationRow, 'owner' | 'id' | 'version' | 'created'>>;

export interface ConversationRows {
  /** Those with turns or a question, last changed first. */
  list(
    owner: string,
    limit: number,
    offset: number,
  ): Promise<{ readonly heads: ConversationHead[]; readonly total: number }>;
  get(owner: string, id: string): Promise<ConversationRow | undefined>;
  /** False where there is one already. */
  insert(row: ConversationRow): Promise<boolean>;
  /** False where its version is another, or it is gone. */
  update(row: Pick<ConversationRow, 'owner' | 'id' | 'version'>, changes: RowChanges): Promise<boolean>;
  remove(owner: string, id: string): Promise<boolean>;
  /** Epoch milliseconds, by one clock for all processes. */
  now(): Promise<number>;
  close(): Promise<void>;
}
