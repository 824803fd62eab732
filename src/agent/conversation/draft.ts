/** What one question would make of its conversation: committed as a whole, or dropped with the question. */
import type { Finding, FindingBody } from '../../finding/finding.ts';
import { idsOfKind } from '../../finding/refs.ts';
import type { AnswerChoice, Message, ToolCall } from '../models/model.ts';
import type { Conversation } from './conversation.ts';

export interface Draft {
  readonly conversation: Conversation;
  readonly messages: Message[];
  readonly findings: Finding[];
  recentExperimentIds: readonly string[] | undefined;
  room: number | undefined;
}

export function createDraft(conversation: Conversation, question: string): Draft {
  const { messages, findings, memory, room } = conversation;
  return {
    conversation,
    messages: [...messages, { role: 'user', text: question }],
    findings: [...findings],
    recentExperimentIds: memory.recentExperimentIds,
    room,
  };
}

/** Gives a finding the next handle and remembers it and its experiments. */
export function addFinding(draft: Draft, call: ToolCall, input: unknown, body: FindingBody): Finding {
  const finding: Finding = { ...body, handle: `#${draft.findings.length + 1}`, tool: call.name, input };
  draft.findings.push(finding);
  const experimentIds = idsOfKind(body.subject.refs, 'experiment');
  if (experimentIds.length > 0) draft.recentExperimentIds = experimentIds;
  return finding;
}

export function commitDraft(draft: Draft, choices: readonly AnswerChoice[]): void {
  const { conversation, messages, findings, recentExperimentIds, room } = draft;
  // An experiment that was pinned meanwhile stays so.
  const memory = { ...conversation.memory, recentExperimentIds };
  Object.assign(conversation, { messages, findings, memory, choices, room } satisfies Partial<Conversation>);
}
