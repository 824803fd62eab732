/** Which tools a client is offered: all, or those that `--tools` names, one by one or by what they are about. */
import { ConfigError } from '../../config/error.ts';
import type { Tool } from '../../tools/define/tool.ts';
import { nearestNames } from '../../tools/resolve/names.ts';

/** What this surface has besides the capabilities. */
export const OWN_TOOLS = ['ask', 'get_answer', 'query', 'create_experiment'] as const;

/** @throws ConfigError on a name that is neither a tool nor a kind of things. */
export function chooseTools(chosen: string | undefined, tools: readonly Tool[]): (name: string) => boolean {
  if (chosen === undefined) return () => true;
  const words = chosen.split(',').map((word) => word.trim());
  const kinds = [...new Set(tools.map(({ kind }) => kind))];
  const known = [...OWN_TOOLS, ...tools.map(({ name }) => name), ...kinds];
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new ConfigError(wordUnknown(unknown, known));
  const names = new Set([
    ...words,
    ...tools.filter(({ kind }) => words.includes(kind)).map(({ name }) => name),
    // What `ask` leaves unanswered is fetched by it.
    ...(words.includes('ask') ? ['get_answer'] : []),
  ]);
  return (name) => names.has(name);
}

function wordUnknown(word: string, known: readonly string[]): string {
  const near = nearestNames(word, known);
  const hint = near.length > 0 ? `nearest: ${near.join(', ')}` : `there are ${known.join(', ')}`;
  return `--tools: nothing is called "${word}"; ${hint}`;
}
