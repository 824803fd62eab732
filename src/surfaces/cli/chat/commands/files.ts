/** Names of files as a person types them where no shell reads them first. */
import os from 'node:os';
import path from 'node:path';

/** `~/plots/f1.svg` lies in the home folder. */
export function expandHome(file: string): string {
  return file.startsWith('~/') ? path.join(os.homedir(), file.slice(2)) : file;
}
