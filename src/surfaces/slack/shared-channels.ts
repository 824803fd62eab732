/** Channels become shared with other organisations after our message was posted, and a press of its button does not say so. */
import { type SlackCalls, SlackRefusal, type SlackTarget } from './slack-calls.ts';

interface SharingDeps {
  readonly calls: SlackCalls;
  readonly onFault: (error: unknown) => void;
}

/** Whether outsiders read there now; where Slack does not let us know, as if they did. */
export async function isSharedNow(channel: string, { calls, onFault }: SharingDeps): Promise<boolean> {
  try {
    return await calls.isShared(channel);
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    onFault(error);
    return true;
  }
}

/** Where this person gets what was pressed for: in its thread, or where outsiders would read it in direct messages. */
export async function targetFor(
  press: { readonly user: string; readonly channel: string; readonly threadTs: string },
  deps: SharingDeps,
): Promise<SlackTarget> {
  return (await isSharedNow(press.channel, deps)) ? { channel: await deps.calls.direct(press.user) } : press;
}
