/** analyze_parameter_impact: which params a metric goes with beyond noise, or how any two columns correlate. */
import * as z from 'zod';
import { analyzeImpact, type Impact, type ImpactRow } from '../../analysis/impact.ts';
import { isMissingParam } from '../../analysis/params.ts';
import { seedFromText } from '../../analysis/prng.ts';
import type { Drawing } from '../../finding/drawing.ts';
import type { Caveat, FindingBody } from '../../finding/finding.ts';
import { countOf } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { averageQuestion, followUps } from '../define/follow-ups.ts';
import { experiment, filter, metricKey } from '../define/inputs.ts';
import { experimentLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { paramDrawing } from '../population/drawings.ts';
import { type MeasureColumn, type MeasuredRuns, readMeasures } from '../population/measures.ts';
import { nothingSelected, type Selection, selectRuns } from '../population/population.ts';
import { defaultMetric } from '../resolve/default-metric.ts';
import { parseKey, resolveKey } from '../resolve/keys.ts';
import { coverageScope, experimentRefs, scopeName, soleExperiment } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { correlate } from './correlation.ts';
import { pythonImpact } from './python.ts';
import { constantText, impactCaveats, impactSummary, impactTable } from './words.ts';

const COMMIT = 'mlflow.source.git.commit';
const SHUFFLES = 2_000;

const input = z.strictObject({
  metric: metricKey,
  params: z.array(z.string()).max(20).optional().describe('only these params; default all'),
  with: z.string().optional().describe('instead of params: one metric or param to correlate the metric with'),
  experiment,
  filter,
});
type Input = z.output<typeof input>;

export const analyzeParameterImpact = defineTool({
  name: 'analyze_parameter_impact',
  title: 'Analyze parameter impact',
  description:
    'Which params a metric is associated with, beyond a noise floor, params that moved together joined; whether given params matter; ' +
    'or, by `with`, Pearson and Spearman of two metrics or params. Association, never cause. Refuses when there are too few configurations.',
  input,
  kind: 'run',
  verbs: ['impact', 'correlate'],
  readOnly: true,
  answers,
  async run(input, context) {
    const metric = input.metric ?? (await defaultMetric(context, input.experiment, input.filter));
    return input.with === undefined
      ? impactFinding(input, metric, context)
      : correlate({ ...input, metric, with: input.with }, context);
  },
});

/** What was read, which params were asked for, and what came out. */
interface Analyzed {
  readonly reading: MeasuredRuns;
  readonly measure: MeasureColumn;
  readonly selection: Selection;
  readonly wanted: readonly string[] | undefined;
  readonly impact: Impact;
  readonly caveats: readonly Caveat[];
}

async function impactFinding(input: Input, metric: string, context: ToolContext): Promise<FindingBody> {
  const reading = await readMeasures(context, {
    experiment: input.experiment,
    measures: [metric],
    filter: input.filter,
    projection: { params: 'all', tags: [COMMIT] },
    experiments: 'one',
  });
  const measure = reading.measures[0] as MeasureColumn;
  const selection = selectRuns(reading, measure);
  const { where } = reading;
  if (selection.rows.length === 0) throw nothingSelected(reading, measure.label, selection);
  const params = paramsOf(reading, selection.rows);
  if (params.size === 0)
    throw new ToolError(
      'no_data',
      `None of the ${countOf(selection.rows.length, 'run')} with ${measure.label} ${where} logged a parameter.`,
    );
  context.progress('finding the noise floor');
  const resolved = await wantedParams(input, reading, params, context);
  const wanted = resolved?.map(({ key }) => key);
  const impact = analyzeImpact({
    target: selection.rows.map((row) => measure.values[row] ?? Number.NaN),
    params,
    wanted,
    startTimes: selection.rows.map((row) => reading.columns.startTimes[row]),
    commits: selection.rows.map((row) => reading.columns.tags.get(COMMIT)?.[row]),
    // Experiments by name: their ids are others in every store.
    seed: seedFromText(JSON.stringify([measure.key, scopeName(reading.scope), input.filter, wanted])),
    shuffles: SHUFFLES,
  });
  const caveats = [
    ...reading.caveats,
    ...selection.caveats,
    ...(resolved?.flatMap(({ caveat }) => caveat ?? []) ?? []),
  ];
  return finding(input, { reading, measure, selection, wanted, impact, caveats }, context);
}

/** Params that any of the rows has, as columns over those rows. */
function paramsOf({ columns }: MeasuredRuns, rows: readonly number[]): Map<string, (string | undefined)[]> {
  const params = new Map<string, (string | undefined)[]>();
  for (const [key, values] of columns.params) {
    const picked = rows.map((row) => values[row]);
    if (picked.some((value) => !isMissingParam(value))) params.set(key, picked);
  }
  return params;
}

async function wantedParams(
  input: Input,
  reading: MeasuredRuns,
  params: ReadonlyMap<string, unknown>,
  context: ToolContext,
) {
  if (input.params === undefined || input.params.length === 0) return undefined;
  return Promise.all(
    input.params.map(async (asked) => {
      const { key } = parseKey(asked);
      if (params.has(key)) return { key, caveat: undefined };
      const resolved = await resolveKey(context, reading.scope, 'param', key);
      if (params.has(resolved.key)) return resolved;
      throw new ToolError('no_data', `No run with this metric ${reading.where} has the param ${quoteName(key)}.`);
    }),
  );
}

function finding(input: Input, analyzed: Analyzed, context: ToolContext): FindingBody {
  const { reading, measure, selection, wanted, impact } = analyzed;
  const { where } = reading;
  const [only] = wanted?.length === 1 ? wanted : [];
  const constant =
    only === undefined
      ? undefined
      : constantText(only, reading.columns.params.get(only), selection.rows, measure, where);
  if (impact.evidence === 'table-only' && constant === undefined)
    throw new ToolError(
      'too_few',
      `Too few configurations (${impact.configurations}, of ${countOf(impact.runs, 'run')}) ${where} to say which parameters go with ${measure.label}.`,
      {
        hint: '5 different configurations allow a hint, 10 a tentative word, 20 a claim.',
      },
    );
  const sole = soleExperiment(reading.scope);
  return {
    kind: 'impact',
    title: `${only ?? 'Parameters'} and ${measure.field.key}`,
    summary: constant ?? impactSummary(impact, measure, where, only),
    data: {
      tables: impact.rows.length === 0 ? [] : [impactTable(impact)],
      drawing: drawImpact(impact, measure, only),
      facts: {
        ...topFacts(impact.rows[0]),
        configurations: impact.configurations,
        runs: impact.runs,
        noiseFloor: impact.noiseFloor,
      },
    },
    coverage: {
      unit: 'run',
      scope: coverageScope(reading.scope),
      filter: input.filter,
      matched: reading.rows.length,
      considered: selection.rows.length,
      excluded: selection.excluded,
      complete: true,
    },
    method: `${measure.label} last value, mean per configuration; adjusted R²${floorMethod(impact)}`,
    caveats: [...analyzed.caveats, ...impactCaveats(impact, measure)],
    links: sole === undefined ? [] : experimentLink(context, sole.id),
    reproduce: pythonImpact({ reading, measure, selection, impact }),
    followUps: followUps(averageQuestion(measure.key, categoryOf(impact), sole?.name)),
    subject: {
      refs: sole === undefined ? [] : experimentRefs(reading.scope),
      measure: measure.field.kind === 'metric' ? measure.key : undefined,
    },
  };
}

/** A single number against the metric, a single category's levels, else every param against the noise floor. */
function drawImpact(impact: Impact, measure: MeasureColumn, only: string | undefined): Drawing | undefined {
  const [top] = impact.rows;
  if (top === undefined) return undefined;
  const value = { label: measure.columnKind === 'metric' ? measure.key : measure.label, kind: measure.columnKind };
  if (only !== undefined) return paramDrawing(top, value);
  const bars = impact.rows.map(({ params, adjustedR2, verdict }) => ({
    params,
    explained: Math.max(0, adjustedR2),
    verdict: verdict === 'table-only' ? 'none' : verdict,
  }));
  const { noiseFloor = 0, configurations } = impact;
  return { kind: 'impact', metric: value.label, bars, noiseFloor, configurations };
}

/** The strongest param with few values: means per value can be read. */
function categoryOf({ rows }: Impact): string | undefined {
  return rows.find(({ verdict, levels }) => verdict !== 'none' && levels !== undefined && levels.length <= 10)
    ?.params[0];
}

function topFacts(row: ImpactRow | undefined) {
  if (row === undefined) return {};
  return {
    param: row.params.join(', '),
    adjustedR2: row.adjustedR2,
    pAdjusted: row.pAdjusted,
    pearson: row.pearson,
    spearman: row.spearman,
  };
}

/** Where nothing could be tested there is no floor. */
function floorMethod({ noiseFloor, shuffles }: Impact): string {
  if (noiseFloor === undefined) return '';
  return shuffles === 0 ? ', noise floor from the F distribution (Bonferroni)' : `, ${shuffles} shuffles`;
}
