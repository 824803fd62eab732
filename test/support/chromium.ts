/** A browser for tests: Debian's chromium, installed where it is missing and may be. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';
const INSTALL = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium';

/** Undefined, and said, where there is none and none can be installed. */
export function findChromium(): string | undefined {
  if (isThere()) return PROGRAM;
  try {
    execFileSync('sh', ['-c', INSTALL], { stdio: 'ignore' });
  } catch {
    // Neither root nor Debian.
  }
  if (isThere()) return PROGRAM;
  process.stderr.write('LEFT OUT: chromium could not be installed\n');
  return undefined;
}

export const startChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

function isThere(): boolean {
  try {
    accessSync(PROGRAM, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
