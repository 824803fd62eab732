/** What a comparison of runs says: who is better, what differs, what is the same. */
import { rank } from '../../analysis/rank.ts';
import type { Direction } from '../../finding/finding.ts';
import {
  countOf,
  formatCount,
  formatDistinct,
  formatDurations,
  formatNumber,
  formatRun,
} from '../../finding/format.ts';
import { quoteCell, quoteName } from '../../finding/quote.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import { DURATION, measureOf, metricLabel, type Section, type SectionName, verdictOf } from './comparison.ts';

export type FindBetter = (key: string) => Direction | undefined;

const SAID_AT_MOST = 5;
const COMMIT = /^[0-9a-f]{40}$/;
const WINNERS_SAID = 3;

/** A run with what a reader would not expect: that it is deleted, or did not finish. */
export function runText(run: Run): string {
  const parts = [run.lifecycle === 'deleted' ? 'deleted' : '', run.status === 'FINISHED' ? '' : run.status].filter(
    Boolean,
  );
  return `${formatRun(run)}${parts.length === 0 ? '' : ` [${parts.join(', ')}]`}`;
}

const measureName = (metric: string): string => (metric === DURATION ? metricLabel(metric) : quoteName(metric));
/** Values of one measure, side by side. */
const formatMeasure = (metric: string) => (metric === DURATION ? formatDurations : formatDistinct);

/** `X is better: rmse 5.36 against 5.46 of Y`, or who ties, or what is missing. */
export function winnerSentence(runs: readonly Run[], metric: string, direction: Direction | undefined): string {
  const name = measureName(metric);
  const rows = runs.map((run) => ({ id: run.id, run, value: measureOf(run, metric) }));
  const ranking = rank(rows, direction?.value ?? 'higher');
  const format = formatMeasure(metric);
  const texts = new Map(format(rows.map(({ value }) => value ?? Number.NaN)).map((text, i) => [rows[i]?.id, text]));
  const valued = (all: readonly (typeof rows)[number][]) =>
    listRuns(all.map(({ id, run }) => `${runText(run)} ${texts.get(id)}`));
  const lacking = ranking.missing.map(({ run }) => runText(run));
  const missing =
    lacking.length === 0 ? '' : ` ${listRuns(lacking)} ${lacking.length === 1 ? 'has' : 'have'} no ${name}.`;
  const others = [...ranking.ordered.slice(ranking.ties.length), ...ranking.nonFinite];
  if (direction === undefined || ranking.ordered.length < 2)
    return `${name}: ${valued([...ranking.ordered, ...ranking.nonFinite]) || 'no value'}.${missing}`;
  const [first] = ranking.ordered;
  const value = texts.get(first?.id);
  const isAsked = direction.source === 'asked';
  const better = isAsked ? '' : ` (${direction.value} is better)`;
  if (ranking.ties.length > 1) {
    const ahead = others.length === 0 ? '' : `, ahead of ${valued(others)}`;
    return `${listRuns(ranking.ties.map(({ run }) => runText(run)))} tie on ${name} at ${value}${better}${ahead}.${missing}`;
  }
  const winner = runText((first as (typeof rows)[number]).run);
  const isPair = runs.length === 2;
  if (isAsked)
    return `${winner} has the ${endName(direction.value, isPair)} ${name}: ${value} against ${valued(others)}.${missing}`;
  return `${winner} ${isPair ? 'is better' : 'is the best'}: ${name} ${value} against ${valued(others)}${better}.${missing}`;
}

const endName = (end: Direction['value'], isPair: boolean): string =>
  isPair ? end : end === 'higher' ? 'highest' : 'lowest';

function listRuns(texts: readonly string[]): string {
  const shown = texts.slice(0, SAID_AT_MOST);
  return `${shown.join(', ')}${texts.length > shown.length ? `, +${formatCount(texts.length - shown.length)} more` : ''}`;
}

/** `Best f1_score: X 0.71; best loss: Y 0.06.` Of metrics whose direction is known. */
export function winnersSentence(runs: readonly Run[], metrics: Section | undefined, directionOf: FindBetter): string {
  const said = (metrics?.differing ?? []).flatMap(({ key }) => {
    const direction = directionOf(key);
    const rows = runs.map((run) => ({ id: run.id, run, value: measureOf(run, key) }));
    const { ties } = rank(rows, direction?.value ?? 'higher');
    const [first] = ties;
    if (direction === undefined || first?.value === undefined) return [];
    return [
      `${measureName(key)} ${ties.map(({ run }) => runText(run)).join(' and ')} ${formatMeasure(key)([first.value])[0]}`,
    ];
  });
  return said.length === 0 ? '' : `Best: ${said.slice(0, WINNERS_SAID).join('; ')}.`;
}

const NOUNS: Record<SectionName, string> = {
  code: 'code fact',
  data: 'dataset',
  params: 'parameter',
  tags: 'tag',
  metrics: 'metric',
};

/** What differs, section by section, then in one sentence what is identical or was never logged. */
export function differenceSentences(sections: readonly Section[], isPair: boolean, directionOf: FindBetter): string {
  const differing = sections.filter((section) => section.differing.length > 0);
  const same = sections
    .filter((section) => section.differing.length === 0 && section.identical.length > 0)
    .map(({ name, identical }) => `all ${countOf(identical.length, NOUNS[name])}`.replace(/^all 1 /, 'the one '));
  const empty = sections
    .filter(
      ({ name, differing: some, identical }) =>
        (name === 'params' || name === 'metrics') && some.length + identical.length === 0,
    )
    .map(({ name }) => `No ${NOUNS[name]}s were logged.`);
  return [
    ...differing.map((section) => differenceSentence(section, isPair, directionOf)),
    ...(same.length === 0 ? [] : [`Identical: ${same.join(', ')}.`]),
    ...empty,
  ].join(' ');
}

/** `2 of 18 parameters differ: lr 0.1 → 0.01, …`. */
function differenceSentence({ differing, identical, name }: Section, isPair: boolean, directionOf: FindBetter): string {
  const shown = differing.slice(0, SAID_AT_MOST).map(({ key, values }) => {
    if (!isPair) return measureName(key);
    const [from, to] = values;
    const change = typeof from === 'number' && typeof to === 'number' ? to - from : undefined;
    const [a, b] =
      change === undefined ? [valueText(from), valueText(to)] : formatMeasure(key)([from as number, to as number]);
    const verdict = change && verdictOf(key, change, (one) => directionOf(one)?.value);
    return `${measureName(key)} ${a} → ${b}${verdict ? ` (${verdict})` : ''}`;
  });
  const more = differing.length > shown.length ? `, +${formatCount(differing.length - shown.length)} more` : '';
  const total = differing.length + identical.length;
  const count =
    identical.length === 0
      ? `${total === 1 ? 'The' : 'All'} ${countOf(total, NOUNS[name])}`
      : `${formatCount(differing.length)} of ${countOf(total, NOUNS[name])}`;
  return `${count} ${differing.length === 1 ? 'differs' : 'differ'}: ${shown.join(', ')}${more}.`;
}

function valueText(value: string | number | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string' && COMMIT.test(value)) return value.slice(0, 8);
  return typeof value === 'number' ? formatNumber(value) : quoteCell(value);
}
