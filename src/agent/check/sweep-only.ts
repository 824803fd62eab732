/** "X is the only run that gets to 5.3354", "only X used adam", "only one run reached it": whoever else does refutes it. */
import { COUNTED } from '../terms/counting.ts';
import { shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { Sentence, Thing } from './sentence.ts';
import { anyOf, isSweepEnd } from './sweep.ts';
import { talliesFor } from './sweep-members.ts';
import { holds, predicateOf } from './sweep-predicate.ts';
import { subjectOf } from './sweep-subject.ts';
import type { Owner } from './table-shape.ts';
import { sizeOf, type Tally } from './tallies.ts';

/** Who is said to be alone, as far as it is said, and with what. */
interface Alone {
  readonly who: Thing | undefined;
  readonly from: number;
  readonly to: number;
}

export function onlyOne(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  if (!/^(?:only|sole|just|exactly)$/.test(sentence.tokens[at]!.lower)) return undefined;
  const said = aloneIn(sentence, at);
  const predicate = said && predicateOf(sentence, said.from, said.to, evidence, true);
  if (predicate === undefined || predicate.kind === 'alike' || predicate.kind === 'unlike') return undefined;
  return anyOf(
    talliesFor(predicate, sentence, at, evidence)
      .filter(({ unit }) => unit !== 'group')
      .map((one) => standsAlone(one, (member) => holds(predicate, member), said!.who)),
  );
}

function standsAlone(
  { members, isWhole }: Tally,
  isHolding: (member: Tally['members'][number]) => boolean,
  who: Thing | undefined,
): boolean | undefined {
  const holding = members.filter(isHolding);
  if (holding.length === 0) return undefined;
  if (who === undefined || holding.some(({ owner }) => owner === undefined))
    return sizeOf(holding) > 1 ? false : isWhole || undefined;
  const isIt = (owner: Owner | undefined) => owner !== undefined && who.owners.has(owner);
  return holding.every(({ owner }) => isIt(owner))
    ? true
    : members.some(({ owner }) => isIt(owner))
      ? false
      : undefined;
}

function aloneIn(sentence: Sentence, at: number): Alone | undefined {
  const { shapes, tokens, things } = sentence;
  let to = at + 1;
  while (to < tokens.length && !isSweepEnd(shapes, to)) to += 1;
  const first = nextFrom(sentence, at + 1);
  const next = things.find((thing) => thing.at === first);
  if (next !== undefined) return next.isExperiment ? undefined : { who: next, from: first + 1, to };
  const isOne = tokens[first]?.lower === 'one';
  const noun = isOne && COUNTED.has(tokens[first + 1]?.lower ?? '') ? first + 1 : first;
  const unit = COUNTED.get(tokens[noun]?.lower ?? '') ?? sentence.kinds.get(tokens[noun]?.lower ?? '');
  if (!isOne && unit === undefined) return undefined;
  const subject = things.findLast((thing) => thing.at < at && !thing.isExperiment);
  if (/(?:^| )the$/.test(shapesBefore(sentence, at, 1))) {
    const from = afterRelative(sentence, noun + 1, to);
    const isSaidOf =
      subject !== undefined &&
      /^(?:\( T \) )?(?:is|was|being|remains) (?:still |also |thus )?the$/.test(pathTo(sentence, subject.at, at));
    return from === undefined || !isSaidOf ? undefined : { who: subject, from, to };
  }
  return isOne ? oneIn(sentence, first, to) : undefined;
}

/** "only one run reached it": of all there are. */
function oneIn(sentence: Sentence, at: number, to: number): Alone | undefined {
  const subject = subjectOf({ sentence, at, end: to, count: undefined });
  const isWhole = subject !== undefined && subject.status === undefined && subject.isNamed;
  return isWhole && !OF_PART.test(shapesBefore(sentence, at, 2)) ? { who: undefined, from: subject.to, to } : undefined;
}

const OF_PART = /(?:^| )(?:for|in|of|by|from|at|on) /;

const nextFrom = ({ shapes }: Sentence, from: number): number => {
  const at = shapes.findIndex((shape, index) => index >= from && shape !== '');
  return at < 0 ? from : at;
};

const pathTo = ({ shapes }: Sentence, from: number, to: number): string =>
  shapes
    .slice(from + 1, to)
    .filter((shape) => shape !== '')
    .join(' ');

/** Behind "of the six that", "in the list with", "to". */
function afterRelative({ shapes }: Sentence, from: number, to: number): number | undefined {
  for (let at = from; at < to; at++) {
    if (/^(?:that|which|to|with|whose)$/.test(shapes[at]!)) return at + 1;
    if (!/^(?:|of|the|these|those|them|in|N|runs?|list|shown|listed|T)$/.test(shapes[at]!)) return undefined;
  }
  return undefined;
}
