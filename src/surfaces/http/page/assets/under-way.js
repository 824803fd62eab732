/** A question under way, as its events tell of it. */

const WORK = 'at work';

/** @param state `{ question, conversation?, steps, draft, answer?, fault?, isBroken? }` */
export function takeEvent(state, event) {
  const going = { ...state, isBroken: false };
  switch (event.type) {
    case 'RUN_STARTED':
      return { ...going, conversation: event.threadId };
    case 'RECONNECTING':
      return { ...state, isBroken: true };
    case 'TOOL_CALL_START':
      return { ...going, draft: '', steps: [...state.steps, `${event.toolCallName.replaceAll('_', ' ')}: ${WORK}…`] };
    case 'CUSTOM':
      if (event.name === 'progress') return { ...going, steps: [...state.steps, event.value.message] };
      return event.name === 'draft' ? { ...going, draft: state.draft + event.value.delta } : going;
    case 'RUN_FINISHED':
      return event.outcome?.type === 'cancelled' ? going : { ...going, answer: event.result };
    case 'RUN_ERROR':
      return { ...going, fault: event.message };
    default:
      return going;
  }
}
