/** rank_runs: the best, worst, highest or lowest runs by a metric, a duration or a time. */
import * as z from 'zod';
import { expectedLuck, type Ranking, rank } from '../analysis/rank.ts';
import {
  bestSteps,
  type Candidate,
  configurationKeys,
  lastValues,
  meansOverSeeds,
  type ValueVariant,
} from './kit/candidates.ts';
import type { ToolContext } from './kit/context.ts';
import { findDirection, primaryMetric, requireDirection } from './kit/direction.ts';
import { ToolError } from './kit/errors.ts';
import { namesStatus, readFilter } from './kit/filters.ts';
import type { Caveat, Cell, Column, Direction, FindingBody, Table } from './kit/finding.ts';
import {
  countOf,
  formatCount,
  formatDistinct,
  formatDuration,
  formatDurations,
  formatNumber,
  formatRun,
  formatTime,
} from './kit/format.ts';
import { askForMetric, describeCounts, keysOfKind } from './kit/keys.ts';
import { runLink } from './kit/links.ts';
import { type Measure, type Reading, readMeasures } from './kit/measures.ts';
import { runAt, type Selection, selectRuns } from './kit/population.ts';
import { quoteName } from './kit/quote.ts';
import { pandasColumn, pythonSearch, pythonString } from './kit/reproduce.ts';
import { coverageScope, experimentIds, experimentName, resolveScope, scopeName, soleExperiment } from './kit/scope.ts';
import { defineTool } from './kit/tool.ts';

const DEFAULT_TOP = 5;
const NAMED_AT_MOST = 10;

const input = z.strictObject({
  metric: z
    .string()
    .optional()
    .describe('key, or attributes.duration | attributes.start_time; default: the primary or only metric'),
  order: z.enum(['best', 'worst', 'highest', 'lowest']).optional(),
  direction: z.enum(['higher', 'lower']).optional().describe('what is better, only if the user said so'),
  top: z.int().min(1).max(100).optional(),
  experiment: z.string().optional(),
  filter: z.string().optional(),
  value: z.enum(['last', 'best_step', 'mean_over_seeds']).optional(),
});
type Input = z.output<typeof input>;
type Order = NonNullable<Input['order']>;

/** Everything that the wording needs. */
interface Ranked {
  readonly input: Input;
  readonly order: Order;
  readonly variant: ValueVariant;
  readonly reading: Reading;
  readonly measure: Measure;
  readonly selection: Selection;
  /** Which end comes first. */
  readonly first: 'higher' | 'lower';
  readonly direction: Direction | undefined;
  readonly ranking: Ranking<Candidate>;
}

export const rankRuns = defineTool({
  name: 'rank_runs',
  title: 'Rank runs',
  description:
    'Best, worst, highest or lowest runs by a metric (last value, best step, or mean over seeds), duration (longest = highest) ' +
    'or start time (newest = highest), with ties and margin. By a metric: finished leaf runs only.',
  input,
  readOnly: true,
  async run(input, context) {
    const asked = input.metric ?? (await defaultMetric(input, context));
    const variant = input.value ?? 'last';
    const reading = await readMeasures(context, {
      experiment: input.experiment,
      measures: [asked],
      filter: input.filter,
      projection: variant === 'mean_over_seeds' ? { params: 'all' } : {},
      experiments: 'one',
    });
    const measure = reading.measures[0] as Measure;
    const selection = selectRuns(reading, measure, {
      anyStatus: namesStatus(readFilter(input.filter)),
      nonFinite: variant === 'best_step',
    });
    if (selection.rows.length === 0) throw nothingToRank(reading, measure, selection);
    return finding(await rankSelection(input, context, reading, measure, selection), context);
  },
});

/** The experiment's primary metric, else its only one. */
async function defaultMetric(input: Input, context: ToolContext): Promise<string> {
  const scope = await resolveScope(context, input.experiment);
  const experiment = soleExperiment(scope);
  const primary = experiment && primaryMetric(experiment);
  if (primary !== undefined) return `metrics.${primary}`;
  const stats = await context.store.keyStats({ experimentIds: scope.ids }, context.signal);
  const metrics = keysOfKind(stats, 'metric').filter(({ key }) => !key.startsWith('system/'));
  const [only] = metrics;
  if (metrics.length === 1 && only !== undefined) return `metrics.${only.key}`;
  if (metrics.length > 1) throw askForMetric(metrics, scope);
  const counts = await context.store.countRuns({ experimentIds: scope.ids }, context.signal);
  throw new ToolError('no_data', `No run in ${scopeName(scope)} has a metric to rank by: ${describeCounts(counts)}.`);
}

