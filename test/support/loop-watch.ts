/** How long this thread keeps its event loop, and how much memory its process takes, while something goes on. */

export interface Strain {
  /** Most milliseconds of work between two turns of the loop: of this thread, so that a busy machine adds nothing. */
  readonly longestMs: number;
  /** Most bytes of the whole process. */
  readonly rss: number;
}

export interface LoopWatch {
  /** Does something that nobody could do without holding the loop. */
  leaveOut<T>(work: () => T): T;
  stop(): Strain;
}

const EVERY_MS = 10;

export function watchLoop(): LoopWatch {
  let [longestMs, rss] = [0, 0];
  let before = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1e3);
    rss = Math.max(rss, process.memoryUsage.rss());
    before = process.threadCpuUsage();
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    leaveOut(work) {
      look();
      const result = work();
      before = process.threadCpuUsage();
      return result;
    },
    stop() {
      clearInterval(timer);
      look();
      return { longestMs, rss };
    },
  };
}
