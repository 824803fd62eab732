/** A change of a client's file, as text. */

/** What the server is called there. */
export const SERVER_NAME = 'runsight';

export interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
}

/** The text with the server in it, instead of whatever it said of it; undefined: with no word of it. @throws ConfigError */
export type Edit = (text: string, entry: ServerEntry | undefined) => string;
