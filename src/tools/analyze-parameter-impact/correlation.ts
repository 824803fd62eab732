/** How two columns of runs, metrics or params, go together: Pearson and Spearman, or the measure that fits categories. */
import { type Association, associate, type Correlation, type Interval, pearson } from '../../analysis/association.ts';
import { type ParamColumn, typeParam } from '../../analysis/params.ts';
import type { Drawing } from '../../finding/drawing.ts';
import type { Caveat, FindingBody } from '../../finding/finding.ts';
import { countOf, formatCount, formatNumber, formatPercent } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Cell, Table } from '../../finding/table.ts';
import type { RunColumns } from '../../mlflow/runs/tracking-store.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { levelsDrawing, pairDrawing } from '../population/drawings.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';
import { readNested } from '../population/parents.ts';
import { type Selection, selectRuns } from '../population/population.ts';
import { whereText } from '../resolve/filter-words.ts';
import { readFilter } from '../resolve/filters.ts';
import { readKeyStats } from '../resolve/key-stats.ts';
import { type KeyKind, keysOfKind, parseKey, resolveKey } from '../resolve/keys.ts';
import {
  ambiguousExperiment,
  coverageScope,
  experimentRefs,
  narrowScope,
  resolveScope,
  type Scope,
  settledByTalk,
} from '../resolve/scope.ts';
import { pythonCorrelation } from './python.ts';

export interface PairRequest {
  readonly metric: string;
  readonly with: string;
  readonly experiment?: string | undefined;
  readonly filter?: string | undefined;
}

interface Side {
  readonly kind: 'metric' | 'param';
  readonly key: string;
  readonly caveat?: Caveat | undefined;
}

interface Drawn extends Side {
  readonly values: ParamColumn | number[];
}

const FEWEST = 4;

/** @throws ToolError unknown_metric, unknown_param, ambiguous_…, no_data and too_few. */
export async function correlate(request: PairRequest, context: ToolContext): Promise<FindingBody> {
  const scope = await resolveScope(context, request.experiment);
  const sides = await Promise.all([request.metric, request.with].map((asked) => findSide(context, scope, asked)));
  const [a, b] = sides as [Side, Side];
  const filter = readFilter(request.filter);
  const keys = (kind: Side['kind']) => sides.filter((side) => side.kind === kind).map((side) => side.key);
  const projection = { metrics: keys('metric'), params: keys('param') };
  const population = { experimentIds: scope.ids, filter };
  const columns = await context.store.columns(population, projection, context.signal);
  const all = Array.from({ length: columns.length }, (_, row) => row);
  const both = all.filter((row) => hasSide(columns, a, row) && hasSide(columns, b, row));
  const holding = new Set(both.map((row) => columns.experimentIds[row] ?? ''));
  const experiments = scope.known.filter(({ id }) => holding.has(id));
  if (both.length === 0)
    throw new ToolError(
      'no_data',
      `No run ${whereText(scope, filter, context.timeZone)} has both ${quoteName(a.key)} and ${quoteName(b.key)}.`,
    );
  const settled = experiments.length > 1 ? settledByTalk(context, experiments) : undefined;
  if (experiments.length > 1 && settled === undefined)
    throw ambiguousExperiment(
      `${quoteName(a.key)} and ${quoteName(b.key)} were logged in ${formatCount(experiments.length)} experiments.`,
      experiments,
    );
  const narrowed = narrowScope(scope, settled === undefined ? experiments : [settled.experiment]);
  const meant = new Set(narrowed.ids);
  const rows = all.filter((row) => meant.has(columns.experimentIds[row] ?? ''));
  const nested = filter === undefined ? columns : await readNested(context, population, projection);
  const where = whereText(narrowed, filter, context.timeZone);
  const reading: MeasuredRuns = {
    scope: narrowed,
    filter,
    where,
    columns,
    rows,
    measures: [],
    nested,
    caveats: settled ? [settled.caveat] : [],
  };
  const measure = presence(columns, a, b);
  const family = { ...nested, metrics: new Map([[measure.key, presence(nested, a, b).values]]) };
  const selection = selectRuns({ ...reading, nested: family }, measure);
  if (selection.rows.length < FEWEST)
    throw new ToolError(
      'too_few',
      `Only ${countOf(selection.rows.length, 'finished run')} ${where} ${selection.rows.length === 1 ? 'has' : 'have'} both ${quoteName(a.key)} and ${quoteName(b.key)}: ${FEWEST} are needed.`,
    );
  return finding(request, reading, a, b, selection);
}

