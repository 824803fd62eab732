/** How a client starts the server: this program, with what is in force here written out. */
import { realpathSync } from 'node:fs';
import type { Config } from '../../../config/config.ts';
import { ConfigError } from '../../../config/error.ts';
import { maskUri } from '../../../mask.ts';
import { toAbsoluteUri } from '../../shared/absolute-uri.ts';
import type { McpFlags } from '../flags.ts';
import type { ServerEntry } from './edit.ts';

/** Clients start it elsewhere, with another environment: what only this folder and this shell know is told by flags. */
export function entryOf({ store, settings }: Config, flags: McpFlags): ServerEntry {
  const isKnownEverywhere = store.source === 'config file' || store.source === 'demo';
  const { experiment, model } = settings;
  const told = [
    ...(isKnownEverywhere ? [] : ['--uri', plainUri(store.uri)]),
    ...(isOfHere(experiment.source) && typeof experiment.value === 'string' ? ['--experiment', experiment.value] : []),
    ...(isOfHere(model.source) && typeof model.value === 'string' ? ['--model', model.value] : []),
    ...(flags.tools === undefined ? [] : ['--tools', flags.tools]),
  ];
  return { command: process.execPath, args: [realpathSync(process.argv[1] ?? ''), 'mcp', ...told] };
}

const isOfHere = (source: string | undefined): boolean => source === 'flag' || source === 'environment';

function plainUri(uri: string): string {
  if (maskUri(uri) !== uri)
    throw new ConfigError(
      "the address of the store holds a password, which others could read in the client's file: keep it in our own config file by runsight setup",
    );
  return toAbsoluteUri(uri, process.cwd());
}
