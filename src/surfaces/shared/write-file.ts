/** Writes what was asked for into a file: whole or not at all, and never through a symbolic link. */
import { chmodSync, existsSync, lstatSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../../config/error.ts';

/** A file that is there is replaced and keeps its mode. @throws ConfigError naming the file and the mend */
export function writeOutput(file: string, content: string | Uint8Array): void {
  assertOutput(file);
  const mode = look(file, lstatSync)?.mode;
  replaceFile(file, content, mode === undefined ? undefined : mode & 0o777);
}

/** Whether it can be written, as far as that shows before: nobody waits for an answer first. @throws ConfigError */
export function assertOutput(file: string): void {
  const folder = path.dirname(file);
  const parent = look(folder, statSync);
  if (parent === undefined)
    throw new ConfigError(`${file} cannot be written: there is no folder ${folder}; make it first`);
  if (!parent.isDirectory()) throw new ConfigError(`${file} cannot be written: ${folder} is not a folder`);
  const found = look(file, lstatSync);
  if (found === undefined || found.isFile()) return;
  if (found.isDirectory()) throw new ConfigError(`${file} is a folder: name a file in it`);
  const what = found.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'not an ordinary file';
  throw new ConfigError(`${file} is ${what}: name another file`);
}

/** In one step, through a draft beside it. `mode` as given, whatever the umask says. @throws ConfigError */
export function replaceFile(file: string, content: string | Uint8Array, mode?: number): void {
  // A name that nobody else has: what is cleared away after a failure is ours.
  const draft = path.join(path.dirname(file), `.${crypto.randomUUID()}.tmp`);
  try {
    writeFileSync(draft, content, { flag: 'wx', flush: true, mode: mode ?? 0o666 });
    if (mode !== undefined) chmodSync(draft, mode);
    renameSync(draft, file);
  } catch (error) {
    if (existsSync(draft)) rmSync(draft);
    throw cannotWrite(file, error);
  }
}

export function cannotWrite(file: string, error: unknown): ConfigError {
  return new ConfigError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown fault'}`);
}

/** Undefined where there is nothing, or nothing that can be looked at: writing then says why. */
function look(target: string, stat: (target: string) => Stats): Stats | undefined {
  try {
    return stat(target);
  } catch {
    return undefined;
  }
}
