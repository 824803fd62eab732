/** The words a remote model is given: Markdown files for what never changes, a few facts for what does. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatDay } from '../finding/format.ts';

const STABLE = ['system.md', 'tool-guidance.md'];

const surfaceFile = (surface: string): string => path.join('surfaces', `${surface}.md`);

/** @throws Error where nothing says how to write for it. */
export function checkSurface(packageRoot: string, surface: string): void {
  const file = path.join('prompts', surfaceFile(surface));
  if (!existsSync(path.join(packageRoot, file))) throw new Error(`the surface "${surface}" has no ${file}`);
}

/** The same bytes at every question, so that it can be cached: no dates, no names of stores. */
export function readSystemPrompt(packageRoot: string, surface = 'terminal'): string {
  const files = [...STABLE, surfaceFile(surface)];
  return files.map((file) => readFileSync(path.join(packageRoot, 'prompts', file), 'utf8').trim()).join('\n\n');
}

/** What changes from day to day and from store to store; goes ahead of the first question. */
export function describeFacts(facts: {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timeZone: string;
  readonly store: string;
  readonly defaultExperiment?: string | undefined;
}): string {
  const experiment = facts.defaultExperiment === undefined ? '' : `\nDefault experiment: ${facts.defaultExperiment}`;
  return `Today: ${formatDay(facts.now, facts.timeZone)} (${facts.timeZone})\nStore: ${facts.store}${experiment}`;
}

/** Models are told to open with `[cannot]` or `[clarify]` where they do not answer; people need not see it. */
export function splitStatus(text: string): { readonly status?: 'cannot' | 'clarify'; readonly text: string } {
  const marker = /^\s*\[(cannot|clarify)\]\s*/.exec(text);
  if (marker === null) return { text: text.trim() };
  return { status: marker[1] === 'cannot' ? 'cannot' : 'clarify', text: text.slice(marker[0].length).trim() };
}
