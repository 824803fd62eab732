/** Tool results without what people wrote in their own words: names, keys and values stay. */
import type { Message } from './model.ts';

const LEFT_OUT = '(text left out)';
const LONGEST_NAME = 40;
/** More than a name has: a run of words. */
const FOUR_WORDS = /\S+(?:\s+\S+){3}/;
const QUOTED = /`[^`\n]+`|"[^"\n]+"|“[^”\n]+”/g;

/** The same messages, with prose from the store replaced in each tool result. Undefined where there is none. */
export function leaveOutFreeText(messages: readonly Message[]): Message[] | undefined {
  let found = false;
  const plain = messages.map((message): Message => {
    if (message.role !== 'tools') return message;
    const results = message.results.map((result) => {
      const text = result.text.split('\n').map(plainLine).join('\n');
      found ||= text !== result.text;
      return { ...result, text };
    });
    return { role: 'tools', results };
  });
  return found ? plain : undefined;
}

/** Text from a store stands in quotes, or bare in the cells of a table. */
function plainLine(line: string): string {
  if (!line.startsWith('| ')) return line.replace(QUOTED, (quoted) => (isProse(quoted) ? LEFT_OUT : quoted));
  const cells = line.slice(2, -2).split(' | ');
  return `| ${cells.map((cell) => (isProse(cell) ? LEFT_OUT : cell)).join(' | ')} |`;
}

const isProse = (text: string): boolean => text.length > LONGEST_NAME || FOUR_WORDS.test(text);
