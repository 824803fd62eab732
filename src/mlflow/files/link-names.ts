/** Which files with several names have all of them in one folder: such links lead nowhere else. */
import fs from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** More are not looked at: links are then taken for links out of the folder. */
const MOST_ENTRIES = 2_000_000;
const TURN_MS = 25;

/** One file, whatever it is called. */
export const identityOf = ({ dev, ino }: fs.Stats): string => `${dev}:${ino}`;

/** How many names a file has, of those that have several and all of them in the folder. */
export type InnerLinks = ReadonlyMap<string, number>;

export async function findInnerLinks(root: string, signal: AbortSignal): Promise<InnerLinks> {
  const found = new Map<string, Names>();
  const open = [root];
  let entries = 0;
  let ends = performance.now() + TURN_MS;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of listQuietly(folder)) {
      if (++entries > MOST_ENTRIES) return new Map();
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) count(found, fs.lstatSync(path, { throwIfNoEntry: false }));
    }
    if (performance.now() < ends) continue;
    await setImmediate();
    signal.throwIfAborted();
    ends = performance.now() + TURN_MS;
  }
  return new Map(Array.from(found).flatMap(([identity, { all, seen }]) => (seen === all ? [[identity, all]] : [])));
}

/** What may not be looked at holds no name that is known. */
function listQuietly(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

interface Names {
  readonly all: number;
  readonly seen: number;
}

function count(found: Map<string, Names>, stats: fs.Stats | undefined): void {
  if (stats === undefined || !stats.isFile() || stats.nlink < 2) return;
  const identity = identityOf(stats);
  found.set(identity, { all: stats.nlink, seen: (found.get(identity)?.seen ?? 0) + 1 });
}
