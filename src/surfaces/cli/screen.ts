/** What a stream can show: flags first, then NO_COLOR, FORCE_COLOR, then whether it is a terminal. */
import { ConfigError, type Environment } from '../../config/config.ts';
import { MINIMUM_WIDTH, type Screen } from '../../present/style.ts';

export interface ScreenFlags {
  readonly color?: boolean | undefined;
  readonly ascii?: boolean | undefined;
  readonly width?: string | undefined;
}

/** The parts of a writable stream that are looked at. */
interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const DEFAULT_WIDTH = 80;
/** Terminals that are known to open OSC 8 links (VTE since 0.50). */
const LINKING_PROGRAMS = ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'Tabby', 'rio'];

export function detectScreen(output: Output, env: Environment, flags: ScreenFlags = {}): Screen {
  const columns = readWidth(flags) ?? output.columns ?? (Number(env.COLUMNS) || DEFAULT_WIDTH);
  return {
    width: Math.max(MINIMUM_WIDTH, columns),
    color: hasColor(output, env, flags),
    unicode: flags.ascii !== true,
    hyperlinks: hasHyperlinks(output, env),
  };
}

function readWidth({ width }: ScreenFlags): number | undefined {
  if (width === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(width)) throw new ConfigError(`--width is "${width}"; it takes a number of columns`);
  return Number(width);
}

function hasColor(output: Output, env: Environment, flags: ScreenFlags): boolean {
  if (flags.color !== undefined) return flags.color;
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return output.isTTY === true && env.TERM !== 'dumb';
}

function hasHyperlinks(output: Output, env: Environment): boolean {
  const forced = env.FORCE_HYPERLINK;
  if (forced !== undefined) return forced !== '0';
  if (output.isTTY !== true || env.TERM === 'dumb' || env.CI) return false;
  return (
    LINKING_PROGRAMS.includes(env.TERM_PROGRAM ?? '') ||
    Number(env.VTE_VERSION ?? 0) >= 5000 ||
    env.TERM === 'xterm-kitty' ||
    env.WT_SESSION !== undefined ||
    env.KONSOLE_VERSION !== undefined
  );
}