function nothingToRank(reading: Reading, measure: Measure, selection: Selection): ToolError {
  const reasons = [...selection.excluded].map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
  const message = `No finished run in ${scopeName(reading.scope)} has a finite ${measure.label}: of ${countOf(reading.rows.length, 'run')}, ${reasons || 'none has one'}.`;
  return new ToolError('no_data', message, {
    hint: "A filter such as attributes.status = 'FAILED' ranks unfinished runs.",
  });
}

async function rankSelection(
  input: Input,
  context: ToolContext,
  reading: Reading,
  measure: Measure,
  selection: Selection,
): Promise<Ranked> {
  const order = input.order ?? 'best';
  const variant = measure.field.kind === 'metric' ? (input.value ?? 'last') : 'last';
  const known = reading.scope.experiments === 'all' ? reading.scope.known : reading.scope.experiments;
  const isMetric = measure.field.kind === 'metric' || measure.key === 'attributes.duration';
  const direction = isMetric ? findDirection(measure.key, input.direction, known) : undefined;
  const first = firstEnd(order, measure, direction);
  const candidates =
    variant === 'best_step'
      ? await bestSteps(context, reading, measure, selection.rows, first)
      : variant === 'mean_over_seeds'
        ? meansOverSeeds(reading, measure, selection.rows)
        : lastValues(reading, measure, selection.rows);
  return { input, order, variant, reading, measure, selection, first, direction, ranking: rank(candidates, first) };
}

function firstEnd(order: Order, measure: Measure, direction: Direction | undefined): 'higher' | 'lower' {
  if (order === 'highest') return 'higher';
  if (order === 'lowest') return 'lower';
  const better = requireDirection(direction, measure.key).value;
  return order === 'best' ? better : better === 'higher' ? 'lower' : 'higher';
}

/** `longest`, `earliest`, `highest …`: the end of the scale that is ranked first. */
function endName({ measure, first }: Ranked): string {
  if (measure.key === 'attributes.duration') return first === 'higher' ? 'longest' : 'shortest';
  if (measure.columnKind === 'time') return first === 'higher' ? 'latest' : 'earliest';
  return first === 'higher' ? 'highest' : 'lowest';
}

function formatMeasured(values: readonly number[], measure: Measure, timeZone: string): string[] {
  if (measure.columnKind === 'duration') return formatDurations(values);
  return measure.columnKind === 'time' ? values.map((value) => formatTime(value, timeZone)) : formatDistinct(values);
}

/** `38 finished runs`, with what is unusual about them. */
function populationText({ selection, ranking, variant }: Ranked): string {
  const count = ranking.ordered.length;
  if (variant === 'mean_over_seeds') return countOf(count, 'configuration');
  const status = { FINISHED: 'finished ', RUNNING: 'still RUNNING ', any: '' }[selection.statuses];
  return countOf(count, `${status}run`);
}

/** `the best …`, `the longest …`: what the first run has. */
function prizeText(ranked: Ranked): string {
  const { order, measure } = ranked;
  const end = order === 'best' || order === 'worst' ? order : endName(ranked);
  return `the ${end} ${measure.label} in ${scopeName(ranked.reading.scope)}`;
}

/** `(lowest of 45 finished runs)`. */
function amongText(ranked: Ranked): string {
  const { order } = ranked;
  return `(${order === 'best' || order === 'worst' ? `${endName(ranked)} ` : ''}of ${populationText(ranked)})`;
}

