/** The config file: one JSON object in the user's own config folder, never in the folder the program is started in. */
import { existsSync } from 'node:fs';
import { readRegularFile } from '../read-regular-file.ts';
import { ConfigError } from './error.ts';
import { type ConfigFile, FILE_KEYS } from './settings.ts';

/** Nothing where there is no file. @throws ConfigError on what is not JSON, not text, or not known. */
export function readConfigFile(file: string): ConfigFile {
  if (!existsSync(file)) return {};
  const parsed = parseJsonObject(file);
  for (const [key, value] of Object.entries(parsed)) {
    if (!FILE_KEYS.some((known) => known === key)) {
      throw new ConfigError(`${file}: unknown key "${key}"; it takes ${FILE_KEYS.join(', ')}`);
    }
    if (typeof value !== 'string') throw new ConfigError(`${file}: "${key}" must be text`);
  }
  return parsed as ConfigFile;
}

function parseJsonObject(file: string): object {
  const text = readText(file);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    // The parser quotes the text around the fault, and that can be a key.
    const [place] = /\(line \d+ column \d+\)/.exec((error as Error).message) ?? [];
    throw new ConfigError(`${[file, 'is not valid JSON', place].filter((part) => part !== undefined).join(' ')}`);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new ConfigError(`${file} must hold one JSON object`);
}

function readText(file: string): string {
  try {
    return readRegularFile(file).toString('utf8');
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
