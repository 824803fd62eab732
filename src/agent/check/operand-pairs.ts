/** The pairs of numbers that another one may follow from: values of one measure, counts of one kind. */
import { SUPERLATIVES } from '../terms/comparison.ts';
import { qualifiersOf } from './amounts.ts';
import { extremesOf, type FactColumn } from './facts.ts';
import { comesAsGap } from './gap-claims.ts';
import { nounAfter, statisticsIn, statusesIn } from './mentions.ts';
import { isFactor, type NumberReading } from './number-reading.ts';
import type { Owner } from './table-shape.ts';

export type Pair = readonly [a: number, b: number];

const MOST_OPERANDS = 12;
/** So many values are all compared; of more the ends. */
const FEW = 4;

export function* pairsAmong(numbers: readonly number[]): Generator<Pair> {
  for (const [index, a] of numbers.entries())
    for (const [other, b] of numbers.entries()) if (index !== other) yield [a, b];
}

/** Numbers of a stretch but for places, factors and names; percentages are operands of percentages and of gaps. */
export function numbersIn(reading: NumberReading, from: number, to: number): number[] {
  const { sentence, at, written } = reading;
  const withPercents = written.isPercent || (comesAsGap(reading) && !isFactor(reading));
  return sentence.tokens.slice(from, to).flatMap(({ numeral, type }, index) => {
    if (numeral === undefined || type === 'name' || !/^[ND]$/.test(sentence.shapes[from + index]!)) return [];
    const isAside =
      from + index === at ||
      (numeral.spelled !== undefined && numeral.value === 1) ||
      (numeral.unit === 'percent' && !withPercents);
    return isAside ? [] : [numeral.value];
  });
}

const numbersSaid = (reading: NumberReading): number[] =>
  [...numbersIn(reading, 0, reading.sentence.tokens.length), ...(reading.sentence.context.numbers ?? [])].slice(
    0,
    MOST_OPERANDS,
  );

function ownersNamed({ sentence }: NumberReading): ReadonlySet<Owner> {
  const { things, context } = sentence;
  return new Set([
    ...things.flatMap(({ owners }) => [...owners]),
    ...(things.length < 2 ? [...context.topic.flatMap(({ owners }) => [...owners]), ...context.named] : []),
  ]);
}

/** The nearest first: where two that are named have values, no others are meant. */
export function* pairsOfValues(reading: NumberReading): Generator<Pair> {
  const said = numbersSaid(reading);
  yield* pairsAmong(said);
  const named = ownersNamed(reading);
  const columns = columnsMeant(reading);
  const ofNamed = columns.map((column) => valuesOf(column, named));
  for (const values of ofNamed) yield* pairsAmong(values);
  // A cell is a part of one where text says percent.
  for (const part of ofNamed.flat())
    for (const other of said) {
      yield [part, other];
      yield [part * 100, other];
    }
  if (ofNamed.some((values) => values.length > 1)) return;
  for (const column of columns) yield* pairsOfColumn(column, named);
  yield* pairsOfStatistics(reading, named);
}

/** Those of the measures that are spoken of; else what the one list is about. */
function columnsMeant({ sentence, said, evidence }: NumberReading): readonly FactColumn[] {
  const measures = sentence.measures.length > 0 ? sentence.measures.map((one) => one.keys) : said.measures;
  const keys = new Set(measures.flatMap((some) => [...some]));
  const own = evidence.facts.columns.filter(({ measure }) => keys.has(measure) || keys.has(measure.split(' ')[0]!));
  if (own.length > 0) return own;
  const main = evidence.facts.columns.filter(({ isMain, facts }) => isMain && facts.length > 1);
  return main.length === 1 ? main : [];
}

const isOperand = ({ value, kind }: FactColumn['facts'][number]): boolean =>
  typeof value === 'number' && Number.isFinite(value) && kind !== 'time';

const valuesOf = ({ facts }: FactColumn, named: ReadonlySet<Owner>): number[] =>
  facts
    .filter((fact) => fact.owner !== undefined && named.has(fact.owner) && isOperand(fact))
    .slice(0, MOST_OPERANDS)
    .map(({ value }) => value as number);

