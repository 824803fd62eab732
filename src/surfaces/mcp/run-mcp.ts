/** `runsight mcp`: serves other programs over standard input and output or HTTP, or sets one of them up. */
import { appOnDemand } from '../../app/app-on-demand.ts';
import { readConfig } from '../../config/config.ts';
import { ConfigError } from '../../config/error.ts';
import { Secret } from '../../config/secret.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import { describeError } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import { createMcpFactory } from './factory.ts';
import type { McpFlags } from './flags.ts';

const DEFAULT_PORT = '4781';

export async function runMcp(words: readonly string[], flags: McpFlags, cli: Process): Promise<ExitCode> {
  const [first, ...rest] = words;
  refuse(flags, first === 'setup' ? SERVING : SETTING_UP, first === 'setup' ? 'mcp setup' : 'mcp');
  if (first === 'setup') return (await import('./setup/run-setup.ts')).runMcpSetup(rest, flags, cli);
  if (first !== undefined)
    throw new ConfigError(`mcp takes no "${first}"; try runsight mcp, or runsight mcp setup CLIENT`);
  const config = readConfig(cli.env, flags);
  const app = appOnDemand(config, { surface: 'mcp', isolated: true });
  const factory = createMcpFactory(app, config, { tools: flags.tools });
  try {
    if (flags.http === true) await serveHttp();
    else await (await import('./stdio.ts')).serveOverStdio(factory, cli);
    return cli.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.ok;
  } finally {
    factory.close();
    await app.close();
  }

  async function serveHttp(): Promise<void> {
    const [{ listen }, { mountMcp }] = await Promise.all([import('./http.ts'), import('./mount.ts')]);
    const onerror = (error: Error) => void cli.stderr.write(`${describeError(error, cli.env)}\n`);
    const mount = mountMcp(factory, onerror);
    const token = config.settings.mcp_token.value;
    const server = await listen(mount, {
      host: flags.host ?? '127.0.0.1',
      port: portOf(flags.port ?? DEFAULT_PORT),
      token: token instanceof Secret ? token : undefined,
    });
    cli.stderr.write(`runsight mcp listens at ${server.url}\n`);
    await untilToldToStop(cli.signal);
    await Promise.all([mount.close(), server.close()]);
  }
}

const SERVING = ['http', 'host', 'port'] as const;
const SETTING_UP = ['remove', 'yes'] as const;

/** @throws ConfigError on a flag that would mean nothing. */
function refuse(flags: McpFlags, useless: readonly (keyof McpFlags)[], command: string): void {
  const given = useless.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new ConfigError(`${command} has no use for --${given}; see runsight --help`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`--port ${text} is no port; name one from 0 (any that is free) to 65535`);
}

/** By Ctrl-C, or by who runs services. */
async function untilToldToStop(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  process.once('SIGTERM', resolve);
  await promise;
}
