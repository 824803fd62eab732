/** What the official conformance suite wants a server to have, to be asked for it: for tests only, beside our own. */
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ElicitInputParams,
  type InputRequests,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

/** One pixel, and one silent sample. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

const text = (words: string) => ({ type: 'text', text: words }) as const;
const said = (words: string) => ({ content: [text(words)] });
const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const;
const embedded = (uri: string, mimeType: string, words: string) =>
  ({ type: 'resource', resource: { uri, mimeType, text: words } }) as const;
const user = <T>(content: T) => ({ role: 'user' as const, content });
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

export function addConformanceTools(server: McpServer, states: RequestStateCodec): void {
  server.server.registerCapabilities({ logging: {}, resources: { subscribe: true } });
  addContents(server);
  addNotices(server);
  addRequests(server);
  addRounds(server, states);
  addResources(server);
  addPrompts(server);
}

function addContents(server: McpServer): void {
  const contents = {
    test_simple_text: [text('This is a simple text response for testing.')],
    test_image_content: [image],
    test_audio_content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' } as const],
    test_embedded_resource: [
      embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ],
    test_multiple_content_types: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  };
  for (const [name, content] of Object.entries(contents))
    server.registerTool(name, { description: `Gives ${name}` }, () => ({ content }));
  server.registerTool('test_error_handling', { description: 'Fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}

function addNotices(server: McpServer): void {
  for (const name of ['test_tool_with_logging', 'test_logging_tool'])
    server.registerTool(name, { description: 'Logs' }, async ({ mcpReq }) => {
      for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await mcpReq.log('info', message);
        await pause();
      }
      return said('logged');
    });
  server.registerTool('test_tool_with_progress', { description: 'Tells its progress' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100]) {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await pause();
    }
    return said(String(progressToken));
  });
}

/** What the previous revision asks of its clients while a call is under way. */
function addRequests(server: McpServer): void {
  const prompted = z.object({ prompt: z.string() });
  server.registerTool(
    'test_sampling',
    { description: 'Samples', inputSchema: prompted },
    async ({ prompt }, { mcpReq }) => {
      const { content } = await mcpReq.requestSampling({ messages: [user(text(prompt))], maxTokens: 100 });
      return said(`LLM response: ${JSON.stringify(content)}`);
    },
  );
  const messaged = z.object({ message: z.string() });
  server.registerTool('test_elicitation', { description: 'Elicits', inputSchema: messaged }, ({ message }, context) =>
    elicit(context, message, { response: { type: 'string', description: "User's response" } }),
  );
  server.registerTool('test_elicitation_sep1034_defaults', { description: 'Elicits with defaults' }, (context) =>
    elicit(context, 'Please review', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  );
  const titled = (title: string) => [1, 2, 3].map((n) => ({ const: `value${n}`, title: `${title} ${n}` }));
  const options = ['option1', 'option2', 'option3'];
  server.registerTool('test_elicitation_sep1330_enums', { description: 'Elicits choices' }, (context) =>
    elicit(context, 'Please choose', {
      untitledSingle: { type: 'string', enum: options },
      titledSingle: { type: 'string', oneOf: titled('Option') },
      legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option 1', 'Option 2', 'Option 3'] },
      untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: options } },
      titledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { anyOf: titled('Choice') } },
    }),
  );
}

