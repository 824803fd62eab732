/** Which of two readings of a question is meant: with a name of the store, or without it. */
import { quoteName } from '../../finding/quote.ts';
import { type Contest, isOfNames, type OtherCut, spell } from './contested.ts';
import type { Settled } from './follow-up/settled.ts';
import { chooseFrame } from './frames/choose.ts';
import { isDeclined } from './frames/declined.ts';
import type { Segment } from './meanings.ts';
import { type Reading, spanOf } from './slots.ts';

/**
 * The words of the language win where the question can be answered by them, aloud; the name where it cannot, or where its
 * place asks for one. Between two names it is asked back.
 */
export function decideBetween(
  question: string,
  named: Settled,
  { contests }: OtherCut,
  without: () => Settled,
): Settled {
  const other = without();
  const plans = [named, other].map(({ reading }) => planOf(reading));
  const [byName, byWords] = plans;
  if (byWords === undefined) return named;
  if (byName === undefined) return other;
  if (byName === byWords) return named;
  const asked = contests.find(isOfNames);
  if (asked !== undefined) return asking(question, named, asked);
  if (contests.every(({ isDue }) => isDue)) return named;
  const notes = contests.map(({ name }) => noteOf(name));
  return { ...other, reading: { ...other.reading, notes: [...other.reading.notes, ...notes] } };
}

/** What is asked of the store, for comparison; undefined where nothing is. */
function planOf(reading: Reading): string | undefined {
  const choice = chooseFrame(reading);
  if (choice.kind !== 'frame' || isDeclined(choice.frame)) return undefined;
  return JSON.stringify(choice.frame.plan(reading).queries);
}

function asking(question: string, { reading }: Settled, { name, instead }: Contest): Settled {
  const at = {
    text: name.text,
    start: Math.min(name.start, instead[0]?.start ?? name.start),
    end: Math.max(name.end, instead.at(-1)?.end ?? name.end),
  };
  const texts = [spell(question, [name]), spell(question, instead)];
  return { reading: { ...reading, obstacle: { kind: 'which-name', at, texts } } };
}

/** What the name is of, in a word. */
function kindOf({ meaning }: Segment): string {
  if (meaning.kind === 'key') return meaning.kinds.join(' or ');
  if (meaning.kind === 'value') return `value of ${quoteName(meaning.options[0]?.key ?? '')}`;
  return meaning.kind;
}

function noteOf(name: Segment): string {
  const { text } = spanOf(name);
  return `“${text}” was read as a word: in quotes it is the ${kindOf(name)} ${quoteName(text)}.`;
}
