/** The files of the web page, served as they are: a fixed list, read once, so that no path comes from a request. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPackageRoot } from '../../../package-root.ts';

/** What the page imports by a bare name → the file of the package, as the page is given it. */
export const PAGE_LIBRARIES: Readonly<Record<string, { readonly file: string; readonly from: string }>> = {
  preact: { file: 'vendor/preact.js', from: 'preact/dist/preact.mjs' },
  'preact/hooks': { file: 'vendor/hooks.js', from: 'preact/hooks/dist/hooks.mjs' },
  htm: { file: 'vendor/htm.js', from: 'htm/dist/htm.mjs' },
};

export interface PageAsset {
  /** Below `/page/`. */
  readonly name: string;
  readonly type: string;
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** From `dist/page` where the program is bundled, else from where its parts lie. */
export function readPageAssets(): PageAsset[] {
  const isSource = import.meta.url.endsWith('.ts');
  const folder = fileURLToPath(new URL(isSource ? './assets' : '../page', import.meta.url));
  const own = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.extname(name) in TYPES)
    .map((name) => readAsset(name.replaceAll(path.sep, '/'), path.join(folder, name)));
  if (!isSource) return own;
  const modules = path.join(findPackageRoot(folder), 'node_modules');
  return [...own, ...Object.values(PAGE_LIBRARIES).map(({ file, from }) => readAsset(file, path.join(modules, from)))];
}

function readAsset(name: string, file: string): PageAsset {
  const bytes = new Uint8Array(readFileSync(file));
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { name, type: TYPES[path.extname(name)]!, etag, bytes };
}
