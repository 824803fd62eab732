/** What `create_experiment` does when it is called: shows the person all of it, and creates what they said yes to. */
import {
  acceptedContent,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { createExperiment, type NewExperiment } from '../../app/create-experiment.ts';
import type { Config } from '../../config/config.ts';
import { StoreError } from '../../mlflow/errors.ts';
import { proposeExperiment } from '../shared/proposal.ts';
import type { Desk } from './desk.ts';
import { canElicit } from './elicitation.ts';
import { errorResult, textBlock } from './results.ts';

export interface CreationParts {
  readonly desk: Desk;
  readonly server: McpServer;
  readonly config: Config;
  readonly tenant: string | undefined;
}

const CONFIRMED = 'confirmed';
const Yes = z.object({ create: z.boolean() });

export async function settleCreation(
  asked: NewExperiment,
  { context, ...parts }: CreationParts & { readonly context: ServerContext },
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const { mcpReq } = context;
    const shown = mcpReq.requestState();
    if (typeof shown !== 'string' || mcpReq.inputResponses?.[CONFIRMED] === undefined)
      return await ask(asked, parts, context);
    // What was shown is what is created, whatever the second call says.
    const wanted = JSON.parse(shown) as NewExperiment;
    if (acceptedContent(mcpReq.inputResponses, CONFIRMED, Yes)?.create !== true)
      return errorResult('nothing was created: the person did not say yes');
    const { tenant, config } = parts;
    const { id, name } = await createExperiment(config, wanted, { tenant, signal: mcpReq.signal });
    return { content: [textBlock(`Created experiment ${id}: ${name}`)], structuredContent: { id, name } };
  } catch (error) {
    if (error instanceof StoreError) return errorResult(error.message, error.hint);
    throw error;
  }
}

async function ask(
  wanted: NewExperiment,
  { desk, server, config }: Omit<CreationParts, 'tenant'>,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const proposal = await proposeExperiment(wanted, config);
  if (!canElicit(server, context))
    return errorResult(
      'this client cannot ask the person, so nothing was created',
      'In a terminal: runsight create-experiment NAME.',
    );
  return inputRequired({
    inputRequests: {
      [CONFIRMED]: inputRequired.elicit({
        message: proposal.join('\n'),
        requestedSchema: {
          type: 'object',
          properties: { create: { type: 'boolean', title: 'Create it', default: false } },
          required: ['create'],
        },
      }),
    },
    requestState: await desk.states.mint(JSON.stringify(wanted)),
  });
}
