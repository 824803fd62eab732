/** A tool that tests run as a program of its own: installed into the cache once, never a dependency. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const INSTALL_MS = 300_000;
const caches = join(import.meta.dirname, '../../node_modules/.cache');

/** The folder of the package, as `name@version`. */
export async function installPackage(wanted: string): Promise<string> {
  const name = wanted.slice(0, wanted.lastIndexOf('@'));
  const cache = join(caches, name.replace('@', '').replace('/', '-'));
  const marker = join(cache, 'installed');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), '{"private":true}');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', cache, wanted];
    await promisify(execFile)('npm', args);
    writeFileSync(marker, wanted);
  }
  return join(cache, 'node_modules', name);
}
