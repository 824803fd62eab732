/** The server over standard input and output: nothing but the protocol is written there. */
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { describeError } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import type { McpFactory } from './factory.ts';

/** Ends with standard input, or by Ctrl-C. */
export async function serveOverStdio(
  { create }: McpFactory,
  { stdin, stdout, stderr, env, signal }: Process,
): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const transport = new StdioServerTransport(stdin, stdout);
  const onerror = (error: Error) => void stderr.write(`${describeError(error, env)}\n`);
  stdin.once('close', end).once('end', end);
  signal.addEventListener('abort', () => end(), { once: true });
  const server = serveStdio(create, { transport, onerror });
  await ended;
  await server.close();
}
