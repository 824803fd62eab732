/** Of whom a quantifier says something: all of a population, by a noun, a number or only "them". */
import { COUNTED } from '../terms/counting.ts';
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import { ANY_ROW, POPULATION_WORDS } from '../terms/sweeping.ts';
import { segmentOf } from './clauses.ts';
import type { Sentence } from './sentence.ts';
import type { Sweep } from './sweep.ts';

export interface SweptSubject {
  /** Where what is said begins. */
  readonly to: number;
  readonly unit: string | undefined;
  readonly count: number | undefined;
  /** "no two runs". */
  readonly isPair: boolean;
  /** Whether a noun or a number says who is meant, and not only "them". */
  readonly isNamed: boolean;
  readonly isShown: boolean;
  /** "all finished runs". */
  readonly status: StatusName | undefined;
}

type Quantified = Pick<Sweep, 'sentence' | 'at' | 'end' | 'count'>;

/** Undefined where only a part may be meant: "all that reach 0.9". */
export function subjectOf({ sentence, at, end, count }: Quantified): SweptSubject | undefined {
  const { tokens, shapes } = sentence;
  let unit: string | undefined;
  let number = count;
  let isPair = false;
  let status: StatusName | undefined;
  let to = at + 1;
  for (; to < end; to++) {
    const { lower, numeral } = tokens[to]!;
    const noun = COUNTED.get(lower) ?? sentence.kinds.get(lower);
    if (shapes[to] === '' || lower === 'one' || lower === '1') continue;
    if (numeral !== undefined && shapes[to] === 'N') {
      if (!Number.isInteger(numeral.value) || (unit !== undefined && number !== undefined)) break;
      if (tokens[at]!.lower === 'no' && numeral.value === 2) isPair = true;
      else number = numeral.value;
    } else if (noun !== undefined && !(unit === undefined && lower === 'ties')) {
      unit ??= ANY_ROW.has(lower) ? ANYTHING : noun;
    } else if (unit === undefined && STATUS_WORDS.has(lower) && COUNTED.has(tokens[to + 1]?.lower ?? ''))
      status = STATUS_WORDS.get(lower);
    else if (!POPULATION_WORDS.has(lower) && !isOfWhich(sentence, to) && !isExperimentAt(sentence, to)) break;
  }
  const isBare = to === at + 1;
  if (to >= end || RESTRICTING.test(shapes[to]!) || (!isBare && RESTRICTED_BY.test(shapes[to]!))) return undefined;
  // "the tied runs all share it"
  if (isBare && !isWholeBefore(sentence, at)) return undefined;
  return {
    to,
    unit: unit === ANYTHING ? undefined : unit,
    count: isPair ? undefined : number,
    isPair,
    isNamed: unit !== undefined || number !== undefined || isPair,
    isShown: tokens.slice(at, to).some(({ lower }) => /^(?:listed|shown|displayed|here)$/.test(lower)),
    status,
  };
}

const ANYTHING = 'any';
/** "none of which failed" */
const isOfWhich = ({ shapes }: Sentence, at: number): boolean => shapes[at] === 'which' && shapes[at - 1] === 'of';

/** Whether what stands before names no part: "they", "the six runs". */
function isWholeBefore(sentence: Sentence, at: number): boolean {
  const [from] = segmentOf(sentence, at);
  return sentence.tokens
    .slice(from, at)
    .every(
      ({ lower, type }, index) =>
        type === 'number' ||
        type === 'mark' ||
        POPULATION_WORDS.has(lower) ||
        COUNTED.has(lower) ||
        /^(?:and|there|they|we|you|but|so|are|were|is|was|have|had|finished)$/.test(lower) ||
        isExperimentAt(sentence, from + index),
    );
}

const RESTRICTED_BY = /^(?:with|without|having|using|at)$/;
const RESTRICTING = /^(?:that|which|who|whose|where)$/;

export const isExperimentAt = ({ things }: Sentence, at: number): boolean =>
  things.some((thing) => thing.at === at && thing.isExperiment);
