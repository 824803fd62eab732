/** What goes on, in the message that the answer will stand in; as often as Slack lets a message be changed. */
import type { AgentEvent } from '../../agent/events.ts';
import { lineContent } from './content.ts';
import type { SlackCalls, SlackPlace } from './slack-calls.ts';

const FIRST_MS = 1_000;
const EVERY_MS = 3_000;
const LONGEST = 300;

export interface ProgressView {
  show(event: AgentEvent): void;
  /** When it has ended, nothing more is written. */
  end(): Promise<void>;
}

export function showProgress(calls: SlackCalls, place: SlackPlace, opening: string): ProgressView {
  let latest: string | undefined;
  let writing: Promise<void> | undefined;
  const write = () => {
    if (latest === undefined || writing !== undefined) return;
    const line = `${opening} ${latest}`.slice(0, LONGEST);
    latest = undefined;
    // One that fails is made up for by the next, or by the answer.
    writing = calls
      .update(place, lineContent(line))
      .catch(() => {})
      .finally(() => (writing = undefined));
  };
  const first = setTimeout(write, FIRST_MS);
  const timer = setInterval(write, EVERY_MS);
  return {
    show(event) {
      if (event.type === 'tool-start') latest = event.title;
      else if (event.type === 'progress') latest = event.message;
    },
    async end() {
      clearTimeout(first);
      clearInterval(timer);
      await writing;
    },
  };
}
