/** What a ranking says: who is first, who ties, who comes next, and out of how many. */

import type { Ranking } from '../../analysis/rank.ts';
import type { Direction } from '../../finding/finding.ts';
import { countOf, formatAlike, formatCount, formatDuration, formatNumber, formatRun } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { End } from '../../query/query.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';
import { runAt, type Selection } from '../population/population.ts';
import { type Candidate, configurationKeys, type ValueVariant } from './candidates.ts';

const NAMED_AT_MOST = 10;

/** Everything that the wording needs. */
export interface Ranked {
  /** 2 where the second is asked for, not the first. */
  readonly place?: number | undefined;
  /** Runs asked for; undefined: the first one. */
  readonly top: number | undefined;
  readonly order: End;
  readonly variant: ValueVariant;
  readonly reading: MeasuredRuns;
  readonly measure: MeasureColumn;
  readonly selection: Selection;
  /** Which end comes first. */
  readonly first: 'higher' | 'lower';
  readonly direction: Direction | undefined;
  readonly ranking: Ranking<Candidate>;
}

/** `longest`, `earliest`, `highest …`: the end of the scale that is ranked first. */
function endName({ measure, first }: Ranked): string {
  if (measure.key === 'attributes.duration') return first === 'higher' ? 'longest' : 'shortest';
  if (measure.columnKind === 'time') return first === 'higher' ? 'latest' : 'earliest';
  return first === 'higher' ? 'highest' : 'lowest';
}

/** `38 finished runs`, with what is unusual about them. */
function populationText({ selection, ranking, variant }: Ranked): string {
  const { count } = ranking;
  if (variant === 'mean_over_seeds') return countOf(count, 'configuration');
  const status = { FINISHED: 'finished ', RUNNING: 'still RUNNING ', any: '' }[selection.statuses];
  return countOf(count, `${status}run`);
}

/** `the best …`, `the longest …`: what the first run has. */
function prizeText(ranked: Ranked): string {
  const { order, measure } = ranked;
  const end = order === 'best' || order === 'worst' ? order : endName(ranked);
  return `the ${end} ${measure.label} ${ranked.reading.where}`;
}

/** `(lowest of 45 finished runs)`. */
function amongText(ranked: Ranked): string {
  const { order } = ranked;
  return `(${order === 'best' || order === 'worst' ? `${endName(ranked)} ` : ''}of ${populationText(ranked)})`;
}

