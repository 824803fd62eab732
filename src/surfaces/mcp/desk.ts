/** What all requests of one client, or of all that may see the same, work with: it outlives each of them. */
import { createRequestStateCodec, type RequestStateCodec } from '@modelcontextprotocol/server';
import type { App } from '../../app/create-app.ts';
import type { Config } from '../../config/config.ts';
import { createNames, type Names } from '../shared/names.ts';
import { type AnswerBounds, type Answers, createAnswers } from './answers.ts';
import { createRecordSchemas, type RecordSchemas } from './record-schemas.ts';
import { createShelf, type Shelf } from './shelf.ts';

export interface Desk {
  readonly app: App;
  readonly timeZone: string;
  readonly answers: Answers;
  readonly shelf: Shelf;
  readonly names: Names;
  readonly schemas: RecordSchemas;
  /** Seals what a client hands back between two rounds of one request. */
  readonly states: RequestStateCodec;
  /** How long a question may keep a client waiting. */
  readonly patienceMs: number;
}

export interface DeskOptions {
  /** Where several processes answer the rounds of one request, they seal alike. Default: by a key of this process. */
  readonly states?: RequestStateCodec | undefined;
  readonly patienceMs?: number | undefined;
  readonly bounds?: AnswerBounds | undefined;
}

/** Clients give up after a minute, some earlier. */
const PATIENCE_MS = 20_000;

export function createDesk(app: App, config: Config, options: DeskOptions = {}): Desk {
  const { patienceMs = PATIENCE_MS, bounds } = options;
  let { states } = options;
  return {
    app,
    timeZone: config.timeZone,
    answers: createAnswers(app, bounds),
    shelf: createShelf(),
    names: createNames(() => app.openStore(), new AbortController().signal),
    schemas: createRecordSchemas(config.packageRoot),
    // What seals takes its time to load, and most talks seal nothing.
    get states() {
      states ??= createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) });
      return states;
    },
    patienceMs,
  };
}
