/** "All exceed 0.7": against every value of a measure. */
import type { Finding } from '../../finding/finding.ts';
import { BOUND_SIDES } from '../terms/counting.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { shapesAfter, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { FactColumn } from './facts.ts';
import { statisticsIn } from './mentions.ts';
import { membersOf } from './populations.ts';
import type { Sentence } from './sentence.ts';
import { anyOf, inScope, type Sweep, settle } from './sweep.ts';
import { subjectOf } from './sweep-subject.ts';

interface Bound {
  readonly side: 'up' | 'down' | 'better';
  readonly value: number;
  readonly at: number;
  readonly isPercent: boolean;
  readonly isDuration: boolean;
  readonly isCount: boolean;
}

const BOUND_FILLER = /^(?:|than|an?|the|M|mean|median|value|values|of|at|least|best|run|score|V)$/;

function boundIn({ sentence, at, end }: Sweep): Bound | undefined {
  const { tokens, shapes } = sentence;
  for (let index = at + 1; index < end; index++) {
    const pair = `${tokens[index]!.lower} ${tokens[index + 1]?.lower ?? ''}`;
    const side = BOUND_SIDES.get(pair) ?? BOUND_SIDES.get(tokens[index]!.lower);
    const isNegated = /^(?:not|n't|never)$/.test(shapes[index - 1] ?? '');
    if (side === undefined || isNegated) continue;
    for (let next = index + 1; next < Math.min(tokens.length, index + 8); next++) {
      const token = tokens[next]!;
      const span = /^(?:an|one)$/.test(token.lower) && tokens[next + 1]?.lower === 'hour' ? 3.6e6 : token.duration?.ms;
      if (span !== undefined)
        return { side, value: span, at: next, isPercent: false, isDuration: true, isCount: false };
      if (token.numeral !== undefined && shapes[next] === 'N')
        return {
          side,
          value: token.numeral.value,
          at: next,
          isPercent: token.numeral.unit === 'percent',
          isDuration: false,
          isCount: /^runs?(?: |$)/.test(shapesAfter(sentence, next, 1)),
        };
      if (!BOUND_FILLER.test(shapes[next]!)) break;
    }
  }
  return countBound(sentence, at, end);
}

/** `has runs`, `in 30 or more runs`. */
function countBound(sentence: Sentence, at: number, end: number): Bound | undefined {
  for (let index = at + 1; index < end; index++) {
    const after = shapesAfter(sentence, index, 4);
    const common = { at: index, isPercent: false, isDuration: false, isCount: true };
    const { numeral, lower } = sentence.tokens[index]!;
    if (numeral !== undefined && /^or (?:more|fewer|less) runs/.test(after))
      return { ...common, side: /^or more/.test(after) ? 'up' : 'down', value: numeral.value };
    if (/^(?:has|have|contains?|holds?)$/.test(lower) && /^(?:some |any )?runs?(?: |$)/.test(after))
      return { ...common, side: 'up', value: 1 };
  }
  return undefined;
}

export function boundOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, words } = sweep;
  const bound = boundIn(sweep);
  if (bound === undefined || kind === 'only' || isOfSubject(sweep, bound)) return undefined;
  if (words.has('failed') || (words.has('finished') && subjectOf(sweep)?.status !== 'FINISHED')) return undefined;
  const settledByFilter = filterBound(sweep, bound, evidence);
  if (settledByFilter !== undefined) return settledByFilter;
  const experiments = sentence.things.filter(({ isExperiment }) => isExperiment).flatMap(({ owners }) => [...owners]);
  const near = sentence.measures.filter((one) => one.at > at && one.at < Math.max(end, bound.at + 4));
  const keys = new Set((near.length > 0 ? near : sentence.measures).flatMap((one) => [...one.keys]));
  const said = statisticsIn(sentence, at, Math.max(end, bound.at + 1)).map(({ statistic }) => statistic);
  const readings = evidence.facts.columns.filter((column) => {
    if (
      experiments.length > 0 &&
      !inScope(column.finding, experiments) &&
      !column.facts.some(({ owner }) => owner?.includes('experiment'))
    )
      return false;
    if (bound.isDuration) return /duration/.test(column.measure) || keys.has(column.measure);
    if (bound.isCount) return /^(?:runs|count)$/.test(column.measure);
    if (keys.size > 0) return keys.has(column.measure);
    return sentence.context.measures.size > 0
      ? sentence.context.measures.has(column.measure)
      : isMainMeasure(column, evidence);
  });
  return anyOf(
    readings
      .filter((column) => statisticFits(column, said, sweep, bound))
      .map((column) => heldAgainst(column, sweep, bound)),
  );
}

