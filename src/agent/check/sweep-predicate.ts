/** What is said of each member: one of these values, any value, none, the same as the others, another one. */
import { ALIKE, GIVEN, HAVING, LACKING, REACHING, UNLIKE } from '../terms/sweeping.ts';
import type { Evidence } from './evidence.ts';
import { foldName } from './fold.ts';
import type { TextToken } from './lexer.ts';
import type { MeasureMention, Sentence } from './sentence.ts';
import { isSweepEnd } from './sweep.ts';
import { statusWord } from './sweep-statuses.ts';
import { isExperimentAt } from './sweep-subject.ts';
import { type Member, talliesOf } from './tallies.ts';

export interface Predicate {
  readonly keys: ReadonlySet<string> | undefined;
  readonly values: readonly ((member: Member) => boolean)[];
  readonly kind: 'value' | 'given' | 'lacking' | 'alike' | 'unlike';
}

/** Undefined where anything is said that is not read. */
export function predicateOf(
  sentence: Sentence,
  from: number,
  to: number,
  evidence: Evidence,
  isOnly = false,
): Predicate | undefined {
  const words = new Set<string>();
  const values: Predicate['values'][number][] = [];
  let keys: ReadonlySet<string> | undefined;
  const end = endOfList(sentence, to, evidence);
  for (let at = from; at < end; at++) {
    const token = sentence.tokens[at]!;
    if (sentence.shapes[at] === '' || /^[.,)(!]$/.test(token.text) || isPlaceOf(sentence, at)) continue;
    if (values.length > 0 && isTail(sentence, at)) break;
    const value = valueAt(sentence, at, evidence);
    if (statusWord(sentence, at) !== undefined) keys ??= STATUS;
    const mention = mentionAt(sentence, at);
    if (value !== undefined) values.push(value);
    else if (mention !== undefined && keys === undefined) keys = mention;
    else if (SAYING.some((some) => some.has(token.lower))) words.add(token.lower);
    else if (!isExperimentAt(sentence, at)) return undefined;
  }
  const has = (some: ReadonlySet<string>) => [...words].some((word) => some.has(word));
  // Whoever reaches a value may have passed it.
  if (values.length > 0)
    return has(REACHING) && !isOnly ? undefined : { keys, values, kind: has(LACKING) ? 'unlike' : 'value' };
  if (has(UNLIKE)) return { keys, values, kind: 'unlike' };
  if (has(ALIKE)) return { keys, values, kind: 'alike' };
  if (keys === undefined) return undefined;
  return has(LACKING) ? { keys, values, kind: 'lacking' } : has(GIVEN) ? { keys, values, kind: 'given' } : undefined;
}

/** "use 2, 4 or 6": the list goes on behind the comma. */
function endOfList(sentence: Sentence, to: number, evidence: Evidence): number {
  const { shapes } = sentence;
  let end = to;
  const isValue = (at: number) => at < shapes.length && valueAt(sentence, at, evidence) !== undefined;
  while (shapes[end] === ',' && isValue(end - 1) && isValue(end + 1)) {
    end += 1;
    while (end < shapes.length && !isSweepEnd(shapes, end)) end += 1;
  }
  return end;
}

const SAYING = [HAVING, GIVEN, LACKING, ALIKE, UNLIKE, REACHING];

/** "in the top three". */
const isPlaceOf = ({ tokens, shapes }: Sentence, at: number): boolean =>
  /^(?:top|best|first|last)$/.test(tokens[at]!.lower) ||
  (shapes[at] === 'N' && /^(?:top|best|first|last)$/.test(tokens[at - 1]?.lower ?? ''));

const mentionAt = ({ measures, tokens }: Sentence, at: number): MeasureMention['keys'] | undefined =>
  measures.find((one) => one.at === at)?.keys ?? (/^names?$/.test(tokens[at]!.lower) ? NAME : undefined);

const NAME: ReadonlySet<string> = new Set(['name']);

const STATUS: ReadonlySet<string> = new Set(['status']);

/** "has failed under these 166": what is said is said. */
const isTail = ({ tokens }: Sentence, at: number): boolean =>
  /^(?:under|among|across|throughout|out)$/.test(tokens[at]!.lower) &&
  /^(?:the|these|those|them|all|of)$/.test(tokens[at + 1]?.lower ?? '');

type Test = Predicate['values'][number];

function valueAt(sentence: Sentence, at: number, evidence: Evidence): Test | undefined {
  const { numeral, text, lower } = sentence.tokens[at]!;
  if (numeral !== undefined && sentence.shapes[at] === 'N')
    return numeral.unit === 'plain' ? isNumber(numeral) : undefined;
  const status = statusWord(sentence, at);
  if (status !== undefined) return isText(foldName(status));
  const folded = foldName(text.replace(/[`"“”]/g, ''));
  const keys = sentence.measures.find((one) => one.at === at)?.keys ?? [];
  const isMeasure = [...keys].some((key) => evidence.facts.byMeasure.has(key));
  return isMeasure || HAVING.has(lower) || !textsOf(evidence).has(folded) ? undefined : isText(folded);
}

const isNumber =
  ({ value, tolerance }: NonNullable<TextToken['numeral']>): Test =>
  (member) => {
    const own = member.value === undefined || member.value === '' ? Number.NaN : Number(member.value);
    return Math.abs(own - value) <= tolerance + Math.abs(value) * 1e-9;
  };

const isText =
  (text: string): Test =>
  ({ texts }) =>
    texts?.includes(text) === true;

const TEXTS = new WeakMap<Evidence, ReadonlySet<string>>();

/** Texts that some member has. */
function textsOf(evidence: Evidence): ReadonlySet<string> {
  const known = TEXTS.get(evidence);
  if (known !== undefined) return known;
  const texts = new Set<string>();
  for (const { members } of talliesOf(evidence))
    for (const { texts: own } of members) for (const text of own ?? []) texts.add(text);
  TEXTS.set(evidence, texts);
  return texts;
}

export function holds({ kind, values }: Predicate, member: Member): boolean {
  if (kind === 'given') return member.value !== undefined && !Number.isNaN(member.value);
  if (kind === 'lacking') return member.value === undefined;
  return values.some((one) => one(member)) === (kind === 'value');
}
