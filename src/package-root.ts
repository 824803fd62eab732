/** Where the files are that come with the program: the demo, prompts, the font. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The nearest folder above with a package.json: the same from `src` and from the bundle. */
export function findPackageRoot(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(folder, 'package.json')) || parent === folder ? folder : findPackageRoot(parent);
}