/** A key of either kind: exactly a metric, exactly a param, else whatever a metric or a param nearly is. */
async function findSide(context: ToolContext, scope: Scope, asked: string): Promise<Side> {
  const { kind, key } = parseKey(asked);
  if (kind === 'metric' || kind === 'param') return { kind, ...(await resolveKey(context, scope, kind, key)) };
  const stats = await readKeyStats(context, { experimentIds: scope.ids }, { metrics: [key], params: [key] });
  const exact = (['metric', 'param'] as const).find((one) => keysOfKind(stats, one).some((named) => named.key === key));
  if (exact !== undefined) return { kind: exact, key };
  const tries = await Promise.allSettled(
    (['metric', 'param'] as const).map((one: KeyKind) => resolveKey(context, scope, one, key)),
  );
  const [metric, param] = tries;
  if (metric?.status === 'fulfilled') return { kind: 'metric', ...metric.value };
  if (param?.status === 'fulfilled') return { kind: 'param', ...param.value };
  const ambiguous = tries.find(
    (one) => one.status === 'rejected' && (one.reason as ToolError).code === 'ambiguous_metric',
  );
  throw ((ambiguous ?? metric) as PromiseRejectedResult).reason;
}

function hasSide(columns: RunColumns, { kind, key }: Side, row: number): boolean {
  if (kind === 'param') return columns.params.get(key)?.[row] !== undefined;
  return Number.isFinite(columns.metrics.get(key)?.[row]);
}

/** A stand-in measure: finite where a run has both sides. */
function presence(columns: RunColumns, a: Side, b: Side): MeasureColumn {
  const field = { kind: 'metric', key: a.key } as const;
  const values = Array.from({ length: columns.length }, (_, row) =>
    hasSide(columns, a, row) && hasSide(columns, b, row) ? 0 : undefined,
  );
  return { field, key: a.key, label: 'both values', columnKind: 'metric', values };
}

function columnOf(columns: RunColumns, { kind, key }: Side, rows: readonly number[]): ParamColumn | number[] {
  if (kind === 'param')
    return typeParam(
      rows.map((row) => columns.params.get(key)?.[row]),
      key,
    );
  return rows.map((row) => columns.metrics.get(key)?.[row] ?? Number.NaN);
}

function intervalText(interval: Interval | undefined): string {
  return interval === undefined ? '' : ` (95% ${formatNumber(interval[0], 3)} to ${formatNumber(interval[1], 3)})`;
}

const correlationText = (name: string, { value, interval }: Correlation): string =>
  `${name} ${value === undefined ? 'undefined' : formatNumber(value, 4)}${intervalText(interval)}`;

/** Weak, moderate or strong by Spearman, or unclear where its interval holds 0. */
function strengthText(spearman: Correlation): string {
  const { value, interval } = spearman;
  if (value === undefined) return 'cannot be told: one side never varies';
  if (interval === undefined || (interval[0] <= 0 && interval[1] >= 0)) return 'show no clear association';
  const size = Math.abs(value) >= 0.7 ? 'strongly' : Math.abs(value) >= 0.3 ? 'moderately' : 'weakly';
  return `are ${size} ${value > 0 ? 'positively' : 'negatively'} associated`;
}

function verdictText(association: Association): string {
  if (association.kind === 'numbers') {
    const { pearson: r, spearman: rho } = association;
    return `${strengthText(rho)}: ${correlationText('Pearson r', r)}, ${correlationText('Spearman ρ', rho)}`;
  }
  if (association.kind === 'number by category') {
    const { levels, epsilonSquared, p } = association;
    const share = epsilonSquared === undefined ? 'undefined' : formatPercent(Math.max(0, epsilonSquared));
    const clear = p !== undefined && p < 0.05 ? 'are associated' : 'show no clear association';
    return `${clear}: the ${countOf(levels, 'level')} explain ${share} of variance (ε²; F test p ${formatNumber(p ?? Number.NaN, 2)})`;
  }
  const { corrected, p } = association;
  const clear = p !== undefined && p < 0.05 ? 'are associated' : 'show no clear association';
  return `${clear}: Cramér's V ${formatNumber(corrected ?? Number.NaN, 3)} (bias-corrected; χ² test p ${formatNumber(p ?? Number.NaN, 2)})`;
}

