/** What a model is told once, so that it can mend its answer. */

const NOTE_START = 'These have no source in the findings: ';
const MOST_NAMED = 40;

export function repairNote(unsupported: readonly string[]): string {
  const named = [...new Set(unsupported)];
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '';
  return [
    `${NOTE_START}${named.slice(0, MOST_NAMED).join('; ')}${more}.`,
    'Write the answer again with only values and names that the findings contain, each beside the run and the metric that it is of, and leave out what they do not.',
  ].join(' ');
}

/** Whether a user message is ours and not a person's. */
export const isRepairNote = (text: string): boolean => text.startsWith(NOTE_START);
