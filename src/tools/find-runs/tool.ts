/** find_runs: lists or counts runs that pass a filter. */

import * as z from 'zod';
import { wholeCoverage } from '../../finding/coverage.ts';
import type { Caveat, FindingBody } from '../../finding/finding.ts';
import { countOf, formatCell, formatCount, formatPercent, formatRun } from '../../finding/format.ts';
import { quoteFilter, quoteName } from '../../finding/quote.ts';
import { refOf } from '../../finding/refs.ts';
import type { Table } from '../../finding/table.ts';
import type { Population, RunCount } from '../../mlflow/runs/tracking-store.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import type { Filter, OrderKey } from '../../query/filter.ts';
import { filterFields } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { experiments, lifecycle } from '../define/inputs.ts';
import { experimentLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { barsOf } from '../population/drawings.ts';
import { countParents, parentCaveats } from '../population/parents.ts';
import { experimentColumn, fieldColumn, RUN_COLUMN, type RunColumn, runTable } from '../population/run-columns.ts';
import { ownKeys } from '../population/run-facts.ts';
import { pythonScript } from '../python/python-text.ts';
import { pythonGroup, pythonRuns } from '../python/reproduce.ts';
import { filterWords, type RunWords } from '../resolve/filter-words.ts';
import { readFilter, readOrder } from '../resolve/filters.ts';
import { readKeyStats } from '../resolve/key-stats.ts';
import {
  allOfKind,
  isAttribute,
  type KeyKind,
  keysOfKind,
  listKeys,
  parseKey,
  statusCounts,
  unknownKey,
} from '../resolve/keys.ts';
import { byUse, type NamedKey } from '../resolve/names.ts';
import { coverageScope, experimentRef, resolveScope, type Scope, scopeName } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { countByGroup } from './count-by.ts';
import { explainEmpty } from './empty-search.ts';

const input = z.strictObject({
  experiment: experiments,
  filter: z
    .string()
    .optional()
    .describe(
      "e.g. metrics.`f1` > 0.9 AND (params.`lr` <= 0.01 OR tags.`team` = 'a') AND attributes.status = 'FAILED' AND attributes.start_time >= '2026-11-01'",
    ),
  order_by: z.string().optional().describe('one key, e.g. metrics.`f1` DESC; default newest first'),
  limit: z.int().min(1).max(1000).optional().describe('rows to show'),
  columns: z.array(z.string()).max(20).optional().describe('keys to show, e.g. params.lr'),
  lifecycle,
  share_of: z
    .string()
    .optional()
    .describe('with count_only: filter of the runs that are 100 %; empty for all in scope'),
  count_only: z.boolean().optional().describe('only how many'),
  count_by: z
    .string()
    .optional()
    .describe('with count_only: per experiment, status, day, week, month, params.x, tags.x or a bare key'),
  count_order: z.enum(['most', 'fewest']).optional().describe('with count_by: which group comes first'),
});
type Input = z.output<typeof input>;

const DEFAULT_METRICS = 3;
const MOST_ORDERED = 10;
const MATCHING = 'the runs that match';

interface Search {
  readonly input: Input;
  readonly scope: Scope;
  readonly filter: Filter | undefined;
  readonly words: RunWords | undefined;
  readonly population: Population;
}

export const findRuns = defineTool({
  name: 'find_runs',
  title: 'Find runs',
  description:
    'Lists or counts runs of any status by a filter in MLflow syntax, plus OR, NOT, parentheses, IS NULL, numeric params, ' +
    'ISO dates for start_time and attributes.duration in ms. Not for the best run (rank_runs) or averages (summarize_metrics).',
  input,
  kind: 'run',
  verbs: ['list', 'count', 'share'],
  readOnly: true,
  answers,
  async run(input, context) {
    const scope = await resolveScope(context, input.experiment, input.lifecycle);
    const filter = readFilter(input.filter);
    const population = { experimentIds: scope.ids, lifecycle: input.lifecycle, filter };
    const search = { input, scope, filter, words: filterWords(filter, context.timeZone), population };
    return input.count_only === true ? countRuns(search, context) : listRuns(search, context);
  },
});

async function countRuns(search: Search, context: ToolContext): Promise<FindingBody> {
  const counts = await context.store.countRuns(search.population, context.signal);
  const matched = counts.reduce((sum, { count }) => sum + count, 0);
  if (matched === 0) return nothingFound(search, context);
  const { count_by: by } = search.input;
  const grouped =
    by === undefined ? undefined : await countByGroup(context, { ...search, counts }, by, search.input.count_order);
  const share = search.input.share_of === undefined ? undefined : await shareText(search, matched, context);
  const parents = parentCaveats(await countParents(context, search.population));
  return body(search, context, {
    summary: `${matchText(search, matched)}${grouped?.text ?? share ?? statusesText(search, counts)}.`,
    matched,
    tables: grouped === undefined ? countTables(search.scope, counts) : [grouped.table],
    runs: [],
    caveats: [...(grouped?.caveats ?? []), ...parents],
  });
}

/** `: 96.7% of 422 runs, 14 of them not`, where a share is asked for. */
async function shareText({ input, population }: Search, matched: number, context: ToolContext): Promise<string> {
  const filter = readFilter(input.share_of);
  const counts = await context.store.countRuns({ ...population, filter }, context.signal);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const words = filter === undefined ? { before: '', after: '' } : filterWords(filter, context.timeZone);
  const base = `${countOf(total, `${words?.before ?? ''}run`)}${words?.after ?? ` that match ${quoteFilter(input.share_of ?? '')}`}`;
  return matched === total
    ? `: all of ${base}, 100%`
    : `: ${formatPercent(matched / total)} of ${base}, ${formatCount(total - matched)} of them not`;
}

/** `: 57 FINISHED, 7 FAILED`, unless there is only one status. */
function statusesText(search: Search, counts: readonly RunCount[]): string {
  const isOneStatus = counts.every(({ status }) => status === counts[0]?.status);
  return search.filter !== undefined && isOneStatus ? '' : `: ${statusCounts(counts)}`;
}

function countTables(scope: Scope, counts: readonly RunCount[]): Table[] {
  const byExperiment = new Map<string, number>();
  for (const { experimentId, count } of counts)
    byExperiment.set(experimentId, (byExperiment.get(experimentId) ?? 0) + count);
  if (byExperiment.size < 2) return [];
  const rows = [...byExperiment].map(([id, count]) => [experimentRef(scope, id), count] as const);
  return [
    {
      columns: [
        { key: 'experiment', label: 'experiment', kind: 'experiment' },
        { key: 'runs', label: 'runs', kind: 'count' },
      ],
      rows: rows.sort((a, b) => b[1] - a[1] || (a[0].name < b[0].name ? -1 : 1)),
      total: rows.length,
    },
  ];
}

async function listRuns(search: Search, context: ToolContext): Promise<FindingBody> {
  const { input, population, scope } = search;
  const order = readOrder(input.order_by);
  const limit = input.limit ?? context.limits.maxRuns;
  const bareKeys = (input.columns ?? []).map((asked) => parseKey(asked).key);
  const fields = [...filterFields(search.filter), ...(order === undefined ? [] : [order.field])];
  const tags = [...bareKeys, ...fields.filter((field) => field.kind === 'tag').map((field) => field.key)];
  const projection = {
    metrics: 'all',
    params: 'all',
    tags,
    datasets: fields.some(({ kind }) => kind === 'dataset'),
  } as const;
  // One more than is shown tells whether the last one ties with a run that is cut off.
  const { runs: read, matched } = await context.store.topRuns(
    population,
    order === undefined ? [] : [order],
    order === undefined ? limit : limit + 1,
    projection,
    context.signal,
  );
  const found = { runs: read.slice(0, limit), matched };
  if (found.matched === 0) return nothingFound(search, context);
  await checkOrder(search, context, order?.field, found.runs);
  const asked = input.columns?.map((key) => askedField(key, found.runs)) ?? [];
  const shown = [...(asked.length > 0 ? asked : defaultFields(found.runs, fields))];
  const columns: RunColumn[] = [
    RUN_COLUMN,
    ...(scope.ids?.length === 1 ? [] : [experimentColumn((id) => experimentRef(scope, id))]),
    fieldColumn({ kind: 'attribute', key: 'status' }),
    ...shown.map(fieldColumn),
    fieldColumn({ kind: 'attribute', key: 'start_time' }),
  ];
  const first = order === undefined ? '' : orderText(order, read, Math.min(limit, MOST_ORDERED), context);
  const named = order === undefined && found.matched <= 3 ? `: ${found.runs.map(formatRun).join(', ')}` : '';
  const caveats: Caveat[] =
    found.matched > found.runs.length && input.limit === undefined
      ? [
          {
            code: 'TRUNCATED',
            text: `only the first ${formatCount(found.runs.length)} of ${formatCount(found.matched)} runs are listed`,
          },
        ]
      : [];
  const summary = `${first}${matchText(search, found.matched)}${named}.`;
  const tables = [runTable(found.runs, columns, found.matched)];
  return body(search, context, { summary, matched: found.matched, tables, runs: found.runs, caveats });
}

/** `` By `lr`, highest first: 1.5 of a, b; 1.4 of d and others. `` Others are runs beyond the first `most`. */
function orderText({ field, ascending }: OrderKey, runs: readonly Run[], most: number, context: ToolContext): string {
  const { column, cell } = fieldColumn(field);
  const groups = Map.groupBy(runs.slice(0, most), (run) => cell(run));
  const next = runs[most];
  const cut = next && groups.get(cell(next));
  const said = [...groups].map(([value, all]) => {
    const text = value === undefined ? 'none' : formatCell(value, column, context.timeZone);
    return `${text} of ${all.map(formatRun).join(', ')}${all === cut ? ' and others' : ''}`;
  });
  const name = field.kind === 'attribute' ? column.label : quoteName(field.key);
  return `By ${name}, ${ascending ? 'lowest' : 'highest'} first: ${said.join('; ')}. `;
}

/** MLflow ignores an order by a key that nobody has; here that is an error. */
async function checkOrder(search: Search, context: ToolContext, field: RunField | undefined, runs: readonly Run[]) {
  if (field === undefined || runs.some((run) => fieldColumn(field).cell(run) !== undefined)) return;
  if (field.kind === 'attribute' || field.kind === 'dataset') return;
  const stats = await readKeyStats(context, search.population, allOfKind(field.kind));
  throw unknownKey(field.kind, field.key, keysOfKind(stats, field.kind), MATCHING);
}

/** A bare key is a metric, else a param, else a tag, else an attribute. */
function askedField(asked: string, runs: readonly Run[]): RunField {
  const { kind, key } = parseKey(asked);
  if (kind === 'attribute' || (kind === undefined && isAttribute(key))) {
    if (isAttribute(key)) return { kind: 'attribute', key };
    throw new ToolError('unknown_key', `${quoteName(key)} is no run attribute.`);
  }
  const kinds =
    kind === 'metric' || kind === 'param' || kind === 'tag' ? [kind] : (['metric', 'param', 'tag'] as const);
  const field = kinds
    .map((one) => ({ kind: one, key }))
    .find((one) => runs.some((run) => fieldColumn(one).cell(run) !== undefined));
  if (field !== undefined) return field;
  throw noSuchKey(kinds, key, runs);
}

function noSuchKey(kinds: readonly KeyKind[], key: string, runs: readonly Run[]): ToolError {
  const logged = kinds.map((kind) => {
    const keys = runs.flatMap((run) => ownKeys(run, kind));
    const uses = Map.groupBy(keys, (name) => name);
    return { kind, keys: [...uses].map(([name, all]): NamedKey => ({ key: name, runs: all.length })).sort(byUse) };
  });
  const [only] = logged;
  if (logged.length === 1 && only !== undefined) return unknownKey(only.kind, key, only.keys, MATCHING);
  const has = logged.filter(({ keys }) => keys.length > 0).map(({ kind, keys }) => `the ${kind}s ${listKeys(keys)}`);
  const message = `Nothing called ${quoteName(key)} was logged by ${MATCHING}. They have ${has.join('; ') || 'no keys'}.`;
  return new ToolError('unknown_key', message);
}

/** The fields that the filter speaks of, else the commonest metrics, if half of the runs have them. */
function defaultFields(runs: readonly Run[], fields: readonly RunField[]): RunField[] {
  const spoken = fields.filter(
    ({ kind, key }) => kind !== 'attribute' || !['status', 'start_time', 'run_id', 'run_name'].includes(key),
  );
  if (spoken.length > 0) return spoken;
  const keys = Map.groupBy(
    runs.flatMap((run) => [...run.metrics.keys()]),
    (key) => key,
  );
  return [...keys]
    .map(([key, uses]) => ({ key, runs: uses.length }))
    .filter((one) => !one.key.startsWith('system/') && one.runs >= runs.length / 2)
    .sort(byUse)
    .slice(0, DEFAULT_METRICS)
    .map(({ key }) => ({ kind: 'metric', key }));
}

/** `12 FAILED runs in X`, or where the filter cannot be said in words, `12 runs in X match …`. */
function matchText({ input, scope, filter, words }: Search, matched: number): string {
  const noun = `${input.lifecycle === 'deleted' ? 'deleted ' : ''}${words?.before ?? ''}run`;
  const runs = `${countOf(matched, noun)}${words?.after ?? ''}`;
  const stages = input.lifecycle === 'all' ? ', deleted ones included,' : '';
  const isSaid = filter === undefined || words !== undefined;
  const match = isSaid ? '' : ` ${matched === 1 ? 'matches' : 'match'} ${quoteFilter(input.filter ?? '')}`;
  return `${runs}${stages} in ${scopeName(scope)}${match}`;
}

/** Zero runs, and why. */
async function nothingFound(search: Search, context: ToolContext): Promise<FindingBody> {
  const { searched, conditions, caveats } = await explainEmpty(context, search.scope, search.population);
  // Of runs that were picked before, the whole store says nothing.
  const isPicked = filterFields(search.filter).some(({ kind, key }) => kind === 'attribute' && key === 'run_id');
  const why = search.filter === undefined || isPicked ? '' : `: 0 of ${searched}`;
  const summary = `${matchText(search, 0).replace(/^0/, 'No')}${why}.${isPicked ? '' : conditions}`;
  return body(search, context, { summary, matched: 0, tables: [], runs: [], caveats });
}

interface Found {
  readonly summary: string;
  readonly matched: number;
  readonly tables: readonly Table[];
  readonly runs: readonly Run[];
  readonly caveats: readonly Caveat[];
}

function orderMethod({ order_by }: Input): string {
  return order_by === undefined ? 'newest first' : `by ${quoteFilter(order_by)}`;
}

function body(search: Search, context: ToolContext, found: Found): FindingBody {
  const { input, scope } = search;
  const { matched } = found;
  const only = scope.ids?.length === 1 ? scope.ids[0] : undefined;
  return {
    kind: 'table',
    title: 'Runs',
    summary: found.summary,
    data: { tables: found.tables, drawing: barsOf(found.tables[0]), facts: { count: matched } },
    coverage: wholeCoverage({ unit: 'run', scope: coverageScope(scope), filter: input.filter, matched }),
    method: found.runs.length === 0 ? 'all statuses' : `all statuses, ${orderMethod(input)}`,
    caveats: found.caveats,
    links: only === undefined ? [] : experimentLink(context, only),
    reproduce: reproduce(search, context, found),
    followUps: [],
    subject: {
      refs: [
        ...found.runs.map((run) => refOf('run', run)),
        ...(only === undefined ? [] : [experimentRef(scope, only)]),
      ],
    },
  };
}

/** How many, and of each group; else how many, and which are listed. */
function reproduce({ input, scope, filter }: Search, context: ToolContext, found: Found): string {
  const stage = input.lifecycle === 'deleted' ? 'DELETED_ONLY' : input.lifecycle === 'all' ? 'ALL' : undefined;
  const runs = pythonRuns(scope, { filter, stage, order: readOrder(input.order_by), runs: found.matched });
  const group = input.count_by === undefined ? undefined : found.tables[0]?.columns[0]?.key;
  const label = pythonGroup(group ?? 'status', context.timeZone);
  if (input.count_only === true) return pythonScript(...runs, `len(runs), Counter(${label} for run in runs)`);
  const listed = `[(run.info.run_id, run.info.run_name) for run in runs[:${found.runs.length}]]`;
  return pythonScript(...runs, `len(runs), ${listed}`);
}
