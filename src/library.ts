/** Runsight as a library: the same answers, for programs. */
export { ConversationError, type ConversationErrorCode } from './agent/conversation/codec.ts';
export type { Conversation } from './agent/conversation/conversation.ts';
export type { AgentEvent, Answer, AnswerError, Receipt } from './agent/events.ts';
export {
  type Model,
  ModelError,
  type ModelErrorCode,
  type ModelEvent,
  type ModelRequest,
  type ModelTurn,
} from './agent/models/model.ts';
export { ConfigError } from './config/error.ts';
export type { ConversationEntry } from './conversations/conversations.ts';
export { type Chart, chartOf } from './finding/charts.ts';
export type { Finding, FindingBody } from './finding/finding.ts';
export { StoreError, type StoreErrorCode } from './mlflow/errors.ts';
export type { TrackingStore } from './mlflow/runs/tracking-store.ts';
export { answerJson } from './present/json.ts';
export { drawPicture, type PictureFormat, pictureFormat } from './present/picture.ts';
export type { Query } from './query/query.ts';
export { RunsightError } from './runsight-error.ts';
export type { RunsightOptions } from './surfaces/library/options.ts';
export {
  type CallOptions,
  ClosedError,
  createRunsight,
  type KeptTalks,
  type QuestionOptions,
  type Runsight,
} from './surfaces/library/runsight.ts';
export type { ToolContext } from './tools/define/context.ts';
export { ToolError, type ToolErrorCode } from './tools/define/errors.ts';
export type { InputSchema } from './tools/define/input-schema.ts';
export { defineTool, type Tool, type ToolDefinition } from './tools/define/tool.ts';
