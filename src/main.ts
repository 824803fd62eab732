/** Starts the command line in this process. */
import { runCli } from './surfaces/cli/cli.ts';

const interrupt = new AbortController();

process.once('SIGINT', () => interrupt.abort());
// A reader that has seen enough (`| head`) closes the pipe, a terminal hangs up: nothing is left to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(0);
  process.stderr.write(`runsight: standard output cannot be written: ${error.message}\n`);
  process.exit(1);
});
process.stderr.on('error', () => process.exit(1));

const { env, stdout, stderr } = process;
process.exitCode = await runCli(process.argv.slice(2), {
  env,
  // Opened where a command reads it.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  signal: interrupt.signal,
});
