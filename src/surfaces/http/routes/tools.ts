/** Every tool, by its own schema: what is added to the tools later is here too. */
import * as z from 'zod';
import { findingJson } from '../../../finding/json.ts';
import type { Tool } from '../../../tools/define/tool.ts';
import { callTool } from '../../shared/direct.ts';
import { HttpError } from '../http-error.ts';
import { defineRoute, type Route } from '../route.ts';

const ToolRecord = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  kind: z.string().describe('What it is about.'),
  read_only: z.boolean(),
  input_schema: z.looseObject({}).describe('JSON Schema.'),
});

const FindingRecord = z
  .looseObject({
    tool: z.string(),
    input: z.looseObject({}),
    kind: z.string(),
    title: z.string(),
    summary: z.string().describe('Markdown.'),
    data: z.looseObject({}),
    coverage: z.looseObject({ matched: z.number(), considered: z.number(), complete: z.boolean() }),
    caveats: z.array(z.object({ code: z.string(), text: z.string() })),
    reproduce: z.string(),
  })
  .describe('A finding, as in the answer record.');

const listTools = defineRoute({
  method: 'GET',
  path: '/api/v1/tools',
  tag: 'tools',
  summary: 'The tools, each with the schema of its input.',
  replies: { 200: { description: 'All of them.', schema: z.object({ tools: z.array(ToolRecord) }) } },
  async answer(_, { app }) {
    const tools = app.tools.map((tool) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      kind: tool.kind,
      read_only: tool.readOnly,
      input_schema: tool.inputSchema(),
    }));
    return { body: { tools } };
  },
});

const callRoute = (tool: Tool) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/tools/${tool.name}`,
    tag: 'tools',
    summary: tool.description,
    body: z.looseObject({}).optional(),
    bodySchema: tool.inputSchema(),
    replies: { 200: { description: 'What it found.', schema: FindingRecord } },
    faults: [404, 409, 422, 503, 504],
    async answer({ body = {} }, { app, signal }) {
      return { body: findingJson(await callTool(app, tool.name, body, signal)) };
    },
  });

const unknownTool = defineRoute({
  method: 'POST',
  path: '/api/v1/tools/{name}',
  tag: 'tools',
  summary: 'What is no tool.',
  isUnlisted: true,
  params: z.strictObject({ name: z.string() }),
  body: z.unknown(),
  replies: {},
  async answer() {
    throw new HttpError(404, 'unknown_tool', 'there is no such tool', { hint: 'GET /api/v1/tools lists them.' });
  },
});

export function toolRoutes(tools: readonly Tool[]): Route[] {
  return [listTools, ...tools.map(callRoute), unknownTool];
}
