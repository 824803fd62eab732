/** `create_experiment`: offered only where writes are allowed, and done only once the person said yes to all of it. */
import * as z from 'zod';
import { inputSchemaOf, readInput } from './inputs.ts';
import type { CreationParts } from './settle-creation.ts';
import type { McpTool } from './tools.ts';

const Wanted = z.strictObject({
  name: z.string().min(1).max(500),
  description: z.string().max(5_000).optional().describe('Markdown'),
  tags: z.record(z.string().max(250), z.string().max(5_000)).default({}),
});

export function createExperimentTool(parts: CreationParts): McpTool {
  return {
    name: 'create_experiment',
    title: 'Create an experiment',
    description: 'Creates an experiment on the tracking server, after the person has confirmed it in the client.',
    isIdempotent: false,
    isWriting: true,
    inputSchema: () => inputSchemaOf(Wanted),
    outputSchema: () => CREATED,
    async run(input, context) {
      const wanted = readInput(Wanted, input);
      return (await import('./settle-creation.ts')).settleCreation(wanted, { ...parts, context });
    },
  };
}

const CREATED = {
  type: 'object',
  properties: { id: { type: 'string' }, name: { type: 'string' } },
  required: ['id', 'name'],
};
