/** The server over standard input and output: nothing but the protocol is written there. */
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { describeError } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import type { McpFactory } from './factory.ts';

/** Ends with standard input, by Ctrl-C, or after a message that is too large to be one. */
export async function serveOverStdio(
  { create }: McpFactory,
  { stdin, stdout, stderr, env, signal }: Process,
): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const transport = new StdioServerTransport(stdin, stdout);
  const onerror = (error: Error) => void stderr.write(`${describeError(error, env)}\n`);
  const server = serveStdio(create, { transport, onerror });
  const { onclose } = transport;
  transport.onclose = () => {
    onclose?.();
    end();
  };
  signal.addEventListener('abort', () => end(), { once: true });
  await ended;
  await server.close();
  stdin.destroy();
}