/** Pearson with a param on the log scale that it was searched on. */
function logCorrelation(x: ParamColumn | number[], y: ParamColumn | number[]): Correlation | undefined {
  const isLog = (side: ParamColumn | number[]): side is ParamColumn =>
    !Array.isArray(side) && side.logScale && side.numbers !== undefined;
  const [log, other] = isLog(x) ? [x, y] : isLog(y) ? [y, x] : [];
  const numbers = Array.isArray(other) ? other : other?.numbers;
  return log?.numbers === undefined || numbers === undefined
    ? undefined
    : pearson(log.numbers.map(Math.log10), numbers);
}

/** Two numbers as a scatter, a param along the x axis; a metric by the levels of a category. */
function drawPair(a: Drawn, b: Drawn): Drawing | undefined {
  const [x, y] = a.kind === 'param' && b.kind === 'metric' ? [a, b] : [b, a];
  if (x.kind === 'param' && !Array.isArray(x.values) && x.values.kind === 'category' && Array.isArray(y.values))
    return levelsDrawing(x.key, x.values, { label: y.key, kind: y.kind }, y.values);
  const side = ({ kind, key, values }: Drawn) => ({ label: key, kind, values });
  return pairDrawing(side(x), side(y));
}

function finding(request: PairRequest, reading: MeasuredRuns, a: Side, b: Side, selection: Selection): FindingBody {
  const { scope, where, columns, rows: all } = reading;
  const { rows, excluded } = selection;
  const [x, y] = [columnOf(columns, a, rows), columnOf(columns, b, rows)];
  const association = associate(x, y);
  const log = logCorrelation(x, y);
  const names = `${quoteName(a.key)} and ${quoteName(b.key)}`;
  const logText =
    log === undefined ? '' : `, Pearson r ${formatNumber(log.value ?? Number.NaN, 4)} on log10 of the param`;
  const summary = `${names} ${where} ${verdictText(association)}${logText}; n = ${countOf(association.n, 'run')}.`;
  const pair = association.kind === 'numbers' ? association : undefined;
  const pythonSide = ({ kind, key }: Side) => ({
    kind,
    key,
    values: rows.map((row) => columns.params.get(key)?.[row]),
  });
  return {
    kind: 'impact',
    title: `${a.key} and ${b.key}`,
    summary,
    data: {
      tables: pair === undefined ? [] : [correlationTable(pair, log)],
      drawing: drawPair({ ...a, values: x }, { ...b, values: y }),
      facts: {
        n: association.n,
        pearson: pair?.pearson.value,
        spearman: pair?.spearman.value,
        pearsonLog10: log?.value,
      },
    },
    coverage: {
      unit: 'run',
      scope: coverageScope(scope),
      filter: request.filter,
      matched: all.length,
      considered: rows.length,
      excluded,
      complete: true,
    },
    method: 'last values, run by run; association, not cause',
    caveats: [...reading.caveats, ...[a, b].flatMap(({ caveat }) => caveat ?? [])],
    links: [],
    reproduce: pythonCorrelation(reading, selection, [pythonSide(a), pythonSide(b)], association.kind),
    followUps: [],
    subject: { refs: experimentRefs(scope), measure: a.kind === 'metric' ? a.key : undefined },
  };
}

function correlationTable(pair: Extract<Association, { kind: 'numbers' }>, log: Correlation | undefined): Table {
  const row = (name: string, one: Correlation): Cell[] => [
    name,
    one.value,
    one.interval?.[0],
    one.interval?.[1],
    one.p,
    one.n,
  ];
  const rows = [
    row('Pearson r', pair.pearson),
    row('Spearman ρ', pair.spearman),
    ...(log === undefined ? [] : [row('Pearson r, log10', log)]),
  ];
  return {
    columns: [
      { key: 'measure', label: 'measure', kind: 'text' },
      { key: 'value', label: 'value', kind: 'number' },
      { key: 'low', label: '95% from', kind: 'number' },
      { key: 'high', label: '95% to', kind: 'number' },
      { key: 'p', label: 'p (t test)', kind: 'number' },
      { key: 'n', label: 'n', kind: 'count' },
    ],
    rows,
    total: rows.length,
  };
}
