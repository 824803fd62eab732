/** The OpenAPI document as a page to read: one static HTML, no script. */
import { createHash } from 'node:crypto';
import type { OpenApiPart } from './openapi.ts';
import type { Route } from './route.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
h3 { font: 600 1rem ui-monospace, monospace; overflow-wrap: anywhere; margin-bottom: 0; }
pre, code { font: 0.85rem/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; }
summary { cursor: pointer; }
table { border-collapse: collapse; }
td { padding: 0.1rem 1rem 0.1rem 0; vertical-align: top; }
`;

export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function docsPage(routes: readonly Route[], document: OpenApiPart): string {
  const { paths, info } = document as { paths: Record<string, Record<string, Operation>>; info: { version: string } };
  const listed = routes.filter(({ isUnlisted }) => isUnlisted !== true);
  const sections = [...Map.groupBy(listed, ({ tag }) => tag)].map(([tag, own]) => {
    const entries = own.map(({ method, path }) => entryOf(method, path, paths[path]![method.toLowerCase()]!));
    return `<section><h2>${escapeHtml(tag)}</h2>${entries.join('\n')}</section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Runsight HTTP API</title><style>${STYLE}</style></head>
<body><h1>Runsight HTTP API ${escapeHtml(info.version)}</h1>
<p>Send <code>Authorization: Bearer TOKEN</code> where the server was started with tokens. Bodies are JSON. Faults are
<code>{ "error": { "code", "message", "hint", "request_id" } }</code>. For programs: <a href="/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
</body></html>
`;
}

interface Operation {
  readonly summary: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; description?: string }[];
  readonly requestBody?: { readonly content: OpenApiPart };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: OpenApiPart }>>;
}

function entryOf(method: string, path: string, { summary, parameters, requestBody, responses }: Operation): string {
  const rows = parameters.map(
    ({ name, in: place, required, description = '' }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? '' : ', optional'}</td><td>${escapeHtml(description)}</td></tr>`,
  );
  const table = rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
  const body = requestBody === undefined ? '' : detail('Body', requestBody.content);
  const replies = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, { description, content }]) => detail(`${status}: ${description}`, content));
  return `<article><h3>${method} ${escapeHtml(path)}</h3><p>${escapeHtml(summary)}</p>${table}${body}${replies.join('')}</article>`;
}

function detail(title: string, content: OpenApiPart | undefined): string {
  if (content === undefined) return `<p>${escapeHtml(title)}</p>`;
  return `<details><summary>${escapeHtml(title)}</summary><pre>${escapeHtml(JSON.stringify(content, undefined, 2))}</pre></details>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
