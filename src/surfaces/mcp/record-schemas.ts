/** What tools give back, as the answer record's own schema describes it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

type JsonSchema = Record<string, unknown>;

export interface RecordSchemas {
  finding(): JsonSchema;
  findings(): JsonSchema;
  /** An answer, or what tells that there is none yet. */
  answer(): JsonSchema;
}

const PENDING = {
  type: 'object',
  description: 'Instead of an answer: the question is still worked on, or was cancelled.',
  properties: {
    pending: {
      type: 'object',
      properties: {
        handle: { type: 'string', description: 'For get_answer.' },
        conversation: { type: 'string' },
        state: { enum: ['running', 'cancelled'] },
        seconds: { type: 'integer', description: 'Since it was asked.' },
      },
      required: ['handle', 'conversation', 'state', 'seconds'],
      additionalProperties: false,
    },
  },
  required: ['pending'],
  additionalProperties: false,
};

/** Read when a client first asks what there is. */
export function createRecordSchemas(packageRoot: string): RecordSchemas {
  let record: { readonly $defs: JsonSchema; readonly answer: JsonSchema } | undefined;
  const read = () => {
    record ??= readRecord(path.join(packageRoot, 'schema', 'answer.schema.json'));
    return record;
  };
  return {
    finding() {
      const { finding, ...others } = read().$defs;
      return { ...(finding as JsonSchema), $defs: others };
    },
    findings: () => ({
      type: 'object',
      properties: { findings: { type: 'array', items: { $ref: '#/$defs/finding' } } },
      required: ['findings'],
      additionalProperties: false,
      $defs: read().$defs,
    }),
    answer() {
      const { answer, $defs } = read();
      const either = [{ $ref: '#/$defs/answer' }, { $ref: '#/$defs/pending' }];
      return { type: 'object', anyOf: either, $defs: { ...$defs, answer, pending: PENDING } };
    },
  };
}

/** Without its words for people: they stand in the published record, and a list of tools has it a dozen times. */
function withoutWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutWords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== 'description' || typeof value !== 'string');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutWords(value)]));
}

function readRecord(file: string): { readonly $defs: JsonSchema; readonly answer: JsonSchema } {
  const { $defs, $schema: _, $id: __, ...answer } = withoutWords(JSON.parse(readFileSync(file, 'utf8'))) as JsonSchema;
  return { $defs: $defs as JsonSchema, answer };
}
