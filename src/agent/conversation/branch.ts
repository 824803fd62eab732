/** A new conversation that shares the beginning of another. */
import { idsOfKind } from '../../finding/refs.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { splitExchanges } from './exchanges.ts';

/** @param turns as many of its questions, each with all that was found and said for it; default: all */
export function branchConversation(from: Conversation, turns = Number.POSITIVE_INFINITY): Conversation {
  const exchanges = splitExchanges(from.messages);
  const branch = createConversation();
  if (turns >= exchanges.length) {
    const { messages, findings, memory, choices, room } = from;
    return { ...branch, messages, findings, memory, choices, room };
  }
  const messages = exchanges.slice(0, turns).flat();
  const results = messages.flatMap((message) => (message.role === 'tools' ? message.results : []));
  const findings = from.findings.slice(0, results.filter(({ outcome }) => outcome.ok).length);
  const recentExperimentIds = findings
    .map(({ subject }) => idsOfKind(subject.refs, 'experiment'))
    .findLast((ids) => ids.length > 0);
  return {
    ...branch,
    messages,
    findings,
    memory: { pinned: from.memory.pinned, recentExperimentIds },
    room: from.room,
  };
}