/** The first run, or those that tie, or the list that was asked for; then the next one. */
export function rankingSummary(ranked: Ranked, timeZone: string): string {
  const { measure, ranking, selection, variant } = ranked;
  const asked = ranked.top ?? 1;
  const standIn = selection.statuses === 'RUNNING' ? `No finished run has ${measure.label}. ` : '';
  if (ranked.place !== undefined) return `${standIn}${placeText(ranked, ranked.place, timeZone)}`;
  if (ranking.ties.length > 1) return `${standIn}${tieText(ranked, timeZone)}${runnerUpText(ranked, timeZone)}`;
  if (asked > 1 && ranking.ordered.length > 1) return `${standIn}${listText(ranked, timeZone, asked)}`;
  const winner = ranking.ordered[0] as Candidate;
  const pair = [winner, ranking.runnerUp ?? winner].map((one) => one.value ?? Number.NaN);
  const [value] = formatAlike(pair, measure.columnKind, timeZone);
  const subject =
    variant === 'mean_over_seeds' ? configurationText(ranked, winner) : nameWithStatus(ranked, winner.row);
  const step = winner.step === undefined ? '' : ` at step ${formatNumber(winner.step)}`;
  const won = `${subject} has ${prizeText(ranked)}: ${value}${step} ${amongText(ranked)}.`;
  return `${standIn}${won}${runnerUpText(ranked, timeZone)}`;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** Runs with a value share its place, and the next places are free: after two firsts comes a third. */
export function atPlace({ ordered }: Ranking<Candidate>, place: number): Candidate[] {
  const value = ordered[place - 1]?.value;
  return ordered.findIndex((one) => one.value === value) === place - 1
    ? ordered.filter((one) => one.value === value)
    : [];
}

function placeText(ranked: Ranked, place: number, timeZone: string): string {
  const { ranking, measure } = ranked;
  const placed = atPlace(ranking, place);
  const name = ORDINALS[place - 1] ?? `number ${place}`;
  const scale = `by ${measure.label} ${ranked.reading.where}, ${endName(ranked)} first`;
  const values = formatAlike(
    ranking.ordered.slice(0, place + 1).map((one) => one.value ?? Number.NaN),
    measure.columnKind,
    timeZone,
  );
  const ahead = ranking.ordered.slice(0, place - 1).map(({ row }, i) => `${nameWithStatus(ranked, row)} ${values[i]}`);
  if (placed.length === 0) {
    const last = ranking.ordered[place - 1]?.value;
    const tied = ranking.ordered.filter((one) => one.value === last).map(({ row }) => nameWithStatus(ranked, row));
    return `No run is ${name} ${scale}, of ${populationText(ranked)}, since these tie before it with ${values[place - 1]}: ${tied.slice(0, NAMED_AT_MOST).join(', ')}.`;
  }
  const runs = placed.map(({ row }) => nameWithStatus(ranked, row)).join(', ');
  const verb = placed.length > 1 ? 'tie as' : 'is';
  return `${runs} ${verb} ${name} ${scale}: ${values[place - 1]} (of ${populationText(ranked)}). Before it: ${ahead.join(', ')}.`;
}

function tieText(ranked: Ranked, timeZone: string): string {
  const { ties, ordered } = ranked.ranking;
  const [value] = formatAlike([ordered[0]?.value ?? Number.NaN], ranked.measure.columnKind, timeZone);
  const names = ties.slice(0, NAMED_AT_MOST).map(({ row }) => nameWithStatus(ranked, row));
  const more = ties.length > names.length ? ` and ${formatCount(ties.length - names.length)} more` : '';
  const noun = ranked.variant === 'mean_over_seeds' ? 'configurations' : 'runs';
  return `${formatCount(ties.length)} ${noun} tie for ${prizeText(ranked)}, ${value} ${amongText(ranked)}: ${names.join(', ')}${more}.`;
}

/** `The 3 runs with the highest …: a 1.2, b 1.1, c 1.0.` */
function listText(ranked: Ranked, timeZone: string, asked: number): string {
  const { ranking, measure, reading } = ranked;
  const shown = ranking.ordered.slice(0, asked);
  const values = formatAlike(
    shown.map((one) => one.value ?? Number.NaN),
    measure.columnKind,
    timeZone,
  );
  const names = shown.slice(0, NAMED_AT_MOST).map(({ row }, i) => `${nameWithStatus(ranked, row)} ${values[i]}`);
  const more = shown.length > names.length ? ', …' : '';
  const end =
    ranked.order === 'best' || ranked.order === 'worst' ? `${ranked.order} (${endName(ranked)})` : endName(ranked);
  const noun = ranked.variant === 'mean_over_seeds' ? 'configuration' : 'run';
  return `The ${countOf(shown.length, noun)} with the ${end} ${measure.label} ${reading.where}, of ${populationText(ranked)}: ${names.join(', ')}${more}.`;
}

/** A run that did not finish never stands without its status. */
function nameWithStatus({ reading, selection }: Ranked, row: number): string {
  const status = reading.columns.statuses[row];
  const say = selection.statuses !== 'FINISHED' && status !== 'FINISHED';
  return `${formatRun(runAt(reading, row))}${say ? ` [${status}]` : ''}`;
}

function configurationText(ranked: Ranked, candidate: Candidate): string {
  const { reading, selection } = ranked;
  const keys = configurationKeys(reading, selection.rows);
  const settings = keys
    .flatMap((key) => {
      const value = reading.columns.params.get(key)?.[candidate.row];
      return value === undefined ? [] : [quoteName(`${key}=${value}`)];
    })
    .slice(0, 4);
  const rows = candidate.rows ?? [candidate.row];
  const runs = rows.slice(0, 3).map((row) => formatRun(runAt(reading, row)));
  const more = rows.length > runs.length ? ', …' : '';
  return `The configuration ${settings.join(', ')} (${countOf(rows.length, 'run')}: ${runs.join(', ')}${more})`;
}

function runnerUpText(ranked: Ranked, timeZone: string): string {
  const { ranking, measure } = ranked;
  const { runnerUp, margin } = ranking;
  if (runnerUp === undefined || margin === undefined || measure.columnKind === 'time') return '';
  const pair = formatAlike(
    [ranking.ordered[0]?.value ?? Number.NaN, runnerUp.value ?? Number.NaN],
    measure.columnKind,
    timeZone,
  );
  const gap = measure.columnKind === 'duration' ? formatDuration(margin) : formatNumber(margin, 3);
  return ` Next: ${nameWithStatus(ranked, runnerUp.row)} ${pair[1]}, ${gap} away.`;
}
