/** Numbers that a sentence derives from values: counts, differences, multiples, shares and bounds. */
import { COUNTED, PARTS_OF_COVERAGE } from '../terms/counting.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import type { Assignment } from './assignment.ts';
import { clauseOf, shapesAfter, shapesBefore } from './clauses.ts';
import type { Count } from './counts.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import { foldName } from './fold.ts';
import { statusesIn } from './mentions.ts';
import type { Sentence } from './sentence.ts';
import type { Written } from './values.ts';

/** What the words around a count say that it is a count of. */
export interface Qualifiers {
  readonly statuses: readonly { readonly status: string; readonly negated: boolean }[];
  readonly part: 'matched' | 'used' | 'excluded' | undefined;
  readonly values: readonly string[];
  readonly owners: ReadonlySet<string>;
}

/** Qualifiers stand between a count and the next number of its clause, or just before it. */
export function qualifiersOf(sentence: Sentence, at: number): Qualifiers {
  const [clauseFrom, clauseTo] = clauseOf(sentence, at);
  let to = at + 1;
  // `5 (3.0%) were FAILED`: the bracket only says it again.
  if (sentence.shapes[to] === '(') {
    const end = sentence.shapes.indexOf(')', to);
    if (end > 0 && end - to <= 4) to = end + 1;
  }
  while (to < clauseTo && !/^[ND,:(]$/.test(sentence.shapes[to]!)) to += 1;
  // `5 of the 166 runs failed`: what follows the whole speaks of the part.
  if (
    /^of(?: (?:the|all|those|these|its))*$/.test(
      sentence.shapes
        .slice(at + 1, to)
        .filter(Boolean)
        .join(' '),
    ) &&
    sentence.shapes[to] === 'N'
  ) {
    to += 1;
    while (to < clauseTo && !/^[ND,(]$/.test(sentence.shapes[to]!)) to += 1;
  }
  const isWhole = /(?:^| )(?:of|out of|among|across|from)(?: (?:the|all|those|these|its|a total of))*$/.test(
    shapesBefore(sentence, at, 4),
  );
  let from = at;
  if (!isWhole)
    while (
      from > clauseFrom &&
      at - from < 3 &&
      !/^(?:[ND,(;:]|and|but|under|of|among|in|from|with|where|which|by|than)$/.test(sentence.shapes[from - 1]!)
    )
      from -= 1;
  const end = isWhole ? Math.min(to, nounEnd(sentence, at, to)) : to;
  const statuses = statusesIn(sentence, from, end);
  let part: Qualifiers['part'];
  const values: string[] = [];
  const owners = new Set<string>();
  const whole = wholeBehind(sentence, at, end);
  for (let index = from; index < end; index++) {
    if (whole !== undefined && index > whole.from && index < whole.to) continue;
    const { lower, meaning, type } = sentence.tokens[index]!;
    const two = `${lower} ${sentence.tokens[index + 1]?.lower ?? ''}`;
    const found = PARTS_OF_COVERAGE.get(lower) ?? PARTS_OF_COVERAGE.get(two);
    const isOther =
      found === 'used' && /^(?:by|for|in|a|an|the|gradient|T|V|M)(?: |$)/.test(shapesAfter(sentence, index, 1));
    if (type === 'word' && found !== undefined && !isOther) {
      const isLeft = found === 'used' && /(?:^| )(?:not|n't|never)(?: be)?$/.test(shapesBefore(sentence, index, 2));
      // `two of the 210 matching runs were left out`: what is said of the part, behind the whole.
      if (part === undefined || (part === 'matched' && found === 'excluded')) part = isLeft ? 'excluded' : found;
    }
    if (/^(?:no|without)$/.test(lower) && sentence.shapes[index + 1] === 'M') part = 'excluded';
    if (STATUS_WORDS.has(lower.replaceAll('`', ''))) continue;
    if (meaning?.isValue || [...(meaning?.owners ?? [])].some((owner) => owner.startsWith('group:')))
      values.push(foldName(lower.replaceAll('`', '')));
    for (const owner of meaning?.owners ?? []) owners.add(owner);
  }
  // `1 each was KILLED or RUNNING`.
  const shared =
    sentence.shapes.slice(at, end).includes('each') && statuses.length > 1 ? statuses.slice(0, 1) : statuses;
  return { statuses: shared, part, values, owners };
}

/** `of the 210 matching runs`: what stands there tells the whole, not the part. */
function wholeBehind(sentence: Sentence, at: number, end: number) {
  const from = sentence.shapes.indexOf('N', at + 1);
  const link = sentence.shapes
    .slice(at + 1, from)
    .filter(Boolean)
    .join(' ');
  if (from < 0 || from >= end || !/^of(?: (?:the|all|those|these|its))*$/.test(link)) return undefined;
  return { from, to: nounEnd(sentence, from, end) };
}

function nounEnd(sentence: Sentence, at: number, to: number): number {
  for (let index = at + 1; index < to; index++) if (COUNTED.has(sentence.tokens[index]!.lower)) return index + 1;
  return at + 1;
}

export function isCountOf(
  written: Written,
  unit: string | undefined,
  said: Qualifiers,
  evidence: Evidence,
): Count | undefined {
  const unitFits = evidence.counts.some((count) => count.unit === unit)
    ? (own: string | undefined) => own === unit
    : looselyFits;
  const slack = written.slack <= 0.6 ? 1e-9 : written.slack;
  const fitting = evidence.counts.filter(
    (count) => Math.abs(count.value - written.value) <= slack && unitFits(count.unit, unit),
  );
  return fitting.find((count) => qualifiersFit(count, said, evidence));
}

const LOOSE_UNITS = new Set(['value', 'group', 'configuration', 'table', 'algorithm', 'week', 'day', 'curve']);

const looselyFits = (own: string | undefined, said: string | undefined): boolean =>
  own === undefined ||
  said === undefined ||
  own === said ||
  LOOSE_UNITS.has(said) ||
  (said === 'run' && own === 'curve') ||
  (own === 'group' && said !== 'run');

function qualifiersFit(count: Count, said: Qualifiers, evidence: Evidence): boolean {
  for (const { status, negated } of said.statuses) {
    const tag = negated ? `not ${status}` : status;
    if (
      !count.tags.has(tag) &&
      !isOnly(tag, count, evidence) &&
      !(status === 'FINISHED' && !negated && (count.tags.has('used') || isRowOfUsed(count)))
    )
      return false;
  }
  if (said.part === 'excluded' && !LEFT_OUT.some((tag) => count.tags.has(tag))) return false;
  if (
    said.part === 'used' &&
    !count.tags.has('used') &&
    !count.tags.has('shown') &&
    said.statuses.length === 0 &&
    count.owner === undefined
  )
    return false;
  if (said.part === 'matched' && count.tags.has('excluded')) return false;
  if (count.tags.has('excluded') && said.part !== 'excluded' && said.statuses.length === 0 && count.tags.size <= 1)
    return said.values.length === 0;
  const counted = evidence.counts.filter(
    ({ owner }) => owner !== undefined && said.owners.has(owner) && count.unit !== undefined,
  );
  if (counted.length > 0 && count.owner !== undefined) return said.owners.has(count.owner);
  const tallied = said.values.filter((value) => evidence.counts.some(({ tags }) => tags.has(value)));
  return tallied.every(
    (value) =>
      count.tags.has(value) || (count.owner === undefined && count.tags.has('matched') && isScopeName(value, evidence)),
  );
}

/** Not considered, without a value, beyond the rows shown. */
const LEFT_OUT = ['excluded', 'without', 'rest'];

/** Rows without a status of their own are of runs that were used. */
const isRowOfUsed = ({ tags, finding }: Count): boolean =>
  tags.has('shown') && finding.data.tables.every(({ columns }) => columns.every(({ kind }) => kind !== 'status'));

/** Whether a finding is about runs of one status only. */
function isOnly(status: string, { finding }: Count, { facts }: Evidence): boolean {
  const own = facts.columns
    .filter((column) => column.finding === finding && column.measure === 'status')
    .flatMap((column) => column.facts);
  return own.length > 0 && own.every(({ value }) => value === status);
}

const isScopeName = (value: string, { findings }: Evidence): boolean =>
  findings.some(
    ({ coverage }) => coverage.scope !== 'all' && coverage.scope.some(({ name }) => foldName(name) === value),
  );

/** Pairs of values that may be set against each other: of the things that are named, one measure at a time. */
export function* pairsOf(
  said: readonly string[],
  measures: readonly ReadonlySet<string>[],
  evidence: Evidence,
  onlyMain = false,
): Generator<readonly [CellFact, CellFact]> {
  const own = said
    .slice(0, 8)
    .map((owner) =>
      (evidence.facts.byOwner.get(owner) ?? []).filter(
        ({ value, measure, statistic, column }) =>
          typeof value === 'number' &&
          statistic !== 'sd' &&
          (!onlyMain || column.isMain) &&
          (measures.length === 0 || measures.some((keys) => keys.has(measure) || keys.has(measure.split(' ')[0]!))),
      ),
    );
  for (let i = 0; i < own.length; i++) {
    for (let j = 0; j < own.length; j++) {
      for (const a of own[i]!.slice(0, 40)) {
        for (const b of own[j]!.slice(0, 40)) {
          if (a === b) continue;
          if (
            i === j
              ? (a.measure === b.measure && a.statistic !== b.statistic) ||
                (a.measure !== b.measure && a.kind === b.kind && measures.length > 1)
              : a.measure === b.measure && a.statistic === b.statistic
          )
            yield [a, b];
        }
      }
    }
  }
}

export function isDifferenceOf(written: Written, pairs: Iterable<readonly [CellFact, CellFact]>): boolean {
  for (const [{ value: a }, { value: b }] of pairs) {
    if (typeof a !== 'number' || typeof b !== 'number') continue;
    const gap = Math.abs(a - b);
    const size = Math.abs(written.value);
    // Whoever subtracts rounded values is off by a unit of the last digit.
    const slack = Math.min(written.slack * 2.2, written.slack + size * 0.02);
    if (Math.abs(gap - size) <= slack) return true;
    if (!written.isPercent) continue;
    const parts = [gap / Math.abs(a), gap / Math.abs(b), gap];
    if (parts.some((part) => Math.abs(part * 100 - size) <= slack)) return true;
  }
  return false;
}

/** `less than 0.004`: a difference that keeps the bound, and is not far from it. */
export function isGapWithin(
  value: number,
  pairs: Iterable<readonly [CellFact, CellFact]>,
  bound: 'more' | 'less',
): boolean {
  for (const [{ value: a }, { value: b }] of pairs) {
    const gap = Math.abs(Number(a) - Number(b));
    if (bound === 'less' ? gap <= value && gap >= value * 0.5 : gap >= value && gap <= value * 2) return true;
  }
  return false;
}

export function isRatioOf(
  value: number,
  slack: number,
  pairs: Iterable<readonly [CellFact, CellFact]>,
  bound: 'more' | 'less' | undefined,
): boolean {
  for (const [{ value: a }, { value: b }] of pairs) {
    if (typeof a !== 'number' || typeof b !== 'number' || b === 0) continue;
    const ratio = a / b;
    if (
      bound === 'more'
        ? ratio >= value && ratio <= value * 1.8
        : bound === 'less'
          ? ratio <= value && ratio >= value / 1.8
          : Math.abs(ratio - value) <= slack
    )
      return true;
  }
  return false;
}

/** Whether some count is that part of another one. */
export function isShareOf(share: number, slack: number, parts: readonly Count[], wholes: readonly Count[]): boolean {
  return parts.some((part) =>
    wholes.some(
      (whole) =>
        whole.value > 0 &&
        part.value <= whole.value &&
        Math.abs(part.value / whole.value - share) <= slack &&
        looselyFits(part.unit, whole.unit),
    ),
  );
}

export const partsFor = (unit: string | undefined, said: Qualifiers, evidence: Evidence): Count[] =>
  evidence.counts.filter((count) => looselyFits(count.unit, unit) && qualifiersFit(count, said, evidence));

export type { Assignment };
