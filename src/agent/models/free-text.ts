/** Tool results without what people wrote in their own words: names, keys, ids and values stay. */
import type { Message } from './model.ts';

const LEFT_OUT = '(text left out)';
const LONGEST_NAME = 60;
/** More than names and values have: four words in a row. */
const FOUR_WORDS = /(?:\p{L}[\p{L}'’]*[^\p{L}\p{N}_]+){3}\p{L}/u;
const QUOTED = /`[^`\n]+`|"[^"\n]+"|“[^”\n]+”/g;
/** The short id behind a run's name. */
const ID_BEHIND = /(?: \([0-9a-f]{8}\))?$/;

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
  return `| ${cells.map(plainCell).join(' | ')} |`;
}

function plainCell(cell: string): string {
  const id = ID_BEHIND.exec(cell)?.[0] ?? '';
  return isProse(cell.slice(0, cell.length - id.length)) ? `${LEFT_OUT}${id}` : cell;
}

const isProse = (text: string): boolean => text.length > LONGEST_NAME || FOUR_WORDS.test(text);
