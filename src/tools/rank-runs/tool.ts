/** rank_runs: the best, worst, highest or lowest runs by a metric, a duration or a time. */

import * as z from 'zod';
import { expectedLuck, rank } from '../../analysis/rank.ts';
import type { Caveat, Direction, FindingBody } from '../../finding/finding.ts';
import { countOf, formatDistinct, formatRun } from '../../finding/format.ts';
import type { Cell, Column, Table } from '../../finding/table.ts';
import type { End } from '../../query/query.ts';
import type { ToolContext } from '../define/context.ts';
import { compareQuestion, followUps, impactQuestion, runQuestion } from '../define/follow-ups.ts';
import { experiment, filter } from '../define/inputs.ts';
import { runLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { barsOf } from '../population/drawings.ts';
import { type MeasureColumn, type MeasuredRuns, readMeasures } from '../population/measures.ts';
import { nothingSelected, runAt, type Selection, selectRuns } from '../population/population.ts';
import { defaultMetric } from '../resolve/default-metric.ts';
import { findDirection, requireDirection } from '../resolve/direction.ts';
import { fieldName } from '../resolve/keys.ts';
import { coverageScope, experimentRef, experimentRefs, soleExperiment } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { bestSteps, type Candidate, lastValues, meansOverSeeds, type ValueVariant } from './candidates.ts';
import { pythonRanking } from './python.ts';
import { atPlace, type Ranked, rankingSummary } from './words.ts';

const DEFAULT_TOP = 5;
/** Runs that a follow-up question can refer to. */
const REFERRED_AT_MOST = 100;
const NAMED_AT_MOST = 10;

const input = z.strictObject({
  metric: z
    .string()
    .optional()
    .describe(
      "metric key, attributes.duration or attributes.start_time; default: the experiment's primary or only metric",
    ),
  order: z
    .enum(['best', 'worst', 'highest', 'lowest'])
    .optional()
    .describe('default best; longest or newest is highest'),
  direction: z.enum(['higher', 'lower']).optional().describe('which is better: only if the user said so'),
  top: z.int().min(1).max(100).optional().describe('how many runs to list'),
  place: z.int().min(2).max(10).optional().describe('2 for the second best; default the first'),
  experiment,
  filter,
  value: z
    .enum(['last', 'best_step', 'mean_over_seeds'])
    .optional()
    .describe('what is compared: last value (default), best step of the history, mean of runs differing by seed only'),
});
type Input = z.output<typeof input>;

export const rankRuns = defineTool({
  name: 'rank_runs',
  title: 'Rank runs',
  description:
    'The best, worst, highest or lowest runs by a metric, duration or start time, with ties, the margin to the next and the direction used. ' +
    'By a metric only finished leaf runs count, unless the filter asks for a status; by duration or time all runs.',
  input,
  kind: 'run',
  verbs: ['rank'],
  readOnly: true,
  answers,
  async run(input, context) {
    const asked = input.metric ?? (await defaultMetric(context, input.experiment, input.filter));
    const variant = input.value ?? 'last';
    const reading = await readMeasures(context, {
      experiment: input.experiment,
      measures: [asked],
      filter: input.filter,
      projection: variant === 'mean_over_seeds' ? { params: 'all' } : {},
      experiments: 'one',
    });
    const measure = reading.measures[0] as MeasureColumn;
    const selection = selectRuns(reading, measure, {
      nonFinite: variant === 'best_step',
    });
    if (selection.rows.length === 0) throw nothingSelected(reading, measure.label, selection);
    const ranked = await rankSelection(input, context, reading, measure, selection);
    if (ranked.ranking.count === 0) throw nothingSelected(reading, measure.label, selection);
    return finding(input, ranked, context);
  },
});

async function rankSelection(
  input: Input,
  context: ToolContext,
  reading: MeasuredRuns,
  measure: MeasureColumn,
  selection: Selection,
): Promise<Ranked> {
  const order = input.order ?? 'best';
  const variant = measure.field.kind === 'metric' ? (input.value ?? 'last') : 'last';
  const known = reading.scope.experiments === 'all' ? reading.scope.known : reading.scope.experiments;
  const isMetric = measure.field.kind === 'metric' || measure.key === 'attributes.duration';
  const direction = isMetric ? findDirection(measure.key, input.direction, known) : undefined;
  const first = firstEnd(order, measure, direction);
  const bestEnd = bestEndOf({ order, direction, first });
  const candidates =
    variant === 'best_step'
      ? await bestSteps(context, reading, measure, selection.rows, bestEnd)
      : variant === 'mean_over_seeds'
        ? meansOverSeeds(reading, measure, selection.rows)
        : lastValues(reading, measure, selection.rows);
  return {
    top: input.top,
    place: input.place,
    order,
    variant,
    reading,
    measure,
    selection,
    first,
    direction,
    ranking: rank(candidates, first, REFERRED_AT_MOST),
  };
}

/** What a run's own best step is, whichever end of the ranking comes first. */
function bestEndOf({ order, direction, first }: Pick<Ranked, 'order' | 'direction' | 'first'>): 'higher' | 'lower' {
  return order === 'best' || order === 'worst' ? (direction?.value ?? first) : first;
}

function firstEnd(order: End, measure: MeasureColumn, direction: Direction | undefined): 'higher' | 'lower' {
  if (order === 'highest') return 'higher';
  if (order === 'lowest') return 'lower';
  const better = requireDirection(direction, measure.key).value;
  return order === 'best' ? better : better === 'higher' ? 'lower' : 'higher';
}

/** Warns of the run that would have been named if it had finished. */
function caveatsOf(ranked: Ranked): Caveat[] {
  const { reading, selection, measure, ranking, first, order } = ranked;
  const caveats = [...reading.caveats, ...selection.caveats];
  const best = ranking.ordered[0]?.value ?? Number.NaN;
  const rivals = rank(lastValues(reading, measure, selection.unfinished), first, 1).ordered;
  const [rival] = rivals;
  if (rival?.value !== undefined && (first === 'higher' ? rival.value > best : rival.value < best)) {
    const status = reading.columns.statuses[rival.row];
    const text = `left out: ${formatRun(runAt(reading, rival.row))} is ${status} with ${measure.label} ${formatDistinct([rival.value, best])[0]}`;
    caveats.push({ code: 'UNFINISHED_RIVAL', text });
  }
  const luck = order === 'best' && measure.field.kind === 'metric' ? expectedLuck(ranking.count) : undefined;
  if (luck !== undefined && ranking.ties.length === 1) {
    const text = `the best of ${countOf(ranking.count, 'equal run')} would sit ${luck.toFixed(1)} sd above average by luck alone`;
    caveats.push({ code: 'LUCK', text });
  }
  return caveats;
}

/** Ties for the first place are never cut short of what the sentence names. */
function listedOf({ ranking, top }: Ranked): readonly Candidate[] {
  return ranking.ordered.slice(0, Math.max(top ?? DEFAULT_TOP, Math.min(ranking.ties.length, NAMED_AT_MOST)));
}

/** The runs that are the answer: those at the place asked for, or the `top` asked for and what ties with the last. */
function namedOf(ranked: Ranked): readonly Candidate[] {
  const { ranking, place, top = 1 } = ranked;
  if (place !== undefined) return atPlace(ranking, place);
  const last = ranking.ordered[top - 1]?.value;
  const tied = ranking.ordered.findLastIndex(({ value }) => value === last) + 1;
  return ranking.ordered.slice(0, Math.max(top, Math.min(tied, REFERRED_AT_MOST)));
}

function rankTable(ranked: Ranked): Table {
  const { reading, measure, ranking, variant } = ranked;
  const { statuses, experimentIds: experiments } = reading.columns;
  const shown = listedOf(ranked);
  const label = measure.columnKind === 'metric' ? measure.key : measure.label;
  const columns: [Column, (one: Candidate) => Cell][] = [
    [{ key: 'run', label: 'run', kind: 'run' }, ({ row }) => runAt(reading, row)],
    [
      {
        key: measure.field.kind === 'metric' ? fieldName(measure.field) : measure.key,
        label,
        kind: measure.columnKind,
      },
      ({ value }) => value,
    ],
  ];
  if (variant === 'best_step') columns.push([{ key: 'step', label: 'step', kind: 'count' }, ({ step }) => step]);
  if (variant === 'mean_over_seeds') {
    columns.push([{ key: 'sd', label: 'sd', kind: 'number' }, ({ sd }) => sd]);
    columns.push([{ key: 'runs', label: 'runs', kind: 'count' }, ({ rows }) => rows?.length]);
  } else {
    if (reading.scope.ids?.length !== 1)
      columns.push([
        { key: 'experiment', label: 'experiment', kind: 'experiment' },
        ({ row }) => experimentRef(reading.scope, experiments[row] ?? ''),
      ]);
    if (shown.some(({ row }) => statuses[row] !== 'FINISHED'))
      columns.push([{ key: 'status', label: 'status', kind: 'status' }, ({ row }) => statuses[row]]);
  }
  return {
    columns: columns.map(([column]) => column),
    rows: shown.map((one) => columns.map(([, cell]) => cell(one))),
    total: ranking.count,
  };
}

const VARIANTS: Record<ValueVariant, string> = {
  last: 'last value',
  best_step: 'best step',
  mean_over_seeds: 'mean over runs that differ by seed only',
};

function finding(input: Input, ranked: Ranked, context: ToolContext): FindingBody {
  const { reading, measure, selection, ranking, variant, direction, order } = ranked;
  const placed = ranked.place === undefined ? [] : atPlace(ranking, ranked.place);
  const winner = placed[0] ?? (ranking.ordered[0] as Candidate);
  const run = runAt(reading, winner.row);
  // The best against the next, any other against the best.
  const rival = ranked.place === undefined ? ranking.runnerUp : ranking.ordered[0];
  const experiment = soleExperiment(reading.scope);
  const isMetric = measure.field.kind === 'metric';
  const refsTo = (candidates: readonly Candidate[]) => candidates.map(({ row }) => runAt(reading, row));
  const table = rankTable(ranked);
  return {
    kind: 'table',
    title: `Runs by ${measure.field.key}`,
    summary: rankingSummary(ranked, context.timeZone),
    data: {
      tables: [table],
      drawing: barsOf(table),
      facts: {
        run,
        value: winner.value,
        ties: ranked.place === undefined ? ranking.ties.length : placed.length,
        runnerUp: ranking.runnerUp?.value,
        margin: ranking.margin,
        runs: ranking.count,
      },
    },
    coverage: {
      unit: 'run',
      scope: coverageScope(reading.scope),
      filter: input.filter,
      matched: reading.rows.length,
      considered: variant === 'best_step' ? ranking.count : selection.rows.length,
      excluded: selection.excluded,
      complete: true,
    },
    method: isMetric ? `${measure.label} ${VARIANTS[variant]}` : `${measure.label}, any status`,
    direction: order === 'best' || order === 'worst' ? direction : undefined,
    caveats: caveatsOf(ranked),
    links: runLink(context, reading.columns.experimentIds[winner.row] ?? '', run),
    reproduce: pythonRanking({
      ...{ reading, selection, measure, variant },
      first: ranked.first,
      bestEnd: bestEndOf(ranked),
      shown: table.rows.length,
    }),
    followUps: followUps(
      isMetric ? impactQuestion(measure.key, experiment?.name) : undefined,
      rival && compareQuestion(run, runAt(reading, rival.row)),
      runQuestion(run),
    ),
    subject: {
      refs: [
        ...refsTo(ranking.ordered.slice(0, Math.max(listedOf(ranked).length, namedOf(ranked).length, NAMED_AT_MOST))),
        ...(experiment === undefined ? [] : experimentRefs(reading.scope)),
      ],
      named: refsTo(namedOf(ranked)),
      measure: isMetric ? measure.key : undefined,
    },
  };
}
