/** `runsight create-experiment`: the one thing that is ever written, shown whole and sent once somebody said yes. */
import { createExperiment, type NewExperiment } from '../../app/create-experiment.ts';
import { ConfigError, readConfig } from '../../config/config.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import type { Process } from '../shared/process.ts';
import { proposeExperiment } from '../shared/proposal.ts';
import type { CliFlags } from './command-line.ts';

export async function runCreateExperiment(words: readonly string[], flags: CliFlags, cli: Process): Promise<ExitCode> {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0)
    throw new ConfigError('create-experiment takes one name: runsight create-experiment "my experiment"');
  const config = readConfig(cli.env, flags);
  const wanted: NewExperiment = { name, description: flags.description, tags: readTags(flags.tag ?? []) };
  const proposal = await proposeExperiment(wanted, config);
  if (!cli.stdin.isTTY || !cli.stdout.isTTY)
    throw new ConfigError(
      'create-experiment asks before it writes, and here is no terminal to ask in: a program may POST /api/v1/ml/experiments of "runsight serve --allow-writes"',
    );
  cli.stdout.write(`${proposal.join('\n')}\n`);
  if (!(await isWanted())) {
    cli.stdout.write('Nothing was created.\n');
    return EXIT_CODES.cannot;
  }
  const { id } = await createExperiment(config, wanted, { signal: cli.signal });
  cli.stdout.write(`Created experiment ${id}: ${sanitizeLine(name)}\n`);
  return EXIT_CODES.ok;
}

/** Nothing else goes on meanwhile: Ctrl-C ends the program as it stands, before anything was sent. */
async function isWanted(): Promise<boolean> {
  const { default: readline } = await import('readline-sync');
  const listeners = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  try {
    return /^y(?:es)?$/i.test(readline.question('Create it? [y/N] ').trim());
  } finally {
    for (const listener of listeners) process.on('SIGINT', listener);
  }
}

function readTags(pairs: readonly string[]): Record<string, string> {
  const tags: Record<string, string> = Object.create(null);
  for (const pair of pairs) {
    const [, key, value] = /^([^=]+)=([\s\S]*)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) throw new ConfigError(`--tag is "${pair}"; it takes KEY=VALUE`);
    if (key in tags) throw new ConfigError(`--tag gives "${key}" twice`);
    tags[key] = value;
  }
  return tags;
}
