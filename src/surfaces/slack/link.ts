/** `/runsight link`: this person's direct conversations joined with those of another name of theirs. */
import type { NameLinks } from '../../conversations/links.ts';

const LINK = /^\s*link(?:\s+([\w-]{1,40}|\w{5}\s\w{5}))?\s*$/i;

/** A code must not wait in the inbox as a question would. */
export const asksToLink = (text: string): boolean => LINK.test(text);

/** Whose the direct conversations of a person are. */
export const personOwner = (team: string, user: string): string => JSON.stringify(['slack', team, user]);

/** What is told to the person alone. @throws ConversationError */
export async function linkPerson(links: NameLinks, owner: string, text: string): Promise<string> {
  const code = LINK.exec(text)?.[1];
  if (code === undefined)
    return `Within ten minutes, once: runsight link ${await links.offer({ owner })} in a terminal, or the code over HTTP to POST /api/v1/link. Both must keep conversations in the same place.`;
  const outcome = await links.accept({ owner }, code);
  return outcome.kind === 'refused'
    ? `Not joined: ${outcome.why}.`
    : `Joined with ${outcome.other}: our direct conversations go on there too, by runsight chat --resume.`;
}
