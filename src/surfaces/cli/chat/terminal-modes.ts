/** What a chat switches on in the terminal, switched off again however it ends. */
/** The terminal then marks where a paste begins and ends. */
export const PASTE_ON = '\x1b[?2004h';
export const PASTE_OFF = '\x1b[?2004l';
const QUITTING_SIGNALS = ['SIGTERM', 'SIGHUP'] as const;

/** `clean` takes away what is only drawn for now. Returns what ends the modes. */
export function enterTerminal(stdout: NodeJS.WriteStream, clean: () => void): () => void {
  let entered = true;
  stdout.write(PASTE_ON);
  const restore = () => {
    if (!entered) return;
    entered = false;
    process.off('exit', restore);
    for (const signal of QUITTING_SIGNALS) process.off(signal, quit);
    try {
      clean();
      stdout.write(PASTE_OFF);
    } catch {
      // The terminal is gone.
    }
  };
  const quit = (signal: NodeJS.Signals) => {
    restore();
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    // With nobody listening any more, it ends the program as it would have.
    process.kill(process.pid, signal);
  };
  process.on('exit', restore);
  for (const signal of QUITTING_SIGNALS) process.on(signal, quit);
  return restore;
}
