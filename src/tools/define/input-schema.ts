/** Schemas of tools' inputs: zod 4, and zod 3 where somebody's own tool is written with it. */
import { createRequire } from 'node:module';
import * as z from 'zod';
import type * as ForZod3 from 'zod-to-json-schema';

/** An object schema of zod 3, as far as it is used: of whichever release somebody has. */
export interface Zod3Object<Output = unknown> {
  readonly _output: Output;
  readonly _def: { readonly typeName: unknown };
  safeParse(input: unknown):
    | { readonly success: true; readonly data: Output }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { path: (string | number)[]; message: string }[] };
      };
}

/** What a tool's input can be described with: a `z.object` or `z.strictObject` of zod 4, or a `z.object` of zod 3. */
export type InputSchema = z.ZodObject | Zod3Object;

/** What a tool's `run` gets: the input as the schema has checked and completed it. */
export type InputOf<S extends InputSchema> = S extends z.ZodType
  ? z.output<S>
  : S extends Zod3Object<infer Output>
    ? Output
    : never;

export type ParsedInput =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly reason: string };

interface ReadSchema {
  toJsonSchema(): Record<string, unknown>;
  parse(input: unknown): ParsedInput;
}

/** @throws TypeError where it is neither: a tool without a schema would take anything. */
export function readInputSchema(schema: InputSchema, tool: string): ReadSchema {
  if ('_zod' in schema) return readZod4(schema);
  if (schema._def?.typeName === 'ZodObject') return readZod3(schema);
  throw new TypeError(`the input of ${tool} is no object schema of zod 4 or 3`);
}

function readZod4(schema: z.ZodObject): ReadSchema {
  return {
    toJsonSchema: () => z.toJSONSchema(schema, { io: 'input' }),
    parse(input) {
      const parsed = schema.safeParse(input);
      return parsed.success ? { ok: true, input: parsed.data } : { ok: false, reason: z.prettifyError(parsed.error) };
    },
  };
}

function readZod3(schema: Zod3Object): ReadSchema {
  return {
    toJsonSchema() {
      // Given a zod 4 schema it would silently emit an empty one.
      const { zodToJsonSchema } = createRequire(import.meta.url)('zod-to-json-schema') as typeof ForZod3;
      return zodToJsonSchema(schema as unknown as Parameters<typeof zodToJsonSchema>[0], { $refStrategy: 'none' });
    },
    parse(input) {
      const parsed = schema.safeParse(input);
      if (parsed.success) return { ok: true, input: parsed.data };
      const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
      return { ok: false, reason: reasons.join('\n') };
    },
  };
}
