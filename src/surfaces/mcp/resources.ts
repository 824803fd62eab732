/** What can be read again by its address: findings and their charts while they are kept, runs at any time. */
import { type McpServer, type Resource, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { chartOf } from '../../finding/charts.ts';
import type { Finding } from '../../finding/finding.ts';
import { findingJson } from '../../finding/json.ts';
import { jsonText } from '../../present/json-text.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import type { Desk } from './desk.ts';
import { fitting } from './fitting.ts';
import { InputError } from './inputs.ts';
import { shelfUri } from './shelf.ts';

const JSON_TYPE = 'application/json';
const PNG_TYPE = 'image/png';

export function offerResources(server: McpServer, desk: Desk): void {
  offerFindings(server, desk);
  offerCharts(server, desk);
  if (desk.app.tools.some(({ name }) => name === GET_RUN)) offerRuns(server, desk);
}

function offerFindings(server: McpServer, { shelf }: Desk): void {
  const list = () => ({ resources: shelf.list().map(([id, finding]) => entry('findings', id, finding, JSON_TYPE)) });
  server.registerResource(
    'finding',
    new ResourceTemplate('runsight://findings/{id}', { list }),
    { title: 'Finding', description: 'What a tool found, whole and at full precision', mimeType: JSON_TYPE },
    (uri, { id }) => {
      const finding = shelf.get(String(id));
      if (finding === undefined) throw gone(uri);
      return { contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: jsonText(findingJson(finding)) }] };
    },
  );
}

function offerCharts(server: McpServer, { shelf }: Desk): void {
  const drawable = () => shelf.list().filter(([, finding]) => chartOf(finding) !== undefined);
  const list = () => ({ resources: drawable().map(([id, finding]) => entry('charts', id, finding, PNG_TYPE)) });
  server.registerResource(
    'chart',
    new ResourceTemplate('runsight://charts/{id}', { list }),
    { title: 'Chart', description: 'A finding as a picture', mimeType: PNG_TYPE },
    async (uri, { id }) => {
      const finding = shelf.get(String(id));
      const chart = finding && chartOf(finding);
      if (chart === undefined) throw gone(uri);
      const { drawPicture } = await import('../../present/picture.ts');
      const blob = Buffer.from(await drawPicture(chart, 'png')).toString('base64');
      return { contents: [{ uri: uri.href, mimeType: PNG_TYPE, blob }] };
    },
  );
}

const GET_RUN = 'get_run';

function offerRuns(server: McpServer, { app, names }: Desk): void {
  const complete = { run: async (typed: string) => fitting((await names.read()).runs, typed) };
  server.registerResource(
    'run',
    new ResourceTemplate('runsight://runs/{run}', { list: undefined, complete }),
    { title: 'Run', description: 'One run by its name or id: metrics, params, tags, times', mimeType: JSON_TYPE },
    async (uri, { run }, { mcpReq }) => {
      const { outcome } = await app.call(GET_RUN, { run: decode(String(run)) }, mcpReq.signal);
      if (!outcome.ok)
        throw new InputError(sanitizeLine([outcome.failure.message, outcome.failure.hint ?? ''].join(' ')));
      return { contents: [{ uri: uri.href, mimeType: JSON_TYPE, text: jsonText(findingJson(outcome.finding)) }] };
    },
  );
}

function entry(kind: 'findings' | 'charts', id: string, { handle, title, tool }: Finding, mimeType: string): Resource {
  const name = `${kind === 'findings' ? 'finding' : 'chart of finding'} ${handle} of ${tool}`;
  return { uri: shelfUri(kind, id), name, title: sanitizeLine(title), mimeType };
}

const gone = (uri: URL): ResourceNotFoundError =>
  new ResourceNotFoundError(uri.href, 'there is no such finding, or not any more: call the tool again');

/** Names of runs may hold what addresses may not. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
