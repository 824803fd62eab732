/** Bundles the program: our code and zod into a few chunks, everything else imported when first needed. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  cwd: root,
  input: { bin: 'src/bin.ts', main: 'src/main.ts', index: 'src/index.ts' },
  platform: 'node',
  external: [/^node:/, 'undici', /^@anthropic-ai\/sdk/],
  output: { dir: 'dist', format: 'esm', sourcemap: true, minify: false, chunkFileNames: 'chunks/[name].js' },
});
