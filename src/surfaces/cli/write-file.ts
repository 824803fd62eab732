/** Writes what was asked for into a file, whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../../config.ts';

/** @throws ConfigError naming the file and the reason. */
export function writeOutput(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new ConfigError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
