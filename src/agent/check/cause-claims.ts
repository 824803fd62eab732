/** What is said to be the cause of something: no finding shows one. */
import { CAUSES, FAILURE_REASONS, NO_CAUSE } from '../terms/causes.ts';
import type { Claim } from './claim.ts';
import { clauseOf, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { Sentence } from './sentence.ts';

export function* causeClaims(sentence: Sentence): Generator<Claim> {
  const { tokens } = sentence;
  for (let at = 0; at < tokens.length; at++) {
    for (let length = MOST_WORDS; length > 0; length--) {
      const words = tokens.slice(at, at + length);
      if (words.length < length || !CAUSE_WORDS.has(words.map(({ lower }) => lower).join(' '))) continue;
      const [from, to] = clauseOf(sentence, at);
      // What is said behind the next comma is said of something else.
      const comma = at < 2 ? -1 : sentence.shapes.indexOf(',', at + length);
      const until = Math.min(to, at + 14, comma < 0 ? tokens.length : comma);
      const near = tokens
        .slice(Math.max(from, at - 10), until)
        .flatMap(({ lower }, index, some) => (lower === 'not' && some[index + 1]?.lower === 'finite' ? [] : [lower]));
      const isDropped = near.includes('dropped') && !sentence.measures.some((one) => one.at >= from && one.at < at);
      // Which way a ranking goes is no cause.
      const isDirection = /\b(?:higher|lower) is better\b/.test(near.join(' '));
      if (!isDropped && !isDirection && !near.some((word) => NO_CAUSE.has(word) || word.endsWith("n't")))
        yield { start: words[0]!.start, end: words.at(-1)!.end, supported: false };
      at += length - 1;
      break;
    }
  }
}

/** "the accuracy makes the f1 higher", "ran out of memory". */
export function* reasonClaims(sentence: Sentence, { words }: Evidence): Generator<Claim> {
  const { tokens } = sentence;
  const isUnsaid = tokens.some(({ lower }) =>
    /^(?:not?|unknown|whether|if|may|might|could|perhaps|possibly|cannot|neither|nor)$/.test(lower),
  );
  for (const [at, { lower, start, end }] of tokens.entries()) {
    const makes =
      /^(?:makes|made)$/.test(lower) && /^(?:the |its |their )?M /.test(`${shapesBetween(sentence, at + 1, at + 6)} `);
    if (makes && !isUnsaid) yield { start, end, supported: false };
    for (const reason of FAILURE_REASONS) {
      const parts = reason.split(' ');
      if (!parts.every((part, index) => tokens[at + index]?.lower === part) || parts.every((part) => words.has(part)))
        continue;
      if (parts.length > 2 || !isUnsaid) yield { start, end: tokens[at + parts.length - 1]!.end, supported: false };
    }
  }
}

const CAUSE_WORDS = new Map(CAUSES.map((cause) => [cause, cause.split(' ').length]));

const MOST_WORDS = Math.max(...CAUSE_WORDS.values());
