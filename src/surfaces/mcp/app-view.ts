/** The view for hosts of MCP Apps: one page that draws what our tools give. Where there is none, the text says all of it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';

const VIEW_URI = 'ui://runsight/view.html';
const VIEW_TYPE = 'text/html;profile=mcp-app';

/** Of a tool: hosts that know no views leave it aside, and no model reads it. */
export const SHOWN_BY_VIEW = { ui: { resourceUri: VIEW_URI } } as const;

/** It reaches nobody but its host. */
const META = {
  ui: {
    csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
    prefersBorder: true,
  },
};

/** Built with the program (`scripts/build.mjs`). */
export function offerView(server: McpServer, packageRoot: string): void {
  server.registerResource(
    'view',
    VIEW_URI,
    {
      title: 'Answer',
      description: 'Shows answers and findings with charts, tables and choices',
      mimeType: VIEW_TYPE,
      _meta: META,
    },
    async (uri) => {
      const text = await readFile(path.join(packageRoot, 'dist', 'mcp-view.html'), 'utf8');
      return { contents: [{ uri: uri.href, mimeType: VIEW_TYPE, text, _meta: META }] };
    },
  );
}