function summarize(ranked: Ranked, context: ToolContext): string {
  const { measure, ranking, selection, variant } = ranked;
  const asked = ranked.input.top ?? 1;
  const standIn = selection.statuses === 'RUNNING' ? `No finished run has ${measure.label}. ` : '';
  if (ranking.ties.length > 1) return `${standIn}${tieText(ranked, context)}${runnerUpText(ranked, context)}`;
  if (asked > 1) return `${standIn}${listText(ranked, context, asked)}`;
  const winner = ranking.ordered[0] as Candidate;
  const pair = [winner, ranking.runnerUp ?? winner].map((one) => one.value ?? Number.NaN);
  const [value] = formatMeasured(pair, measure, context.timeZone);
  const subject =
    variant === 'mean_over_seeds' ? configurationText(ranked, winner) : nameWithStatus(ranked, winner.row);
  const step = winner.step === undefined ? '' : ` at step ${formatNumber(winner.step)}`;
  const won = `${subject} has ${prizeText(ranked)}: ${value}${step} ${amongText(ranked)}.`;
  return `${standIn}${won}${runnerUpText(ranked, context)}`;
}

function tieText(ranked: Ranked, context: ToolContext): string {
  const { ties, ordered } = ranked.ranking;
  const [value] = formatMeasured([ordered[0]?.value ?? Number.NaN], ranked.measure, context.timeZone);
  const names = ties.slice(0, NAMED_AT_MOST).map(({ row }) => nameWithStatus(ranked, row));
  const more = ties.length > names.length ? ` and ${formatCount(ties.length - names.length)} more` : '';
  const noun = ranked.variant === 'mean_over_seeds' ? 'configurations' : 'runs';
  return `${formatCount(ties.length)} ${noun} tie for ${prizeText(ranked)}, ${value} ${amongText(ranked)}: ${names.join(', ')}${more}.`;
}

/** `The 3 runs with the highest …: a 1.2, b 1.1, c 1.0.` */
function listText(ranked: Ranked, context: ToolContext, asked: number): string {
  const { ranking, measure, reading } = ranked;
  const shown = ranking.ordered.slice(0, asked);
  const values = formatMeasured(
    shown.map((one) => one.value ?? Number.NaN),
    measure,
    context.timeZone,
  );
  const names = shown.slice(0, NAMED_AT_MOST).map(({ row }, i) => `${nameWithStatus(ranked, row)} ${values[i]}`);
  const more = shown.length > names.length ? ', …' : '';
  const end =
    ranked.order === 'best' || ranked.order === 'worst' ? `${ranked.order} (${endName(ranked)})` : endName(ranked);
  const noun = ranked.variant === 'mean_over_seeds' ? 'configuration' : 'run';
  return `The ${countOf(shown.length, noun)} with the ${end} ${measure.label} in ${scopeName(reading.scope)}, of ${populationText(ranked)}: ${names.join(', ')}${more}.`;
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
  const runs = candidate.rows.slice(0, 3).map((row) => formatRun(runAt(reading, row)));
  const more = candidate.rows.length > runs.length ? ', …' : '';
  return `The configuration ${settings.join(', ')} (${countOf(candidate.rows.length, 'run')}: ${runs.join(', ')}${more})`;
}

function runnerUpText(ranked: Ranked, context: ToolContext): string {
  const { ranking, measure } = ranked;
  const { runnerUp, margin } = ranking;
  if (runnerUp === undefined || margin === undefined || measure.columnKind === 'time') return '';
  const pair = formatMeasured(
    [ranking.ordered[0]?.value ?? Number.NaN, runnerUp.value ?? Number.NaN],
    measure,
    context.timeZone,
  );
  const gap = measure.columnKind === 'duration' ? formatDuration(margin) : formatNumber(margin, 3);
  return ` Next: ${nameWithStatus(ranked, runnerUp.row)} ${pair[1]}, ${gap} away.`;
}

/** Warns of the run that would have been named if it had finished. */
function caveatsOf(ranked: Ranked): Caveat[] {
  const { reading, selection, measure, ranking, first, order } = ranked;
  const caveats = [...reading.caveats, ...selection.caveats];
  const best = ranking.ordered[0]?.value ?? Number.NaN;
  const rivals = rank(lastValues(reading, measure, selection.unfinished), first).ordered;
  const [rival] = rivals;
  if (rival?.value !== undefined && (first === 'higher' ? rival.value > best : rival.value < best)) {
    const status = reading.columns.statuses[rival.row];
    const text = `left out: ${formatRun(runAt(reading, rival.row))} is ${status} with ${measure.label} ${formatDistinct([rival.value, best])[0]}`;
    caveats.push({ code: 'UNFINISHED_RIVAL', text });
  }
  const luck = order === 'best' && measure.field.kind === 'metric' ? expectedLuck(ranking.ordered.length) : undefined;
  if (luck !== undefined && ranking.ties.length === 1) {
    const text = `the best of ${countOf(ranking.ordered.length, 'equal run')} would sit ${luck.toFixed(1)} sd above average by luck alone`;
    caveats.push({ code: 'LUCK', text });
  }
  return caveats;
}

