/** compare_runs: what differs between two to twenty runs, and which is better by a metric. */

import * as z from 'zod';
import { seedNoise } from '../../analysis/compare.ts';
import { groupReplicates } from '../../analysis/params.ts';
import { rank } from '../../analysis/rank.ts';
import { wholeCoverage } from '../../finding/coverage.ts';
import type { BarsDrawing } from '../../finding/drawing.ts';
import type { Caveat, Direction, FindingBody } from '../../finding/finding.ts';
import { countOf, formatNumber, formatPercent, formatRun } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import { type Ref, refOf } from '../../finding/refs.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import { compare } from '../../query/filter.ts';
import { STATUS } from '../../query/kinds/run.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { experiment } from '../define/inputs.ts';
import { compareLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { findDirection } from '../resolve/direction.ts';
import { readFilter } from '../resolve/filters.ts';
import { listKeys, parseKey, pickMetric, type ResolvedKey } from '../resolve/keys.ts';
import type { NamedKey } from '../resolve/names.ts';
import { deletedCaveats, resolveRuns } from '../resolve/runs.ts';
import { coverageScope, narrowScope, resolveScope, type Scope, scopeName } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import {
  comparisonTables,
  DURATION,
  measureOf,
  metricLabel,
  type Section,
  type SectionName,
  sectionsOf,
} from './comparison.ts';
import { pythonComparison } from './python.ts';
import { differenceSentences, type FindBetter, runText, winnerSentence, winnersSentence } from './words.ts';

const SAID_AT_MOST = 5;
/** Above it, looking for repeats of a configuration would take longer than the comparison. */
const MOST_RUNS_FOR_NOISE = 5_000;

const input = z.strictObject({
  runs: z.array(z.string()).min(2).max(20).optional().describe('ids, names or numbers'),
  last: z.int().min(2).max(20).optional().describe('instead of runs: the newest N of one experiment'),
  experiment,
  metrics: z
    .array(z.string())
    .max(10)
    .optional()
    .describe('metric keys or attributes.duration to judge by; the first decides'),
  end: z
    .enum(['higher', 'lower'])
    .optional()
    .describe(
      'which end of the first metric is asked for where it is not the better one, e.g. higher for "which took longer"',
    ),
  only: z.enum(['code', 'data', 'params', 'tags', 'metrics']).optional().describe('compare nothing else'),
  filter: z.string().optional().describe('run filter, with last'),
});
type Input = z.output<typeof input>;

/** Runs to compare, the first being what the others are held against. */
interface Chosen {
  readonly runs: readonly Run[];
  readonly scope: Scope;
  readonly caveats: readonly Caveat[];
}

export const compareRuns = defineTool({
  name: 'compare_runs',
  title: 'Compare runs',
  description:
    'What differs between 2 to 20 runs of any status (code, data, params, tags, metrics), what is identical, and which is better. ' +
    'Of two runs, changes go from the first, or the older, to the second.',
  input,
  kind: 'run',
  verbs: ['compare'],
  readOnly: true,
  answers,
  async run(input, context) {
    const chosen =
      input.runs === undefined ? await newestRuns(input, context) : await namedRuns(input.runs, input, context);
    if (chosen.runs.length < 2)
      throw new ToolError(
        'too_few',
        `Only ${countOf(chosen.runs.length, 'run')} to compare in ${scopeName(chosen.scope)}.`,
      );
    const picked = input.metrics?.map((asked) => measuredKey(asked, chosen.runs));
    const metrics = picked?.map(({ key }) => key);
    const mends = picked?.flatMap(({ caveat }) => caveat ?? []) ?? [];
    const only: SectionName | undefined = input.only ?? (metrics === undefined ? undefined : 'metrics');
    const sections = sectionsOf(chosen.runs, metrics).filter(({ name }) => only === undefined || name === only);
    const noise = metrics?.[0] === undefined ? [] : await noiseCaveats(chosen, metrics[0], context);
    return finding(input, chosen, sections, metrics, [...mends, ...noise], context);
  },
});

async function namedRuns(asked: readonly string[], input: Input, context: ToolContext): Promise<Chosen> {
  const names = await resolveRuns(context, asked, input.experiment);
  const runs = await context.store.getRuns(
    names.map(({ id }) => id),
    context.signal,
  );
  const scope = await resolveScope(context, undefined, 'all');
  const ids = new Set(runs.map((run) => run.experimentId));
  return {
    runs,
    scope: narrowScope(
      scope,
      scope.known.filter(({ id }) => ids.has(id)),
    ),
    caveats: deletedCaveats(names),
  };
}

/** The newest runs of the experiment asked for, else of the one that has the newest run of all. Oldest first. */
async function newestRuns(input: Input, context: ToolContext): Promise<Chosen> {
  const scope = await resolveScope(context, input.experiment);
  const filter = readFilter(input.filter);
  const newestOf = async (experimentIds: readonly string[] | undefined) =>
    (await context.store.topRuns({ experimentIds, filter }, [], input.last ?? 2, {}, context.signal)).runs;
  const newest = await newestOf(scope.ids);
  const [latest] = newest;
  if (latest === undefined) throw new ToolError('no_data', `No run to compare in ${scopeName(scope)}.`);
  const areTogether = newest.every(({ experimentId }) => experimentId === latest.experimentId);
  const runs = areTogether ? newest : await newestOf([latest.experimentId]);
  const caveats: Caveat[] =
    scope.ids?.length === 1
      ? []
      : [{ code: 'SCOPE_CHOSEN', text: 'no experiment was named: the one with the newest run was taken' }];
  return {
    runs: await context.store.getRuns(runs.map(({ id }) => id).reverse(), context.signal),
    scope: narrowScope(
      scope,
      scope.known.filter(({ id }) => id === latest.experimentId),
    ),
    caveats,
  };
}

/** The metric of these runs that a key means, or their duration. */
function measuredKey(asked: string, runs: readonly Run[]): ResolvedKey {
  const { kind, key } = parseKey(asked);
  const all = runs.flatMap((run) => [...run.metrics.keys()]);
  const logged = [...Map.groupBy(all, (name) => name)].map(
    ([name, uses]): NamedKey => ({ key: name, runs: uses.length }),
  );
  const isLogged = kind !== 'attribute' && logged.some((one) => one.key === key);
  if (key === 'duration' && !isLogged) return { key: DURATION };
  const picked = pickMetric(key, logged);
  if (picked !== undefined) return picked;
  const names = runs.slice(0, SAID_AT_MOST).map(runText).join(', ');
  throw new ToolError(
    'no_data',
    `None of these runs has ${quoteName(key)}: ${names}. They have ${listKeys(logged) || 'no metrics'}.`,
  );
}

/** How a difference compares to what repeats with other seeds show, where the experiment has such repeats. */
async function noiseCaveats(chosen: Chosen, metric: string, context: ToolContext): Promise<Caveat[]> {
  const [a, b] = chosen.runs;
  const values = [a, b].map((run) => (run === undefined ? undefined : measureOf(run, metric)));
  const [from, to] = values;
  if (chosen.runs.length !== 2 || from === undefined || to === undefined || chosen.scope.ids?.length !== 1) return [];
  const population = { experimentIds: chosen.scope.ids, filter: compare(STATUS, '=', 'FINISHED') };
  const counts = await context.store.countRuns(population, context.signal);
  if (counts.reduce((sum, { count }) => sum + count, 0) > MOST_RUNS_FOR_NOISE) return [];
  const columns = await context.store.columns(population, { metrics: [metric], params: 'all' }, context.signal);
  if (columns.params.size === 0) return [];
  const groupOf = groupReplicates(columns.params, columns.length);
  const measured = columns.metrics.get(metric) ?? [];
  const groups = Map.groupBy(measured.entries(), ([row]) => groupOf[row]);
  const noise = seedNoise([...groups.values()].map((rows) => rows.flatMap(([, value]) => value ?? [])));
  if (noise === undefined) return [];
  const within = Math.abs(to - from) < noise.threshold;
  const ruler = `repeats of one configuration differ by sd ${formatNumber(noise.sd, 3)} (${countOf(noise.groups, 'group')})`;
  return [
    {
      code: within ? 'WITHIN_NOISE' : 'ABOVE_NOISE',
      text: `the difference is ${within ? 'within' : 'above'} seed noise: ${ruler}, single runs need ${formatNumber(noise.threshold, 3)}`,
    },
  ];
}

function summarize(
  input: Input,
  { runs, scope }: Chosen,
  sections: readonly Section[],
  metrics: readonly string[] | undefined,
  directionOf: FindBetter,
): string {
  if (metrics !== undefined && input.only === undefined)
    return metrics.map((metric) => winnerSentence(runs, metric, directionOf(metric))).join(' ');
  const isPair = runs.length === 2;
  const winners = isPair
    ? ''
    : winnersSentence(
        runs,
        sections.find(({ name }) => name === 'metrics'),
        directionOf,
      );
  const differences = differenceSentences(sections, isPair, directionOf);
  return [openingText(input, runs, scope, sections), winners, differences].filter((text) => text !== '').join(' ');
}

/** Which runs, and whether they differ at all. */
function openingText(input: Input, runs: readonly Run[], scope: Scope, sections: readonly Section[]): string {
  const names = runs.map(runText);
  if (sections.every(({ differing }) => differing.length === 0)) return `${names.join(' and ')} do not differ.`;
  if (runs.length === 2) return `From ${names.join(' to ')}:`;
  if (input.runs !== undefined) return `Compared: ${names.join(', ')}.`;
  return `The last ${runs.length} runs of ${scopeName(scope)}, newest first, are ${names.toReversed().join(', ')}.`;
}

/** The first metric that differs and of which it is known which way is better, else the first that differs. */
function tellingMetric(sections: readonly Section[], directionOf: FindBetter): string | undefined {
  const keys = sections.find(({ name }) => name === 'metrics')?.differing.map(({ key }) => key) ?? [];
  return keys.find((key) => directionOf(key) !== undefined) ?? keys[0];
}

function drawRuns(runs: readonly Run[], metric: string | undefined): BarsDrawing | undefined {
  if (metric === undefined) return undefined;
  const bars = runs.flatMap((run) => {
    const value = measureOf(run, metric);
    return value === undefined ? [] : [{ name: refOf('run', run), value }];
  });
  const kind = metric === DURATION ? 'duration' : 'metric';
  return bars.length === 0
    ? undefined
    : { kind: 'bars', value: { label: metricLabel(metric), kind }, bars, total: bars.length };
}

function finding(
  input: Input,
  chosen: Chosen,
  sections: readonly Section[],
  metrics: readonly string[] | undefined,
  caveats: readonly Caveat[],
  context: ToolContext,
): FindingBody {
  const { runs, scope } = chosen;
  const known = scope.experiments === 'all' ? scope.known : scope.experiments;
  const [decisive] = metrics ?? [];
  const directionOf: FindBetter = (key) => findDirection(key, key === decisive ? input.end : undefined, known);
  const values = runs.map((run) => (decisive === undefined ? undefined : measureOf(run, decisive)));
  const [from, to] = values;
  const change = runs.length === 2 && from !== undefined && to !== undefined ? to - from : undefined;
  const relative = change !== undefined && from !== undefined && from !== 0 ? change / Math.abs(from) : undefined;
  const [, changed] = runs;
  const percent =
    relative === undefined || changed === undefined
      ? ''
      : ` ${formatRun(changed)} is ${formatPercent(Math.abs(relative))} ${relative < 0 ? 'lower' : 'higher'}.`;
  const differing = sections.reduce((sum, section) => sum + section.differing.length, 0);
  return {
    kind: 'comparison',
    title: 'Runs compared',
    summary: `${summarize(input, chosen, sections, metrics, directionOf)}${percent}`,
    data: {
      tables: comparisonTables(runs, sections, (key) => directionOf(key)?.value),
      drawing: drawRuns(runs, decisive ?? tellingMetric(sections, directionOf)),
      facts: { runs: runs.length, differing, change, relative, ...namedColumns(runs) },
    },
    coverage: wholeCoverage({
      unit: 'run',
      scope: coverageScope(scope),
      filter: input.filter,
      matched: runs.length,
    }),
    method: input.runs === undefined ? 'newest by start, any status, last values' : 'last values',
    direction: decisive === undefined ? undefined : directionOf(decisive),
    caveats: [...chosen.caveats, ...caveats],
    links: compareLink(
      context,
      runs.map((run) => run.experimentId),
      runs.map((run) => run.id),
    ),
    reproduce: pythonComparison({
      runIds: runs.map(({ id }) => id),
      sections: sections.map(({ name }) => name),
      metrics,
    }),
    followUps: [],
    subject: {
      refs: [
        ...runs.map((run) => refOf('run', run)),
        ...(known.length === 1 ? known.map((one) => refOf('experiment', one)) : []),
      ],
      measure: decisive,
      better: decisive === undefined ? undefined : betterRun(runs, values, directionOf(decisive)),
    },
  };
}

/** Which run each column of the tables is. */
function namedColumns(runs: readonly Run[]): Record<string, Ref> {
  return Object.fromEntries(runs.map((run, i) => [`run${i + 1}`, refOf('run', run)]));
}

/** Undefined where the direction is not known or several tie. */
function betterRun(
  runs: readonly Run[],
  values: readonly (number | undefined)[],
  direction: Direction | undefined,
): Ref | undefined {
  if (direction === undefined) return undefined;
  const { ties } = rank(
    runs.map((run, i) => ({ id: run.id, value: values[i] })),
    direction.value,
  );
  const [best] = ties.length === 1 ? runs.filter(({ id }) => id === ties[0]?.id) : [];
  return best && refOf('run', best);
}
