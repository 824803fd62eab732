/** What happens to a question, by AG-UI's names. Only what has passed the check is a message; the rest is a draft. */
import type { AgentEvent, Answer } from '../../agent/events.ts';
import { findingJson } from '../../finding/json.ts';
import { answerJson } from '../../present/json.ts';

export type AgUiEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface AgUiRun {
  readonly threadId: string;
  readonly runId: string;
}

export function runStarted(run: AgUiRun): AgUiEvent {
  return { type: 'RUN_STARTED', ...run };
}

export function toAgUi(event: AgentEvent, run: AgUiRun): AgUiEvent[] {
  switch (event.type) {
    case 'tool-start':
      return [
        { type: 'TOOL_CALL_START', toolCallId: event.callId, toolCallName: event.tool },
        { type: 'TOOL_CALL_END', toolCallId: event.callId },
      ];
    case 'tool-end': {
      const { callId, finding, failure } = event;
      const content = JSON.stringify(finding === undefined ? { error: failure } : findingJson(finding));
      return [{ type: 'TOOL_CALL_RESULT', messageId: `${run.runId}-${callId}`, toolCallId: callId, content }];
    }
    case 'progress':
      return [{ type: 'CUSTOM', name: 'progress', value: { message: event.message } }];
    case 'text-delta':
      return [{ type: 'CUSTOM', name: 'draft', value: { delta: event.text } }];
    case 'thinking-delta':
      return [{ type: 'REASONING_MESSAGE_CHUNK', messageId: `${run.runId}-thoughts`, delta: event.text }];
    case 'answer':
      return answered(event.answer, run);
  }
}

function answered(answer: Answer, run: AgUiRun): AgUiEvent[] {
  const messageId = answer.id;
  const { error } = answer;
  const message = [
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: answer.text },
    { type: 'TEXT_MESSAGE_END', messageId },
  ];
  if (error !== undefined) return [{ type: 'RUN_ERROR', message: answer.text, code: error.code }];
  return [...message, { type: 'RUN_FINISHED', ...run, outcome: { type: 'success' }, result: answerJson(answer) }];
}

export function runCancelled(run: AgUiRun): AgUiEvent {
  return { type: 'RUN_FINISHED', ...run, outcome: { type: 'cancelled' } };
}
