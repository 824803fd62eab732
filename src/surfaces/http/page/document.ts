/** The web page's one HTML document: everything in it comes from this server. */
import { randomBytes } from 'node:crypto';
import { htmlResponse } from '../responses.ts';
import { PAGE_LIBRARIES } from './assets.ts';

const IMPORTS = JSON.stringify({
  imports: Object.fromEntries(Object.entries(PAGE_LIBRARIES).map(([name, { file }]) => [name, `/page/${file}`])),
});

/** Each time with a nonce of its own, for the import map alone. */
export function pageResponse(): Response {
  const nonce = randomBytes(18).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return htmlResponse(
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Runsight</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page/page.css">
<script type="importmap" nonce="${nonce}">${IMPORTS}</script>
<script type="module" src="/page/main.js"></script></head>
<body><div id="app"></div><noscript>Runsight's page needs JavaScript; its API is described at /docs.</noscript></body></html>
`,
    policy.join('; '),
  );
}