async function elicit({ mcpReq }: ServerContext, message: string, properties: Record<string, unknown>) {
  const requestedSchema = { type: 'object', properties };
  const answer = await mcpReq.elicitInput({ message, requestedSchema } as Parameters<typeof mcpReq.elicitInput>[0]);
  return said(`User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
}

const ask = (message: string, properties: Record<string, { type: 'string' } | { type: 'boolean' }>) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties, required: Object.keys(properties) },
  } as ElicitInputParams);
const form = (message: string, property: string) => ask(message, { [property]: { type: 'string' } });
const confirm = ask('Please confirm', { ok: { type: 'boolean' } });
const sample = (words: string) => inputRequired.createMessage({ messages: [user(text(words))], maxTokens: 100 });

/** What the current revision asks instead, between the rounds of a call. */
function addRounds(server: McpServer, states: RequestStateCodec): void {
  /** Asks until everything is there. */
  const addRound = (name: string, requests: InputRequests, done: string, isSealed = false) =>
    server.registerTool(
      `test_input_required_result_${name}`,
      { description: `Asks for ${name}` },
      async ({ mcpReq }) => {
        const responses = mcpReq.inputResponses;
        const isThere = Object.keys(requests).every((key) => inputResponse(responses, key).kind !== 'missing');
        const isKnown = !isSealed || mcpReq.requestState() === name;
        if (isThere && isKnown) return said(`${done} ${JSON.stringify(responses)}`);
        return inputRequired({ inputRequests: requests, ...(isSealed && { requestState: await states.mint(name) }) });
      },
    );
  const Name = z.object({ name: z.string() });
  const asksName = { user_name: form('What is your name?', 'name') };
  server.registerTool('test_input_required_result_elicitation', { description: 'Asks for a name' }, ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, 'user_name', Name);
    return answer === undefined ? inputRequired({ inputRequests: asksName }) : said(`Hello, ${answer.name}!`);
  });
  addRound('sampling', { capital_question: sample('What is the capital of France?') }, 'sampled');
  addRound('list_roots', { client_roots: inputRequired.listRoots() }, 'roots');
  addRound('request_state', { confirm }, 'state-ok', true);
  addRound('tampered_state', { confirm }, 'state-ok', true);
  const several = { ...asksName, greeting: sample('Generate a greeting'), client_roots: inputRequired.listRoots() };
  addRound('multiple_inputs', several, 'all', true);
  addMultiRound(server, states);
  const needsSampling = () => inputRequired({ inputRequests: { greeting: sample('Generate a greeting') } });
  server.registerTool('test_missing_capability', { description: 'Needs a client that samples' }, needsSampling);
  server.registerTool('test_streaming_elicitation', { description: 'Tells, then asks' }, async ({ mcpReq }) => {
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken: 0, progress: 1 } });
    return inputRequired({ inputRequests: asksName });
  });
  server.registerTool('test_input_required_result_capabilities', { description: 'Asks what it may' }, ({ mcpReq }) => {
    const envelope = mcpReq.envelope as Record<string, object> | undefined;
    const can = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
    return inputRequired({
      inputRequests: {
        ...('elicitation' in can && asksName),
        ...('sampling' in can && { greeting: sample('Generate a greeting') }),
      },
    });
  });
}

function addMultiRound(server: McpServer, states: RequestStateCodec): void {
  const steps = [
    { step1: form('Step 1: What is your name?', 'name') },
    { step2: form('Step 2: What is your favorite color?', 'color') },
  ];
  server.registerTool('test_input_required_result_multi_round', { description: 'Asks twice' }, async ({ mcpReq }) => {
    const state = mcpReq.requestState();
    const step = typeof state === 'number' && mcpReq.inputResponses !== undefined ? state + 1 : 0;
    const inputRequests = steps[step];
    if (inputRequests === undefined) return said('done');
    return inputRequired({ inputRequests, requestState: await states.mint(step) });
  });
}

function addResources(server: McpServer): void {
  const fixed = (name: string, mimeType: string, content: { text: string } | { blob: string }) => {
    const uri = `test://${name}`;
    server.registerResource(name, uri, { description: name, mimeType }, () => ({
      contents: [{ uri, mimeType, ...content }],
    }));
  };
  fixed('static-text', 'text/plain', { text: 'This is the content of the static text resource.' });
  fixed('static-binary', 'image/png', { blob: PNG });
  fixed('watched-resource', 'text/plain', { text: 'Watched resource content' });
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { description: 'A template' }, ({ href }, { id }) => ({
    contents: [{ uri: href, mimeType: 'application/json', text: JSON.stringify({ id, data: `Data for ID: ${id}` }) }],
  }));
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}

function addPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'A simple prompt' }, () => ({
    messages: [user(text('This is a simple prompt for testing.'))],
  }));
  const argsSchema = z.object({ arg1: z.string().describe('one'), arg2: z.string().describe('another') });
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'With arguments', argsSchema },
    ({ arg1, arg2 }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  );
  const located = z.object({ resourceUri: z.string().describe('address') });
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource', argsSchema: located },
    ({ resourceUri }) => ({
      messages: [
        user(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
        user(text('Process it.')),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'With an image' }, () => ({
    messages: [user(image), user(text('Please analyze the image above.'))],
  }));
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks first' }, (context) => {
    const answer = acceptedContent(context.mcpReq.inputResponses, 'user_context', z.object({ context: z.string() }));
    if (answer !== undefined) return { messages: [user(text(`Context: ${answer.context}`))] };
    return inputRequired({
      inputRequests: { user_context: form('What context should the prompt use?', 'context') },
    });
  });
}
