import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/config/secret.ts';
import { createProgress } from '../../../src/surfaces/cli/progress.ts';
import { detectScreen } from '../../../src/surfaces/cli/screen.ts';

describe('detectScreen', () => {
  const terminal = { isTTY: true, columns: 100 };

  it.each([
    ['a terminal', terminal, {}, {}, true],
    ['a pipe', {}, {}, {}, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, {}, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, {}, true],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, {}, false],
    ['FORCE_COLOR down a pipe', {}, { FORCE_COLOR: '1' }, {}, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, {}, false],
    ['NO_COLOR over FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, {}, false],
    ['--color over NO_COLOR', {}, { NO_COLOR: '1' }, { color: true }, true],
    ['--no-color over FORCE_COLOR', terminal, { FORCE_COLOR: '1' }, { color: false }, false],
  ])('%s', (_, output, env, flags, color) => {
    expect(detectScreen(output, env, flags).color).toBe(color);
  });

  it('takes the width from the flag, the terminal, COLUMNS or 80, and never less than 40', () => {
    const widths = [
      detectScreen(terminal, {}, { width: '120' }),
      detectScreen(terminal, { COLUMNS: '50' }),
      detectScreen({}, { COLUMNS: '50' }),
      detectScreen({}, {}),
      detectScreen({ isTTY: true, columns: 20 }, {}),
    ];
    expect(widths.map((screen) => screen.width)).toEqual([120, 100, 50, 80, 40]);
  });

  it('links only where a terminal is known to open them', () => {
    expect(detectScreen(terminal, { VTE_VERSION: '7002' }).hyperlinks).toBe(true);
    expect(detectScreen({}, { VTE_VERSION: '7002' }).hyperlinks).toBe(false);
    expect(detectScreen(terminal, { TERM: 'xterm-256color' }).hyperlinks).toBe(false);
  });
});

describe('createProgress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function terminalDouble(isTTY: boolean) {
    const written: string[] = [];
    const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) };
    return { written, stream: stream as unknown as NodeJS.WriteStream };
  }

  it('stays silent for half a second, then shows one line and takes it away', () => {
    const { written, stream } = terminalDouble(true);
    const progress = createProgress(stream);
    progress.show('Ranking\x1b[31m runs');
    vi.advanceTimersByTime(499);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(written.join('')).toContain('Ranking\\x1b[31m runs …');
    progress.clear();
    expect(written.at(-1)).toBe('\r\x1b[2K');
  });

  it('draws at once what comes after a long wait', () => {
    const { written, stream } = terminalDouble(true);
    const progress = createProgress(stream);
    vi.advanceTimersByTime(600);
    progress.show('Comparing runs');
    expect(written.at(-1)).toContain('Comparing runs …');
  });

  it('leaves no trace of a fast answer, nor in a file', () => {
    const fast = terminalDouble(true);
    createProgress(fast.stream).clear();
    const piped = terminalDouble(false);
    createProgress(piped.stream).show('reading');
    vi.advanceTimersByTime(5000);
    expect([...fast.written, ...piped.written]).toEqual([]);
  });
});

describe('readConfig', () => {
  it('lets flags win over the environment, and takes an empty variable for none', () => {
    const env = {
      MLFLOW_TRACKING_URI: 'http://env',
      MLFLOW_EXPERIMENT_NAME: '',
      MLFLOW_EXPERIMENT_ID: '7',
      HOME: '/none',
    };
    expect(readConfig(env, { uri: 'http://flag' }, '/').store).toEqual({ uri: 'http://flag', source: 'flag' });
    const config = readConfig(env, {}, '/');
    expect(config.store).toEqual({ uri: 'http://env', source: 'environment' });
    expect(config.defaultExperiment).toBe('id:7');
    expect(config.limits).toEqual({ maxRuns: 100, historyPoints: 1000 });
  });

  it.each([
    ['0.0001', 1],
    ['1.0015', 1_002],
    ['3000000', 2 ** 31 - 1],
    ['1e300', 2 ** 31 - 1],
  ])('takes %s seconds for a time that timers take', (seconds, milliseconds) => {
    const config = readConfig({ MLFLOW_HTTP_REQUEST_TIMEOUT: seconds, HOME: '/none' }, {}, '/');
    expect(config.mlflow.requestTimeoutMs).toBe(milliseconds);
  });

  it('prints no secret in any way', () => {
    const config = readConfig({ MLFLOW_TRACKING_TOKEN: 'canary', ANTHROPIC_API_KEY: 'canary', HOME: '/none' }, {}, '/');
    const { token } = config.mlflow;
    expect([`${token}`, JSON.stringify(config), token?.reveal()].join()).toBe(
      ['***', JSON.stringify(config), 'canary'].join(),
    );
    expect(JSON.stringify(config)).not.toContain('canary');
    expect(String(new Secret('canary'))).toBe('***');
  });
});
