/** Looks at all files of an index, with the help of other threads where it is large. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { checkSlices, createShare, type Place, type Share } from './check-slices.ts';
import type { Folder } from './folder.ts';

/** Files that are looked at in about the time that a thread takes to start. */
const WORTH_A_THREAD = 50_000;
const MOST_THREADS = 4;
/** From source the thread is the file beside this one; the build puts it beside the program, above this chunk. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './check-share.ts' : '../check-share.js', import.meta.url);

/** The places where nothing changed; threads are at work when this returns. */
export async function findUnchanged({ root }: Folder, places: readonly Place[]): Promise<ReadonlySet<string>> {
  const share = createShare(root, places);
  const files = places.reduce((sum, [, { paths }]) => sum + paths.length, 0);
  const helpers = Math.min(MOST_THREADS, availableParallelism(), Math.floor(files / WORTH_A_THREAD)) - 1;
  const helping = Array.from({ length: Math.max(0, helpers) }, () => help(share));
  await setImmediate();
  for (const _ of checkSlices(share)) await setImmediate();
  await Promise.all(helping);
  return new Set(places.flatMap(([base], index) => (share.unchanged[index] === 1 ? base : [])));
}

/** Without threads it takes longer, that is all. */
async function help(workerData: Share): Promise<void> {
  try {
    const worker = new Worker(THREAD, { workerData });
    await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
  } catch {}
}