/** The ends of the list, or the one named against its neighbours and the ends. */
function* pairsOfColumn({ facts }: FactColumn, named: ReadonlySet<Owner>): Generator<Pair> {
  const numbers = facts.filter(isOperand);
  const values = numbers.map(({ value }) => value as number);
  const ends = [...extremesOf(values), values[0], values.at(-1)].filter((value) => value !== undefined);
  const at = numbers.findIndex(({ owner }) => owner !== undefined && named.has(owner));
  if (at < 0) {
    yield* pairsAmong(values.length <= FEW ? values : ends);
    return;
  }
  for (const other of [values[at - 1], values[at + 1], ...ends]) {
    if (other === undefined) continue;
    yield [values[at]!, other];
    yield [other, values[at]!];
  }
}

/** `the mean is three times the median`: statistics that are named, of one thing and one measure. */
function* pairsOfStatistics({ sentence, evidence }: NumberReading, named: ReadonlySet<Owner>): Generator<Pair> {
  const said = new Set<string>(statisticsIn(sentence, 0, sentence.tokens.length).map(({ statistic }) => statistic));
  for (const { lower } of sentence.tokens) {
    const side = SUPERLATIVES.get(lower);
    if (side !== undefined) for (const end of ENDS_OF[side]) said.add(end);
  }
  const facts = evidence.facts.all.filter((fact) => said.has(fact.statistic ?? '') && isOperand(fact));
  const owners = new Set(facts.flatMap(({ owner }) => owner ?? []));
  const isMeant = (owner: Owner | undefined) => owners.size <= 1 || (owner !== undefined && named.has(owner));
  const groups = Map.groupBy(facts, ({ owner, measure }) => `${owner} ${measure}`);
  for (const own of groups.values())
    if (isMeant(own[0]!.owner)) yield* pairsAmong(own.slice(0, MOST_OPERANDS).map(({ value }) => value as number));
}

/** `the fastest` is the least of durations; what is best depends on the measure. */
const ENDS_OF = { up: ['max'], down: ['min'], better: ['min', 'max'], worse: ['min', 'max'] } as const;

/** A part and what it is a part of, or two parts: those that are said, and those of what is named. */
export function* pairsOfCounts(reading: NumberReading): Generator<Pair> {
  const { sentence, at, evidence, numeral, written } = reading;
  const said = numbersSaid(reading).filter((number) => written.isPercent || Number.isInteger(number));
  const parts = [...new Set([...partsCounted(reading), ...said])].slice(0, MOST_OPERANDS);
  const isPart = written.isPercent || numeral.spelled === 'fraction';
  if (!isPart) {
    yield* pairsAmong(parts);
    return;
  }
  const unit = nounAfter(sentence, at)?.unit;
  const wholes = evidence.counts.filter(
    ({ owner, tags, unit: own }) =>
      owner === undefined && (tags.has('matched') || tags.has('used') || tags.has('shown')) && (unit ?? own) === own,
  );
  for (const part of parts)
    for (const whole of [...new Set([...said, ...wholes.map(({ value }) => value)])].slice(0, MOST_OPERANDS))
      if (part < whole) yield [part, whole];
}

/** Of what the words around the number name; of all groups where only their distance is told. */
function partsCounted(reading: NumberReading): number[] {
  const { sentence, at, evidence } = reading;
  const unit = nounAfter(sentence, at)?.unit;
  const fitting = evidence.counts.filter(
    ({ owner, unit: own }) => owner !== undefined && (unit === undefined || own === unit || own === 'run'),
  );
  const { owners } = qualifiersOf(sentence, at);
  const named = ownersNamed(reading);
  const keys = new Set(sentence.measures.flatMap((one) => [...one.keys]));
  const own = [
    ...fitting.filter(({ owner }) => owners.has(owner!) || named.has(owner!)),
    ...evidence.counts.filter(({ owner, tags }) => owner === undefined && [...tags].some((tag) => keys.has(tag))),
  ];
  const statuses = new Set<string>(statusesIn(sentence, 0, sentence.tokens.length).map(({ status }) => status));
  // One status alone is held against its own count.
  const byStatus = statuses.size < 2 ? [] : evidence.texts.filter(({ status }) => statuses.has(status ?? ''));
  const meant = own.length > 0 || !comesAsGap(reading) ? own : fitting;
  return [...meant, ...byStatus].map(({ value }) => value);
}
