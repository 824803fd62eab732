/** `runsight mcp setup CLIENT`: shows what it would change in the client's file, and changes it where that is wanted. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readConfig } from '../../../config/config.ts';
import { ConfigError } from '../../../config/error.ts';
import { sanitizeForTerminal } from '../../../present/sanitize.ts';
import { readRegularFile } from '../../../read-regular-file.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import type { Process } from '../../shared/process.ts';
import { assertOutput, cannotWrite, replaceFile, writeOutput } from '../../shared/write-file.ts';
import type { McpFlags } from '../flags.ts';
import { changedLines } from './changed-lines.ts';
import { type Client, findClient } from './clients.ts';
import { SERVER_NAME, type ServerEntry } from './edit.ts';
import { entryOf } from './entry.ts';

export async function runMcpSetup(words: readonly string[], flags: McpFlags, cli: Process): Promise<ExitCode> {
  const [name, extra] = words;
  if (extra !== undefined) throw new ConfigError(`mcp setup takes one client, and "${extra}" is one more`);
  const client = findClient(name, cli.env);
  const { file, title } = client;
  const before = existsSync(file) ? readText(file) : undefined;
  const entry = flags.remove === true ? undefined : entryOf(readConfig(cli.env, flags), flags);
  const after = edited(client, before ?? '', entry);
  const say = (text: string) => void cli.stdout.write(`${sanitizeForTerminal(text)}\n`);
  if (after === (before ?? '')) {
    say(entry === undefined ? `${file} does not name ${SERVER_NAME}.` : `${file} says so already.`);
    return EXIT_CODES.ok;
  }
  say(`${file}${before === undefined ? ' (new)' : ''}\n${changedLines(before ?? '', after).join('\n')}`);
  if (!(await isWanted(flags, cli))) {
    say('Nothing was written.');
    return EXIT_CODES.ok;
  }
  const copy = write(file, before, after);
  say(`Written${copy === undefined ? '' : `; what it was before is in ${copy}`}. Start ${title} anew.`);
  return EXIT_CODES.ok;
}

/** What cannot be read is not touched. */
function readText(file: string): string {
  try {
    return new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(readRegularFile(file));
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not text in UTF-8' : (error as Error).message;
    throw new ConfigError(`${file} was not changed: ${why}`);
  }
}

function edited({ file, edit }: Client, text: string, entry: ServerEntry | undefined): string {
  try {
    return edit(text, entry);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${file} was not changed: ${error.message}; mend it and try again`);
  }
}

async function isWanted({ yes }: McpFlags, { stdin, stdout, signal }: Process): Promise<boolean> {
  if (yes === true) return true;
  if (!stdout.isTTY || !stdin.isTTY) {
    stdout.write('Add --yes to write it. ');
    return false;
  }
  const reader = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(?:es)?$/i.test((await reader.question('Write it? [y/N] ', { signal })).trim());
  } finally {
    reader.close();
  }
}

/** The copy's name; none where there was nothing. */
function write(file: string, before: string | undefined, after: string): string | undefined {
  makeFolder(path.dirname(file));
  assertOutput(file);
  if (before === undefined) {
    writeOutput(file, after);
    return undefined;
  }
  const copy = `${file}.before-${SERVER_NAME}`;
  assertOutput(copy);
  replaceFile(copy, before, statSync(file).mode & 0o777);
  writeOutput(file, after);
  return copy;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}
