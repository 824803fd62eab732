/** `runsight serve`: the HTTP API, until it is told to end. */
import process from 'node:process';
import { ConfigError, type ConfigFlags, type Environment, readConfig } from '../../config/config.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import type { Process } from '../shared/process.ts';
import { readAccess } from './access.ts';
import { DEFAULT_SERVE_LIMITS, type ServeLimits } from './gates.ts';
import type { Mounted } from './handler.ts';
import { isLoopbackHost } from './origin.ts';
import { type RunningServer, startServer } from './server.ts';
import { startThreadedWorkplace } from './threaded-workplace.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = '4780';

export interface ServeFlags extends ConfigFlags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

/** What a configuration is read from, also in another thread. */
export interface ServeSource {
  readonly env: Environment;
  readonly flags: ConfigFlags;
}

/** Other surfaces, each at a path of its own behind the same checks; made once the configuration is read. */
export type Mounts = Readonly<Record<string, (source: ServeSource) => Mounted | Promise<Mounted>>>;

export async function runServe(
  words: readonly string[],
  flags: ServeFlags,
  cli: Process,
  mounts: Mounts = {},
  limits: ServeLimits = DEFAULT_SERVE_LIMITS,
): Promise<ExitCode> {
  if (words.length > 0) throw new ConfigError(`serve takes no "${words[0]}"; see runsight --help`);
  const server = await serve(flags, cli, mounts, limits);
  cli.stdout.write(`runsight serves at ${server.url}\n`);
  const terminated = new AbortController();
  const onTerminate = () => terminated.abort();
  process.once('SIGTERM', onTerminate);
  try {
    await aborted(AbortSignal.any([cli.signal, terminated.signal]));
    return (await server.drain()) ? EXIT_CODES.ok : EXIT_CODES.terminated;
  } finally {
    process.off('SIGTERM', onTerminate);
  }
}

/** @throws ConfigError, ConversationError */
export async function serve(
  flags: ServeFlags,
  cli: Pick<Process, 'env' | 'stderr'>,
  mounts: Mounts,
  limits: ServeLimits,
): Promise<RunningServer> {
  const config = readConfig(cli.env, flags);
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = flags;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new ConfigError(`--port is "${port}"; it takes a number up to 65535`);
  const access = readAccess(config.serve.tokens?.reveal(), config.settings.tokens.madeBy);
  if (access.isOpen && !isLoopbackHost(host))
    throw new ConfigError(
      `--host ${host} can be reached from other machines: set RUNSIGHT_TOKENS, so that not everybody is let in`,
    );
  const source = { env: { ...cli.env }, flags: { ...flags } };
  const mounted = await Promise.all(
    Object.entries(mounts).map(async ([path, make]) => [path, await make(source)] as const),
  );
  return startServer({
    config,
    host,
    port: Number(port),
    access,
    startWorkplace: (report) => startThreadedWorkplace({ ...source, limits }, report),
    mounts: Object.fromEntries(mounted),
    limits,
    log: (record) => cli.stderr.write(`${JSON.stringify(record)}\n`),
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
