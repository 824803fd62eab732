#!/usr/bin/env node
/** Entry of the installed program: turns an old Node away in words before anything newer than it is loaded. */
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';

// Statically imported names, `??` on imports and the like would fail here with a stack trace on an old Node.
const MINIMUM: readonly [number, number] = [24, 10];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
  process.stderr.write(
    `runsight needs Node ${MINIMUM.join('.')} or newer (node:sqlite with an authorizer); this is ${process.version}. ` +
      'Install a newer Node, or run it through npx in a project that has the devDependency "node@24".\n',
  );
  process.exitCode = 2;
} else {
  enableCompileCache();
  await import('./main.ts');
}

/** Compiled code is kept between runs; where it cannot be, the program only starts a little slower. */
function enableCompileCache(): void {
  try {
    const cacheHome = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
    module.enableCompileCache(path.join(cacheHome, 'runsight', 'compile'));
  } catch {
    // No home folder.
  }
}
