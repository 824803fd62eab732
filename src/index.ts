/** Entry of the library: turns an old Node away in words before anything newer than it is loaded. */
import { nodeFault } from './check-node.ts';

const fault = nodeFault(process.versions.node);
if (fault !== undefined) throw new Error(fault);

// Imported statically, an old Node would fail at what it lacks before a word is said. Types are those of library.ts.
export const {
  answerJson,
  chartOf,
  ClosedError,
  ConfigError,
  ConversationError,
  createRunsight,
  defineTool,
  drawPicture,
  ModelError,
  pictureFormat,
  RunsightError,
  StoreError,
  ToolError,
} = await import('./library.ts');
