#!/usr/bin/env node
/** Entry of the installed program: turns an old Node away in words before anything newer than it is loaded. */
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { nodeFault } from './check-node.ts';

const fault = nodeFault(process.versions.node);

if (fault !== undefined) {
  process.stderr.write(`${fault}\n`);
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
