/** Waits for a question's answer, and says on standard error what goes on where that takes a while. */
import type { AgentEvent, Answer } from '../../agent/events.ts';
import type { Progress } from './progress.ts';

export async function awaitAnswer(events: AsyncIterable<AgentEvent>, progress: Progress): Promise<Answer> {
  let answer: Answer | undefined;
  try {
    for await (const event of events) {
      if (event.type === 'tool-start') progress.show(event.title);
      else if (event.type === 'progress') progress.show(event.message);
      else if (event.type === 'answer') answer = event.answer;
    }
  } finally {
    progress.clear();
  }
  if (answer === undefined) throw new Error('the question ended without an answer');
  return answer;
}
