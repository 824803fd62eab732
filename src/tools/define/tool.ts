/** How a tool is defined: one typed operation, the only way data reaches a model. */
import type * as z from 'zod';
import type { FindingBody } from '../../finding/finding.ts';
import type { FamilyData } from '../../mlflow/family.ts';
import type { Query } from '../../query/query.ts';
import type { Verb } from '../../query/verb.ts';
import { sayChanged } from './changed.ts';
import type { ToolContext } from './context.ts';
import { type InputOf, type InputSchema, type ParsedInput, readInputSchema } from './input-schema.ts';
import { sayUnreadable } from './unreadable.ts';

/** What `defineTool` takes. */
export interface ToolDefinition<S extends InputSchema> {
  /** snake_case, verb then noun. */
  readonly name: string;
  readonly title: string;
  /** What, when, when not, units. Sent to models: every word costs tokens. */
  readonly description: string;
  /** Strict object of zod 4 (or of zod 3); every field described. */
  readonly input: S;
  /** What kind of things it is about, and what it can be asked of them. */
  readonly kind: string;
  readonly verbs?: readonly Verb[];
  /** The family of data that it reads, where that is another than runs. */
  readonly reads?: FamilyData<unknown>;
  readonly readOnly: true;
  /** The input that answers a query of these verbs; undefined where it cannot answer it whole. */
  answers?(query: Query): (S extends z.ZodType ? z.input<S> : unknown) | undefined;
  /** Reads from `context.store`. What it cannot answer it says by a ToolError. */
  run(input: InputOf<S>, context: ToolContext): Promise<FindingBody>;
}

/** A tool with its input type forgotten: what the loop and the surfaces hold. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: string;
  readonly verbs: readonly Verb[];
  readonly reads?: FamilyData<unknown> | undefined;
  readonly readOnly: true;
  /** The input that answers a query, if it can. */
  answers(query: Query): unknown;
  /** JSON Schema of the input, made when first asked for. */
  inputSchema(): Record<string, unknown>;
  /** The validated input, or why it is not valid, worded for a model to mend. */
  parse(input: unknown): ParsedInput;
  /** Takes what `parse` gave. @throws ToolError when it cannot answer, StoreError when the store fails. */
  run(input: unknown, context: ToolContext): Promise<FindingBody>;
}

/** A tool of one's own, to be handed to `createRunsight`. @throws TypeError where its input is no zod schema. */
export function defineTool<S extends InputSchema>(definition: ToolDefinition<S>): Tool {
  const schema = readInputSchema(definition.input, definition.name);
  return {
    name: definition.name,
    title: definition.title,
    description: definition.description,
    kind: definition.kind,
    verbs: definition.verbs ?? [],
    reads: definition.reads,
    readOnly: definition.readOnly,
    answers: (query) => definition.answers?.(query),
    inputSchema() {
      const { $schema: _, ...json } = schema.toJsonSchema();
      return json;
    },
    parse: (input) => schema.parse(input),
    run: (input, context) =>
      context.store.snapshot(async (store) => {
        const own = { ...context, store };
        return sayChanged(
          own,
          await sayUnreadable(own, input as object, () => definition.run(input as InputOf<S>, own)),
        );
      }, context.progress),
  };
}
