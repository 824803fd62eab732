/** Waits for a question's answer, and says on standard error what goes on where that takes a while. */
import type { AgentEvent, Answer } from '../../agent/events.ts';
import { lastAnswer } from '../shared/last-answer.ts';
import type { Progress } from './progress.ts';

export async function awaitAnswer(events: AsyncIterable<AgentEvent>, progress: Progress): Promise<Answer> {
  try {
    return await lastAnswer(events, (event) => {
      if (event.type === 'tool-start') progress.show(event.title);
      else if (event.type === 'progress') progress.show(event.message);
    });
  } finally {
    progress.clear();
  }
}
