/** Words that point back to what was talked about, and words that tie a question to the last one. */
import type { Meaning, RefTarget, Tie } from '../meanings.ts';

const ref = (target: RefTarget, otherwise?: Meaning): Meaning =>
  otherwise === undefined ? { kind: 'ref', target } : { kind: 'ref', target, otherwise };
const nth = (place: number, otherwise?: Meaning): Meaning => ({ ...ref('nth', otherwise), nth: place }) as Meaning;
const tie = (kind: Tie, isIdle: boolean): Meaning => ({ kind: 'tie', tie: kind, isIdle });
const oldest: Meaning = { kind: 'superlative', order: 'lowest', of: 'start_time' };
const newest: Meaning = { kind: 'superlative', order: 'highest', of: 'start_time' };
const best: Meaning = { kind: 'superlative', order: 'best' };

/** Groups of phrases, `|` between them, as in the lexicon. */
export const BACK_REFERENCES: readonly (readonly [string, Meaning])[] = [
  ['it|its|this|that run|this run|that one|this one|the same run', ref('one')],
  [
    'both together|them together|all together|them|they|their|theirs|those|these|both|all of them|each of them|any of them|both of them|of them|of those|of these|those runs|these runs|those ones|these ones|those two|these two|both runs|between the two|between those two|between these two|of the two|all three|those three|these three|all of those|all of these',
    ref('many'),
  ],
  ['the other|the other one|the other run|other one', ref('other')],
  ['the others|the other ones|the other runs|the rest|the remaining ones', ref('others')],
  ['the better one|the better run', ref('better', { kind: 'comparative', order: 'best' })],
  ['the winner|the winning one|the winning run', ref('better', best)],
  ['the worse one|the worse run|the loser', ref('worse', { kind: 'comparative', order: 'worst' })],
  ['the first one|first one|the 1st one', nth(1, oldest)],
  ['the last one', nth(-1, newest)],
  ['the second one|second one|the 2nd one', nth(2)],
  ['the third one|third one|the 3rd one', nth(3)],
  ['the fourth one|fourth one|the 4th one', nth(4)],
  ['the fifth one|fifth one|the 5th one', nth(5)],
  [
    'there|in there|in that experiment|in this experiment|in the same experiment|that experiment|this experiment|the same experiment',
    ref('experiment'),
  ],
  ['that metric|this metric|the same metric|same metric', ref('metric')],
];

export const TIES: readonly (readonly [string, Meaning])[] = [
  ['what about|how about|and what about|and how about|also|then|now|but|ok|okay|so|too|and now', tie('lead', true)],
  ['again', tie('same', true)],
  [
    'same|the same|same for|the same for|do the same|do the same for|same thing|the same thing|likewise|ditto|repeat|redo|once more|by how much|by what margin|how much better|how much worse|how much faster|how much slower',
    tie('same', false),
  ],
  [
    'only|just|but only|and only|just the|only the|keep only|restrict to|restrict it to|restrict them to|restricted to|limit to|limit it to|limit them to|limited to|narrow to|narrow it to|narrow it down to|filter|filter to|filter by|filter on',
    tie('only', true),
  ],
  ['actually', tie('correct', true)],
  [
    'no i meant|no, i meant|no i mean|no, i mean|i meant|i mean|no,|sorry|sorry,|instead|rather|i wanted|not that|make it|make that|change it to|change to|switch to',
    tie('correct', false),
  ],
  ['break|split|group|sort', tie('same', false)],
  ['down by|up by', { kind: 'glue', glue: 'by' }],
];
