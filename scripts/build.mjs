/** Bundles the program: our code and zod into a few chunks, everything else imported when first needed. */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes the program into a folder below the package's own, where it finds package.json, prompts and the demo. */
export async function bundle(folder) {
  rmSync(folder, { recursive: true, force: true });
  await build({
    cwd: root,
    input: { bin: 'src/bin.ts', main: 'src/main.ts', index: 'src/index.ts' },
    platform: 'node',
    external: [/^node:/, 'undici', /^@anthropic-ai\/sdk/, /^vega/, '@resvg/resvg-js'],
    output: {
      dir: folder,
      format: 'esm',
      sourcemap: true,
      chunkFileNames: 'chunks/[name].js',
      codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod/ }] },
    },
  });
  // npx links a project's own program once and does not look at it again after a rebuild.
  chmodSync(`${folder}/bin.js`, 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(`${root}dist`);
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], {
    stdio: 'inherit',
  });
}