function rankTable(ranked: Ranked): Table {
  const { reading, measure, ranking, variant, input } = ranked;
  const { statuses, startTimes, experimentIds: experiments } = reading.columns;
  const shown = ranking.ordered.slice(
    0,
    Math.max(input.top ?? DEFAULT_TOP, Math.min(ranking.ties.length, NAMED_AT_MOST)),
  );
  const label = measure.columnKind === 'metric' ? measure.key : measure.label;
  const columns: [Column, (one: Candidate) => Cell][] = [
    [{ key: 'run', label: 'run', kind: 'run' }, ({ row }) => runAt(reading, row)],
    [
      {
        key: measure.field.kind === 'metric' ? `metrics.${measure.key}` : measure.key,
        label,
        kind: measure.columnKind,
      },
      ({ value }) => value,
    ],
  ];
  if (variant === 'best_step') columns.push([{ key: 'step', label: 'step', kind: 'count' }, ({ step }) => step]);
  if (variant === 'mean_over_seeds') {
    columns.push([{ key: 'sd', label: 'sd', kind: 'number' }, ({ sd }) => sd]);
    columns.push([{ key: 'runs', label: 'runs', kind: 'count' }, ({ rows }) => rows.length]);
  } else {
    if (reading.scope.ids?.length !== 1)
      columns.push([
        { key: 'experiment', label: 'experiment', kind: 'experiment' },
        ({ row }) => experimentName(reading.scope, experiments[row] ?? ''),
      ]);
    columns.push([{ key: 'status', label: 'status', kind: 'status' }, ({ row }) => statuses[row]]);
    if (measure.key !== 'attributes.start_time')
      columns.push([{ key: 'attributes.start_time', label: 'started', kind: 'time' }, ({ row }) => startTimes[row]]);
  }
  return {
    columns: columns.map(([column]) => column),
    rows: shown.map((one) => columns.map(([, cell]) => cell(one))),
    total: ranking.ordered.length,
  };
}

const VARIANTS: Record<ValueVariant, string> = {
  last: 'last value',
  best_step: 'best step',
  mean_over_seeds: 'mean over runs that differ by seed only',
};

function finding(ranked: Ranked, context: ToolContext): FindingBody {
  const { input, reading, measure, selection, ranking, variant, direction, order } = ranked;
  const winner = ranking.ordered[0] as Candidate;
  const run = runAt(reading, winner.row);
  const isMetric = measure.field.kind === 'metric';
  const sort = `runs.sort_values(${pythonString(pandasColumn(measure.field))}, ascending=${ranked.first === 'lower' ? 'True' : 'False'})`;
  return {
    kind: 'table',
    title: `Runs by ${measure.field.key}`,
    summary: summarize(ranked, context),
    data: {
      tables: [rankTable(ranked)],
      facts: {
        run,
        value: winner.value,
        ties: ranking.ties.length,
        runnerUp: ranking.runnerUp?.value,
        margin: ranking.margin,
        runs: ranking.ordered.length,
      },
    },
    coverage: {
      scope: coverageScope(reading.scope),
      filter: input.filter,
      matched: reading.rows.length,
      considered: selection.rows.length,
      excluded: selection.excluded,
      complete: true,
    },
    method: isMetric ? `${measure.label} ${VARIANTS[variant]}` : `${measure.label}, any status`,
    direction: order === 'best' || order === 'worst' ? direction : undefined,
    caveats: caveatsOf(ranked),
    links: runLink(context, reading.columns.experimentIds[winner.row] ?? '', run),
    reproduce: `${pythonSearch(reading.scope, { filter: input.filter })}\n${sort}`,
    followUps: [],
    subject: {
      experimentIds: soleExperiment(reading.scope) === undefined ? [] : experimentIds(reading.scope),
      runIds: ranking.ordered.slice(0, NAMED_AT_MOST).map(({ id }) => id),
      ...(isMetric && { metric: measure.key }),
    },
  };
}
