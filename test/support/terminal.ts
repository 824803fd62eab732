/** The built program in a real terminal of a given size: tmux, on a server of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

export interface TerminalOptions {
  readonly columns: number;
  readonly rows?: number | undefined;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Temporary: also holds what was written to the terminal. */
  readonly folder: string;
}

export interface Terminal {
  /** As a keyboard sends them; names of keys as tmux knows them. */
  press(...keys: readonly string[]): void;
  type(text: string): void;
  /** Types a line and Enter. */
  enter(text: string): void;
  paste(text: string): void;
  resize(columns: number, rows?: number): void;
  /** What is on the screen, without blank rows at its end. */
  screen(): string;
  /** Also what has scrolled away. */
  everything(): string;
  /** As above, with rows joined that the terminal had to break. */
  unwrapped(): string;
  /** Waits until the screen shows it. @throws Error with the screen after 20 s. */
  until(pattern: RegExp): Promise<string>;
  /** Waits until it holds. @throws Error with the screen after 20 s. */
  wait(isThere: () => boolean, what: string): Promise<string>;
  /** Waits until the screen has stood still for a moment. */
  settle(): Promise<void>;
  /** Waits until the last row is an empty prompt with the cursor behind it. */
  untilPrompt(): Promise<string>;
  readonly pid: number;
  /** Waits for the program's end. */
  end(): Promise<{ readonly code: number | undefined; readonly signal: number | undefined }>;
  /** Every byte that was written to the terminal. */
  written(): string;
  close(): void;
}

const PATIENCE_MS = 20_000;
const POLL_MS = 40;
/** tmux passes a new size on after up to 250 ms. */
const STILL_MS = 400;
let servers = 0;

export function openTerminal({ columns, rows = 24, command, env, folder }: TerminalOptions): Terminal {
  const server = `runsight-test-${process.pid}-${++servers}`;
  const log = path.join(folder, `${server}.log`);
  const config = path.join(folder, `${server}.conf`);
  writeFileSync(
    config,
    'set -g status off\nset -g remain-on-exit on\nset -g history-limit 5000\nset -g escape-time 0\n',
  );
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-u', '-L', server, '-f', config, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', TMUX_TMPDIR: folder },
    });
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const words = ['env', '-i', `PATH=${process.env.PATH}`, 'TERM=xterm-256color', ...variables, ...command].map(quote);
  // Begins when everything it writes is recorded.
  const start = path.join(folder, `${server}.start`);
  const line = `while [ ! -e ${quote(start)} ]; do sleep 0.01; done; exec ${words.join(' ')}`;
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), line);
  tmux('pipe-pane', '-o', `cat > ${quote(log)}`);
  const ask = (format: string) => tmux('display-message', '-p', format).trim();
  const pid = Number(ask('#{pane_pid}'));
  writeFileSync(start, '');

  const tidy = (text: string) => text.replace(/[ \t]+$/gm, '').replace(/\n+$/, '');
  const screen = () => tidy(tmux('capture-pane', '-p'));
  const waitFor = async (isThere: () => boolean, what: string) => {
    const limit = performance.now() + PATIENCE_MS;
    while (!isThere()) {
      if (performance.now() > limit) throw new Error(`waited in vain for ${what}; the screen:\n${screen()}`);
      await delay(POLL_MS);
    }
    return screen();
  };
  const isAtPrompt = () => {
    const [x, y, width] = ask('#{cursor_x} #{cursor_y} #{pane_width}').split(' ').map(Number);
    const shown = tmux('capture-pane', '-p').split('\n');
    const row = shown[y ?? 0] ?? '';
    return (
      /(?:^|[^\s] )> ?$/.test(row) && x === Math.min(row.trimEnd().length + 1, width ?? 0) && isLast(shown, y ?? 0)
    );
  };
  return {
    pid,
    press: (...keys) => void tmux('send-keys', ...keys),
    type: (text) => void tmux('send-keys', '-l', text),
    enter: (text) => void tmux('send-keys', '-l', text, ';', 'send-keys', 'Enter'),
    paste(text) {
      tmux('set-buffer', '--', text);
      tmux('paste-buffer', '-p', '-r');
    },
    resize: (width, height = rows) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
    screen,
    everything: () => tidy(tmux('capture-pane', '-p', '-S', '-')),
    unwrapped: () => tidy(tmux('capture-pane', '-p', '-J', '-S', '-')),
    wait: waitFor,
    async settle() {
      let before: string | undefined;
      let since = performance.now();
      await waitFor(() => {
        const now = `${tmux('capture-pane', '-p')}${ask('#{cursor_x} #{cursor_y}')}`;
        if (now !== before) since = performance.now();
        before = now;
        return performance.now() - since > STILL_MS;
      }, 'a screen that stands still');
    },
    until: (pattern) => waitFor(() => pattern.test(screen()), String(pattern)),
    untilPrompt: () => waitFor(isAtPrompt, 'an empty prompt'),
    async end() {
      await waitFor(() => ask('#{pane_dead}') === '1', 'the end of the program');
      const status = () => ask('#{pane_dead_status},#{pane_dead_signal}');
      await waitFor(() => {
        // tmux 3.3 can miss that its child ended: told once more, it looks.
        if (status() === ',') process.kill(Number(ask('#{pid}')), 'SIGCHLD');
        return status() !== ',';
      }, 'the exit status');
      const [code, signal] = status().split(',');
      return { code: code ? Number(code) : undefined, signal: signal ? Number(signal) : undefined };
    },
    written: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    close: () =>
      void spawnSync('tmux', ['-L', server, 'kill-server'], { env: { TMUX_TMPDIR: folder, PATH: process.env.PATH } }),
  };
}

function isLast(rows: readonly string[], y: number): boolean {
  return rows.slice(y + 1).every((row) => row.trim() === '');
}
