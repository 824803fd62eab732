/** What clients send, checked and refused in one line. */
import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** What was sent cannot be used; the message says why, and the mend. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

type JsonSchema = Record<string, unknown>;

/** A schema as clients read it. What they send is checked where it is used, which words its refusals. */
export function published(schema: () => JsonSchema): StandardSchemaWithJSON<unknown, unknown> {
  let made: JsonSchema | undefined;
  const read = () => {
    made ??= schema();
    return made;
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'runsight',
      jsonSchema: { input: read, output: read },
      validate: (value) => ({ value }),
    },
  };
}

/** As models read it, who pay for every word: what may stand there. What may not is said where it is refused. */
export function inputSchemaOf(schema: z.ZodType): JsonSchema {
  const override = ({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    for (const bound of BOUNDS) delete jsonSchema[bound];
    if (jsonSchema.enum !== undefined || jsonSchema.const !== undefined) delete jsonSchema.type;
  };
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override });
  return rest;
}

const BOUNDS = [
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'],
  ...['default', 'additionalProperties'],
] as const;

/** Levels of a value within values: more is nobody's input. */
const MOST_DEPTH = 32;

/** @throws InputError naming each place that is wrong and what it takes. */
export function readInput<T>(schema: z.ZodType<T>, value: unknown): T {
  if (isDeeperThan(value, MOST_DEPTH)) throw new InputError(`the input is nested deeper than ${MOST_DEPTH} levels`);
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues.flatMap(nearestIssues).slice(0, MOST_TOLD).map(describe).join('; '));
}

const MOST_TOLD = 5;
const MOST_CHARACTERS = 300;

type Issue = z.core.$ZodIssue;

const describe = ({ path, message }: Issue): string =>
  `${path.length === 0 ? 'the input' : z.core.toDotPath(path)}: ${message}`.slice(0, MOST_CHARACTERS).toWellFormed();

/** Of a value that fits none of several shapes, what keeps it from the one that it comes nearest to. */
function nearestIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const shapes = issue.errors.map((issues) => issues.flatMap(nearestIssues)).filter((issues) => issues.length > 0);
  const depth = (issues: readonly Issue[]) => Math.max(...issues.map(({ path }) => path.length));
  const [nearest] = shapes.sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  if (nearest === undefined) return [issue];
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Without recursion: that is what it protects others from. */
function isDeeperThan(value: unknown, most: number): boolean {
  const open: (readonly [part: unknown, depth: number])[] = [[value, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [part, depth] = next;
    if (typeof part !== 'object' || part === null) continue;
    if (depth >= most) return true;
    for (const inner of Object.values(part)) open.push([inner, depth + 1]);
  }
  return false;
}
