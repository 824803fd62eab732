/** What is said to be the same of runs, or to differ. */
import { COUNTED } from '../terms/counting.ts';
import type { Evidence } from './evidence.ts';
import { type Aspect, commitContrast, contrastOf } from './populations.ts';
import type { Sentence } from './sentence.ts';

const ASPECTS: ReadonlyMap<string, Aspect> = new Map(
  [...COUNTED].flatMap(([word, noun]) =>
    noun === 'param' || noun === 'metric' || noun === 'tag' || noun === 'dataset' ? [[word, noun] as const] : [],
  ),
);

const ALIKE = /^(?:same|identical|equal|share|agree|alike)$/;

const UNLIKE = /^(?:differs?|differed|different)$/;

/** "no param differs", "both have identical parameters", "the same commit". */
export function likeness(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  const isAlike = ALIKE.test(lower);
  if (!isAlike && !UNLIKE.test(lower)) return undefined;
  const { shapes, tokens } = sentence;
  let from = at;
  while (from > 0 && !/^[,;:.—–]$/.test(shapes[from - 1]!)) from -= 1;
  let to = at + 1;
  while (to < tokens.length && !/^(?:[,;:.—–]|and|as|but|while|whereas)$/.test(shapes[to]!)) to += 1;
  const words = tokens.slice(from, to).map((token) => token.lower.replaceAll('`', ''));
  const nouns = words.flatMap((word, index) =>
    ASPECTS.has(word) || /^(?:git )?commits?$/.test(word) ? [{ word, index }] : [],
  );
  if (
    nouns.length !== 1 ||
    sentence.measures.some(
      (one) =>
        one.at >= from && one.at < to && !ASPECTS.has(tokens[one.at]!.lower) && !/commit/.test(tokens[one.at]!.lower),
    )
  )
    return undefined;
  const { word, index } = nouns[0]!;
  const isCounted = sentence.tokens
    .slice(from, from + index)
    .some(({ numeral }, place, some) => numeral !== undefined && !/^(?:runs?)$/.test(some[place + 1]?.lower ?? ''));
  if (
    isCounted ||
    words.some((one) =>
      /^(?:some|most|few|many|only|several|if|whether|not|other|than|but|except|besides|logged|names?|keys?|sets?|kinds?|number|amount|nearly|almost|largely|mostly|partly)$/.test(
        one,
      ),
    )
  )
    return undefined;
  // "the team and project tags" are not all the tags.
  if (
    index > 0 &&
    !/^(?:all|the|both|every|no|same|identical|equal|different|their|git|of|a|an|each|its|any|in|on|more|these|share|shown|code)$/.test(
      words[index - 1]!,
    ) &&
    sentence.tokens[from + index - 1]!.numeral === undefined
  )
    return undefined;
  const contrast = ASPECTS.has(word) ? contrastOf(ASPECTS.get(word)!, evidence) : commitContrast(evidence);
  if (contrast === undefined) return undefined;
  const isNone = words.some((one) => /^(?:no|none|neither)$/.test(one));
  const isAll = words.some((one) => /^(?:all|every|each)$/.test(one));
  if (isAlike) return isNone ? contrast.alike === 0 : contrast.differ === 0;
  if (isNone) return contrast.differ === 0;
  return isAll ? contrast.alike === 0 : contrast.differ > 0;
}
