/** Runsight as a library: the same answers, for programs. */
export type { Conversation } from './agent/conversation/conversation.ts';
export { createConversation } from './agent/conversation/conversation.ts';
export type { AgentEvent, Answer, Receipt } from './agent/events.ts';
export type { App } from './app/create-app.ts';
export { createApp } from './app/create-app.ts';
export type { Config, ConfigFlags, Environment } from './config/config.ts';
export { ConfigError, readConfig } from './config/config.ts';
export { type Chart, chartOf } from './finding/charts.ts';
export { StoreError } from './mlflow/errors.ts';
export { answerJson } from './present/json.ts';
export { drawPicture, type PictureFormat, pictureFormat } from './present/picture.ts';
