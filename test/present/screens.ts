/** Screens for tests. */
import type { Screen } from '../../src/present/style.ts';

export function plainScreen(width: number, changes: Partial<Screen> = {}): Screen {
  return { width, color: false, unicode: true, hyperlinks: false, ...changes };
}

/** Control bytes that no output of ours may hold: everything but LF and TAB. */
export const FORBIDDEN =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/u;
