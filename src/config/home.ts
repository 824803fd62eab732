/** The person's own folders. */
import os from 'node:os';
import path from 'node:path';
import type { Environment } from './settings.ts';

/** Undefined where there is neither a HOME nor an entry of the user. */
export function findHome(env: Environment): string | undefined {
  return [env.HOME, homeOfUser()].find(isAbsolute);
}

/** Our own folder below what an XDG variable names, else below the home. A relative one counts as not set. */
export function ownFolder(env: Environment, variable: string, fallback: string): string | undefined {
  const home = findHome(env);
  const below = [env[variable], home && path.join(home, fallback)].find(isAbsolute);
  return below && path.join(below, 'runsight');
}

/** Nothing is read from, or written to, where the program happens to be started. */
const isAbsolute = (folder: string | undefined): folder is string => folder !== undefined && path.isAbsolute(folder);

function homeOfUser(): string | undefined {
  try {
    return os.userInfo().homedir;
  } catch {
    return undefined;
  }
}