/** "everything above 0.95 is tied": only a part is meant. */
const isOfSubject = ({ sentence, at, end }: Sweep, bound: Bound): boolean =>
  !VERB.test(shapesBetween(sentence, at, bound.at)) &&
  /(?:^| )(?:is|are|was|were) /.test(shapesBetween(sentence, bound.at + 1, end));

const VERB =
  /(?:^| )(?:is|are|was|were|has|have|had|lies?|lay|stays?|stayed|gets?|got|comes?|came|takes?|took|reach\w*|exceed\w*)(?: |$)/;

/** Of a table of statistics every column is of the measure that it is about. */
const isMainMeasure = ({ finding, measure }: FactColumn, { facts }: Evidence): boolean =>
  facts.columns.some(
    (one) =>
      one.finding === finding &&
      one.measure === measure &&
      one.isMain &&
      /^(?:metric|number)$/.test(one.facts[0]?.kind ?? ''),
  );

/** Where a list has many statistics and none is named, the outermost one answers for all runs. */
function statisticFits(
  { facts, direction }: FactColumn,
  said: readonly SaidStatistic[],
  { kind, words }: Sweep,
  { side }: Bound,
): boolean {
  const own = facts[0]?.statistic;
  const named: readonly string[] = said.filter((one) => one !== 'first' && one !== 'last');
  if (own === undefined) return true;
  if (named.length === 0 && !words.has('run') && !words.has('runs') && (own === 'mean' || own === 'median'))
    return true;
  if (named.length === 0)
    return own === ((sideOf(side, { direction }) === 'up') === (kind === 'none') ? 'max' : 'min') || own === 'last';
  return named.includes(own) || (named.includes('best') && own === (direction === 'lower' ? 'min' : 'max'));
}

/** Where less is better, whoever beats a value lies below it. */
const sideOf = (side: Bound['side'], { direction }: Pick<FactColumn, 'direction'>): 'up' | 'down' =>
  side === 'better' ? (direction === 'lower' ? 'down' : 'up') : side;

function heldAgainst(
  column: FactColumn,
  { kind, count, words }: Sweep,
  { side, value, isPercent }: Bound,
): boolean | undefined {
  const members = membersOf(column, (fact) => typeof fact.value === 'number').map((fact) => fact.value as number);
  const isTop = ['top', 'best', 'leading', 'first'].some((word) => words.has(word));
  if (members.length === 0 || (members.length < 2 && column.facts[0]?.statistic === undefined)) return undefined;
  const isPart = count !== undefined && count !== members.length && count !== members.length + column.cut;
  if (isPart && !(isTop && count < members.length)) return undefined;
  const some = isPart ? members.slice(0, count) : members;
  const way = sideOf(side, column);
  const bound = isPercent && some.every((one) => Math.abs(one) <= 1) ? value / 100 : value;
  const slack = Math.abs(bound) * 1e-4;
  // What lies on the bound supports either reading.
  const beyond = some.filter((one) => (way === 'up' ? one > bound + slack : one < bound - slack)).length;
  const within = some.filter((one) => (way === 'up' ? one >= bound - slack : one <= bound + slack)).length;
  return settle(kind, kind === 'none' ? beyond : within, some.length);
}

/** "No run exceeds 0.75" against a filter of just that bound which runs passed. */
function filterBound({ kind }: Sweep, { side, value }: Bound, { findings }: Evidence): boolean | undefined {
  if (kind !== 'none') return undefined;
  const passed = findings.some(
    ({ coverage, direction }) =>
      coverage.matched > 0 &&
      [...(coverage.filter ?? '').matchAll(/metrics\.\S+ ([<>])=? ([-\d.e]+)/g)].some(
        ([, sign, number]) =>
          (sign === signOf(side, direction) && Number(number) >= value === (signOf(side, direction) === '>')) ||
          (Number(number) === value && sign === signOf(side, direction)),
      ),
  );
  return passed ? false : undefined;
}

const signOf = (side: Bound['side'], direction: Finding['direction']): '>' | '<' =>
  sideOf(side, { direction: direction?.value }) === 'up' ? '>' : '<';
