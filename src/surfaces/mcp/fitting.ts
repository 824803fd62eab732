/** Which names go on from what was typed. */
import { sanitizeLine } from '../../present/sanitize.ts';

/** The protocol takes no more of them. */
const MOST = 100;

/** By their beginning, whatever the case, in the order that they come in; a name that hides something is not offered. */
export function fitting(names: readonly string[], typed: string): string[] {
  const start = typed.toLowerCase();
  const found = names.filter((name) => name.toLowerCase().startsWith(start) && sanitizeLine(name) === name);
  return found.slice(0, MOST);
}
