/** What a question comes to, for surfaces that show no reply as it grows. */
import type { AgentEvent, Answer } from '../../agent/events.ts';

/** The answer, which is the last event; all that come are handed on. */
export async function lastAnswer(
  events: AsyncIterable<AgentEvent>,
  onEvent: (event: AgentEvent) => void = () => {},
): Promise<Answer> {
  let answer: Answer | undefined;
  for await (const event of events) {
    onEvent(event);
    if (event.type === 'answer') answer = event.answer;
  }
  if (answer === undefined) throw new Error('the question ended without an answer');
  return answer;
}
