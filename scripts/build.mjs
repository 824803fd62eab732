/**
 * Bundles the program: our code, zod, the MCP server and Vega into a few chunks, those of Vega loaded only where a
 * picture is drawn; everything else is imported when first needed. The view for MCP hosts becomes one page.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { PAGE_LIBRARIES } from '../src/surfaces/http/page/assets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes the program into a folder below the package's own, where it finds package.json, prompts and the demo. */
export async function bundle(folder) {
  rmSync(folder, { recursive: true, force: true });
  const { output } = await build({
    cwd: root,
    input: {
      bin: 'src/bin.ts',
      main: 'src/main.ts',
      index: 'src/index.ts',
      'check-share': 'src/mlflow/files/check-share.ts',
      'sqlite-process': 'src/mlflow/sql/sqlite-process.ts',
      'work-thread': 'src/surfaces/http/work-thread.ts',
      'mount-thread': 'src/surfaces/mcp/mount-thread.ts',
    },
    platform: 'node',
    resolve: {
      alias: {
        // Its other form finds its parts only when it runs, which no bundler follows.
        'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
        '@modelcontextprotocol/server/_shims': path.join(root, 'src/surfaces/mcp/sdk-platform.ts'),
      },
    },
    external: [
      /^node:/,
      'undici',
      'readline-sync',
      'pg',
      'mysql2',
      /^@anthropic-ai\/sdk/,
      '@resvg/resvg-js',
      '@slack/bolt',
      'zod-to-json-schema',
      'hono',
      '@hono/node-server',
    ],
    output: {
      dir: folder,
      format: 'esm',
      sourcemap: true,
      // Source maps have them; here they are only read, at each start.
      comments: { jsdoc: false },
      chunkFileNames: 'chunks/[name].js',
      codeSplitting: {
        groups: [
          { name: 'zod', test: /node_modules\/zod/ },
          // What serves other programs is loaded when one is served; over HTTP, a little more.
          { name: 'mcp', test: /node_modules\/@modelcontextprotocol\/(?:server|core)/ },
          // What can be asked and how a process is set up is told without what answers, or reads a database.
          { name: 'errors', test: /\/src\/(?:runsight-error|mlflow\/errors)/ },
          {
            name: 'tools',
            test: /\/src\/(?:until-aborted|app\/family|config\/|finding\/json|surfaces\/(?:shared\/|cli\/commands)|agent\/longest-question|present\/(?:json-text|sanitize))/,
            minShareCount: 2,
          },
          { name: 'shared', test: /\/src\/surfaces\/cli\/ask/ },
          { name: 'factory', test: /\/src\/surfaces\/mcp\/(?:factory|stdio)/ },
          // What a database needs is one file to open, or two; the process that reads one for another opens no more.
          { name: 'sqlite', test: /\/src\/mlflow\/sql\/(?:open-sqlite|sqlite-(?!process))/ },
          { name: 'sql', test: /\/src\/mlflow\/sql\/(?!sqlite-process|isolated|server|postgresql|mysql)/ },
          // What several commands need is one file to open at start, not a dozen; a thread opens none of it.
          // What a server shares with its thread, or one way in with another, is no business of what is asked in a terminal.
          {
            name: 'shared',
            test: /^(?!.*node_modules|.*\/check-node|.*\/mlflow\/(?:files|sql)\/|.*\/surfaces\/(?:http|mcp|slack)\/).*\/src\//,
            minShareCount: 2,
          },
        ],
      },
    },
  });
  const view = await bundleView();
  writeFileSync(`${folder}/mcp-view.html`, view.html);
  const libraries = copyPage(`${folder}/page`);
  writeFileSync(`${folder}/THIRD-PARTY.txt`, licences([...output, ...view.output, { moduleIds: libraries }]));
  // npx links a project's own program once and does not look at it again after a rebuild.
  chmodSync(`${folder}/bin.js`, 0o755);
}

/** A page that loads nothing: script and style stand in it. */
export async function bundleView() {
  const folder = path.join(root, 'src/surfaces/mcp/view');
  const { output } = await build({
    cwd: folder,
    input: 'main.ts',
    platform: 'browser',
    write: false,
    output: { format: 'esm', minify: true, comments: false, codeSplitting: false },
  });
  const read = (file) => readFileSync(path.join(folder, file), 'utf8');
  // Nothing in the script may end its element.
  const script = output[0].code.replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--');
  const html = read('index.html')
    .replace('<style></style>', () => `<style>${read('view.css')}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
  return { html, output };
}

/** The web page is served as it is written, with its libraries beside it. Returns their files. */
function copyPage(folder) {
  cpSync(`${root}src/surfaces/http/page/assets`, folder, { recursive: true });
  return Object.values(PAGE_LIBRARIES).map(({ file, from }) => {
    const source = `${root}node_modules/${from}`;
    mkdirSync(path.dirname(`${folder}/${file}`), { recursive: true });
    cpSync(source, `${folder}/${file}`);
    return source;
  });
}

/** The licences of the packages whose code is in the chunks: they ask to go where it goes. */
function licences(output) {
  const modules = output.flatMap(({ moduleIds = [] }) => moduleIds);
  const packages = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(packages)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      const text = file === undefined ? '' : `\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
      return `${name} ${version}, ${license}\n${text}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(`${root}dist`);
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], {
    stdio: 'inherit',
  });
}
