/** How long this thread keeps its event loop, and how much memory its process takes, while something goes on. */

export interface Strain {
  /** Most milliseconds of work between two turns of the loop: of this thread, so that a busy machine adds nothing. */
  readonly longestMs: number;
  /** Most bytes of the whole process. */
  readonly rss: number;
}

const EVERY_MS = 10;

export async function watchLoop<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly strain: Strain }> {
  let longest = 0;
  let rss = 0;
  let before = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1e3);
    rss = Math.max(rss, process.memoryUsage.rss());
    before = process.threadCpuUsage();
  };
  const timer = setInterval(look, EVERY_MS);
  try {
    const result = await work();
    look();
    return { result, strain: { longestMs: longest, rss } };
  } finally {
    clearInterval(timer);
  }
}
