/** Names of files as a person types them where no shell reads them first. */
import path from 'node:path';
import { findHome } from '../../../../config/home.ts';

/** `~/plots/f1.svg` lies in the home folder. */
export function expandHome(file: string): string {
  const home = file.startsWith('~/') ? findHome(process.env) : undefined;
  return home === undefined ? file : path.join(home, file.slice(2));
}
