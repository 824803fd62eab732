/** The Python that an answer carries, run as it stands by MLflow's own client against a real server: the same numbers. */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FindingBody } from '../../src/finding/finding.ts';
import { isRef } from '../../src/finding/refs.ts';
import type { Cell, Table } from '../../src/finding/table.ts';
import { matches } from '../../src/mlflow/filter/matches.ts';
import type { Filter } from '../../src/query/filter.ts';
import { pythonFilter } from '../../src/tools/python/python-filter.ts';
import { pythonScript, pythonString } from '../../src/tools/python/python-text.ts';
import { pythonRuns } from '../../src/tools/python/reproduce.ts';
import { anyFilter } from '../support/any-filter.ts';
import { insertLatest, insertRun } from '../support/databases.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { runPythons } from '../support/python-runner.ts';
import { cells, runsMeant, ToolRig } from './ask-tool.ts';

/** Random filters, and how many of them a server is asked with: each reads the whole store. */
const FILTERS = 200;
const SEARCHED = 12;

type Ask = readonly [tool: string, input: Record<string, unknown>];

const CHURN = 'churn-prediction';
const UNICODE = 'Ünïcode & "quotes" / team.a';

/** Breaks literals, lines, filters and templates, if anything does. */
const HOSTILE = `it's "q" \\ \\' {x} %s \n#\r\t\u2028 é 😀 \u202e'''""" \${y}`;

const ASKS: readonly Ask[] = [
  [
    'find_runs',
    { count_only: true, filter: "status = 'FAILED' AND start_time >= '2026-11-01' AND start_time < '2026-12-01'" },
  ],
  ['find_runs', { count_only: true, experiment: 'digits-mlp', lifecycle: 'deleted' }],
  ['find_runs', { count_only: true, lifecycle: 'all' }],
  ['find_runs', { filter: "tags.team = 'growth' AND metrics.accuracy > 0.7" }],
  ['find_runs', { filter: "params.learning_rate <= 0.01 AND params.algorithm = 'gradient_boosting'" }],
  ['find_runs', { filter: 'params.learning_rate != 0.01' }],
  ['find_runs', { filter: "params.C > 1 OR (metrics.precision > 0.8 AND NOT tags.release = 'v1')" }],
  ['find_runs', { filter: "NOT (status = 'FINISHED' OR status = 'RUNNING')" }],
  ['find_runs', { filter: 'tags.best_child IS NOT NULL OR metrics.margin IS NULL', count_only: true }],
  ['find_runs', { filter: 'metrics.`val/acc` != 0.5' }],
  ['find_runs', { filter: 'NOT metrics.`top-5 error` < 0.5 AND metrics.`top-5 error` IS NOT NULL' }],
  ['find_runs', { filter: 'attributes.duration > 60000', order_by: 'attributes.duration DESC', limit: 7 }],
  ['find_runs', { experiment: [CHURN, 'digits-mlp'], order_by: 'metrics.accuracy ASC', limit: 12 }],
  ['find_runs', { filter: "params.algorithm ILIKE '%FOREST' AND run_name NOT LIKE 'run-_'", limit: 9 }],
  ['find_runs', { filter: "attributes.parent_run_id IS NOT NULL AND attributes.user_id IN ('nobody', 'ana')" }],
  ['find_runs', { filter: "datasets.name LIKE 'digits%' AND datasets.context = 'training'", count_only: true }],
  ['find_runs', { count_only: true, count_by: 'day', experiment: CHURN }],
  ['find_runs', { count_only: true, count_by: 'experiment' }],
  ['find_runs', { count_only: true, count_by: 'week' }],
  ['find_runs', { count_only: true, count_by: 'month', count_order: 'fewest' }],
  ['find_runs', { count_only: true, filter: "status = 'FAILED'", share_of: '' }],
  ['summarize_metrics', { metrics: ['accuracy'], group_by: 'week' }],
  ['summarize_metrics', { metrics: ['accuracy'], group_by: 'month', statistic: 'median' }],
  ['summarize_metrics', { metrics: ['attributes.duration'], statistic: 'sum', experiment: CHURN }],
  ['summarize_metrics', { metrics: ['attributes.duration'], statistic: 'sum', group_by: 'status', experiment: CHURN }],
  ['find_runs', { count_only: true, count_by: 'params.algorithm' }],
  ['find_runs', { count_only: true, count_by: 'tags.stage', filter: 'metrics.accuracy > 0.7' }],
  ['find_runs', { filter: "params.algorithm = 'no such thing'" }],
  ['rank_runs', { metric: 'f1_score' }],
  ['rank_runs', { metric: 'f1_score', order: 'worst', top: 8 }],
  ['rank_runs', { metric: 'f1_score', filter: "params.algorithm = 'random_forest' OR params.max_depth IS NULL" }],
  ['rank_runs', { metric: 'accuracy', filter: "status = 'FAILED' OR status = 'KILLED'" }],
  ['rank_runs', { metric: 'val_accuracy', value: 'best_step' }],
  ['rank_runs', { metric: 'val_loss', value: 'best_step', order: 'worst' }],
  ['rank_runs', { metric: 'accuracy', value: 'mean_over_seeds' }],
  ['rank_runs', { metric: 'top-5 error', direction: 'lower' }],
  ['rank_runs', { metric: 'precision', experiment: 'fraud-detection-v2', top: 6 }],
  ['rank_runs', { metric: 'attributes.duration', order: 'lowest', experiment: CHURN }],
  ['rank_runs', { metric: 'attributes.start_time', order: 'highest' }],
  ['rank_runs', { metric: 'tie', order: 'highest' }],
  ['summarize_metrics', { metrics: ['accuracy'] }],
  ['summarize_metrics', { metrics: ['accuracy'], group_by: 'algorithm' }],
  ['summarize_metrics', { metrics: ['accuracy', 'f1_score'], group_by: 'params.max_depth', statistic: 'median' }],
  ['summarize_metrics', { metrics: ['total_latency_p95'], statistic: 'p99', group_by: 'day' }],
  ['summarize_metrics', { metrics: ['attributes.duration'], statistic: 'p90', group_by: 'status', experiment: CHURN }],
  ['summarize_metrics', { metrics: ['attributes.duration'], group_by: 'experiment' }],
  ['summarize_metrics', { metrics: ['precision'], experiment: ['fraud-detection-v1', 'fraud-detection-v2'] }],
  ['summarize_metrics', { metrics: ['val_loss'], statistic: 'sd' }],
  ['summarize_metrics', { metrics: ['top-5 error'] }],
  ['summarize_metrics', { metrics: ['accuracy'], filter: 'params.seed = 1 OR params.C IS NOT NULL', statistic: 'p25' }],
  ['analyze_parameter_impact', { metric: 'f1_score' }],
  ['analyze_parameter_impact', { metric: 'f1_score', params: ['algorithm'] }],
  ['analyze_parameter_impact', { metric: 'f1_score', filter: "params.algorithm = 'gradient_boosting'" }],
  ['analyze_parameter_impact', { metric: 'val_accuracy' }],
  ['analyze_parameter_impact', { metric: 'total_latency_mean' }],
  ['analyze_parameter_impact', { metric: 'attributes.duration', filter: 'metrics.val_loss IS NOT NULL' }],
  ['analyze_parameter_impact', { metric: 'accuracy', with: 'auc_roc' }],
  ['analyze_parameter_impact', { metric: 'accuracy', with: 'learning_rate' }],
  ['analyze_parameter_impact', { metric: 'accuracy', with: 'algorithm' }],
  ['analyze_parameter_impact', { metric: 'params.model', with: 'params.prompt_version' }],
  ['get_metric_history', { runs: ['17'], metrics: ['training_loss'] }],
  ['get_metric_history', { runs: ['hushed-koi'], metrics: ['train_loss', 'val_loss'] }],
  ['get_metric_history', { experiment: 'digits-mlp', metrics: ['val_accuracy'] }],
  ['get_metric_history', { experiment: 'digits-mlp', diagnosis: 'diverged' }],
  ['compare_runs', { last: 3, experiment: CHURN }],
  ['compare_runs', { runs: ['17', '18'] }],
  ['compare_runs', { runs: ['17', '18'], metrics: ['f1_score', 'attributes.duration'] }],
  ['compare_runs', { last: 4, experiment: UNICODE }],
  ['describe_experiment', { experiment: CHURN }],
  ['describe_experiment', { experiment: UNICODE }],
  ['list_experiments', {}],
  ['list_experiments', { lifecycle: 'all', order: 'name' }],
  ['list_experiments', { text: 'fraud det' }],
  ['list_experiments', { tag: 'mlflow.experimentKind' }],
  ['get_run', { run: '17' }],
  ['get_run', { run: '17', keys: ['f1_score', 'duration', 'status', 'algorithm', 'user', 'commit', 'start_time'] }],
  // A store that is out to break the script.
  ['find_runs', { filter: `params.note = '${HOSTILE.replaceAll("'", "''")}'` }],
  ['find_runs', { filter: `params.note LIKE '${HOSTILE.slice(0, 9).replaceAll("'", "''")}%' OR metrics.x > 1` }],
  ['find_runs', { order_by: `metrics.\`${HOSTILE.replaceAll('`', '``')}\` DESC`, experiment: 'hostile', limit: 3 }],
  ['find_runs', { count_only: true, count_by: `tags.${HOSTILE}`, experiment: 'hostile' }],
  ['rank_runs', { metric: HOSTILE, order: 'highest', experiment: 'hostile' }],
  ['summarize_metrics', { metrics: [HOSTILE], group_by: 'params.note', experiment: 'hostile' }],
  ['compare_runs', { last: 2, experiment: 'hostile' }],
  ['get_run', { run: HOSTILE, keys: ['note'] }],
  ['get_metric_history', { runs: [HOSTILE], metrics: [HOSTILE] }],
  ['describe_experiment', { experiment: 'hostile' }],
];

const id = (cell: unknown): string => (cell as { id: string }).id;
const name = (cell: unknown): string => (cell as { name: string }).name;
const json = (cell: Cell): unknown =>
  typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : (cell ?? null);

/** As a key of a JSON object that Python wrote. */
const label = (cell: Cell): string => (cell === undefined ? 'null' : String(isRef(cell) ? cell.name : cell));

const QUANTILE_ROWS: Record<string, string> = { median: '50%', sd: 'std', p90: '90%', p99: '99%', p25: '25%' };

/** Figures of a table's rows by the names that pandas has for them. */
function summaries({ columns, rows }: Table): Record<string, Record<string, unknown>> {
  const figures = (row: readonly Cell[]) =>
    Object.fromEntries(
      columns.flatMap(({ key }, at) =>
        at < 2 || row[at] === undefined ? [] : [[QUANTILE_ROWS[key] ?? key, row[at] as unknown]],
      ),
    );
  return Object.fromEntries(rows.map((row) => [label(row[0]), { ...figures(row) }]));
}

/** What the last line of a tool's Python is to come to, from the data of its finding. */
function expected(tool: string, input: Record<string, unknown>, finding: FindingBody): unknown {
  const { facts = {}, tables } = finding.data;
  const [table] = tables;
  switch (tool) {
    case 'find_runs':
      if (input.count_only !== true) {
        return [facts.count, table === undefined ? [] : cells(finding, 'run').map((run) => [id(run), name(run)])];
      }
      if (input.count_by === undefined) return [facts.count];
      return [facts.count, Object.fromEntries((table?.rows ?? []).map(([group, runs]) => [label(group), runs]))];
    case 'rank_runs':
      return table?.rows.map((row) => [id(row[0]), name(row[0]), row[1]]);
    case 'summarize_metrics': {
      if (table === undefined) return undefined;
      if (input.statistic === 'sum') {
        if (input.group_by === undefined) return facts.sum;
        const at = table.columns.findIndex(({ key }) => key === 'sum');
        return Object.fromEntries(table.rows.map((row) => [label(row[0]), row[at]]));
      }
      const { metrics } = input as { metrics: string[] };
      if (metrics.length === 1) {
        const found = summaries(table);
        return table.columns[0]?.key === 'metric' ? Object.values(found)[0] : found;
      }
      const { columns, rows } = table;
      const of = (metric: string) => columns.findIndex(({ key }) => key.endsWith(` ${metric}`));
      return Object.fromEntries(
        metrics.map((metric) => [
          metric,
          Object.fromEntries(
            rows.flatMap((row) => (row[of(metric)] === undefined ? [] : [[label(row[0]), { '50%': row[of(metric)] }]])),
          ),
        ]),
      );
    }
    case 'analyze_parameter_impact': {
      if (input.with !== undefined) {
        if (facts.pearson === undefined) return { n: facts.n };
        const pair = (value: Cell) => [
          [1, value],
          [value, 1],
        ];
        return [pair(facts.pearson), pair(facts.spearman)];
      }
      const { configurations, runs, adjustedR2 } = facts;
      return { configurations, runs, ...(adjustedR2 !== undefined && { 'adjusted R2': adjustedR2 }) };
    }
    case 'get_metric_history': {
      const rows = table?.rows ?? [];
      const at = (key: string) => table?.columns.findIndex((column) => column.key === key) ?? -1;
      const key = (row: readonly Cell[]) => JSON.stringify([id(row[0]), row[at('metric')]]);
      const values = (row: readonly Cell[]) =>
        at('points') < 0 ? { 2: json(row[at('last')]) } : row.slice(2).map(json);
      return Object.fromEntries(rows.map((row) => [key(row), values(row)]));
    }
    case 'compare_runs': {
      const sections = { Data: 'data', Parameters: 'params', Tags: 'tags', Metrics: 'metrics', Duration: 'metrics' };
      const found: Record<string, Record<string, unknown>> = {};
      const runs = runsMeant(finding).length;
      for (const { title, rows } of tables) {
        const section = sections[title as keyof typeof sections];
        if (section === undefined) continue;
        const values = Object.fromEntries(rows.map((row) => [String(row[0]), row.slice(1, runs + 1).map(json)]));
        found[section] = { ...found[section], ...values };
      }
      return found;
    }
    case 'describe_experiment': {
      const [metrics, params, tags] = tables.map(({ rows }) => rows);
      const some = (rows: Table['rows'] = []) => Object.fromEntries(rows.map((row) => [row[0], row.slice(1, 3)]));
      return {
        metrics: Object.fromEntries(
          (metrics ?? []).map(([key, runs, min, max]) => [key, [runs, json(min), json(max)]]),
        ),
        params: some(params),
        tags: some(tags),
      };
    }
    case 'list_experiments':
      return Object.fromEntries((table?.rows ?? []).map(([experiment, , runs]) => [name(experiment), runs]));
    default: {
      const { run: _, ...values } = facts;
      if (input.keys !== undefined)
        return Object.fromEntries(Object.entries(values).map(([key, one]) => [key, json(one)]));
      return tables.map(({ rows }) => Object.fromEntries(rows.map(([key, value]) => [key, json(value)])));
    }
  }
}

/** Whether Python's value has what is expected, numbers to twelve digits; it may have more. */
function agrees(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'number' && typeof actual === 'number')
    return Math.abs(actual - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
  if (typeof wanted === 'bigint') return BigInt(actual as number) === wanted;
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(wanted) && Array.isArray(actual) && wanted.length > actual.length) return false;
  return Object.entries(wanted).every(([key, value]) => agrees((actual as Record<string, unknown>)[key], value));
}

/** Three runs of an experiment whose every name is hostile, and runs that share a value. */
function insertHostile(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(`INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, workspace)
    VALUES (90, 'hostile', 'x', 'active', 0, 'default'), (91, 'ties', 'x', 'active', 0, 'default')`);
  const run = (experiment: number, n: number, spec: object) =>
    insertRun(database, {
      id: `${experiment}${n}`.padStart(32, '0'),
      experiment,
      start: 1_000 * n,
      end: 2_000 * n,
      ...spec,
    });
  for (const n of [1, 2, 3, 4]) {
    const note = n === 1 ? HOSTILE : `plain ${n}`;
    run(90, n, {
      name: n === 1 ? HOSTILE : `h${n}`,
      params: { note, [HOSTILE]: 'a' },
      tags: { [HOSTILE]: n < 3 ? HOSTILE : 'b' },
    });
    run(91, n, { name: 'twin', params: { seed: String(n) } });
    insertLatest(database, `91${n}`.padStart(32, '0'), 'tie', n < 4 ? 0.5 : 0.25);
    if (n === 4) continue;
    insertLatest(database, `90${n}`.padStart(32, '0'), HOSTILE, n / 3);
    database
      .prepare('INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, 1, ?, 0, 0)')
      .run(HOSTILE, n / 3, `90${n}`.padStart(32, '0'));
  }
  // What a server insists on.
  database.exec(`UPDATE runs SET user_id = 'nobody', artifact_uri = 'x' WHERE experiment_id >= 90`);
  database.close();
}

describe.skipIf(!hasMlflowServer("answers repeated by MLflow's own client"))('the Python of an answer', () => {
  let folder: TemporaryFolder;
  let server: MlflowServer;
  let rig: ToolRig;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    const path = copyDemo(folder.path);
    insertHostile(path);
    server = await startMlflowServer(path);
    rig = await ToolRig.open(path);
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await rig?.store.close();
    await server?.stop();
    folder?.[Symbol.dispose]();
  });

  test('gives the same numbers when it is run', { timeout: SERVER_HOOK_MS }, async () => {
    const findings: FindingBody[] = [];
    for (const [tool, input] of ASKS) findings.push(await rig.ask(tool, input));
    const outcomes = await runPythons(
      findings.map(({ reproduce }) => reproduce),
      server.url,
    );
    const differing = outcomes.flatMap((outcome, at) => {
      const [tool, input] = ASKS[at] as Ask;
      const finding = findings[at] as FindingBody;
      const wanted = expected(tool, input, finding);
      if ('value' in outcome && agrees(outcome.value, wanted)) return [];
      return [{ tool, input, python: finding.reproduce, wanted, outcome }];
    });
    expect(differing).toEqual([]);
  });

  test('is plain text on lines of its own, whatever the names are, and names no path', async () => {
    for (const [tool, input] of ASKS) {
      const { reproduce } = await rig.ask(tool, input);
      expect(reproduce).toMatch(/^[\n\x20-\x7e]+$/);
      expect(reproduce).not.toContain(folder.path);
    }
  });

  test('keeps the runs that a filter means, whatever it is', { timeout: SERVER_HOOK_MS }, async () => {
    const signal = AbortSignal.timeout(SERVER_HOOK_MS);
    const scope = { experiments: 'all', ids: undefined, known: [] } as const;
    const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
    const { runs } = await rig.store.topRuns({}, [], 10_000, everything, signal);
    const filters = fc.sample(
      anyFilter({
        metrics: fc.constantFrom('accuracy', 'top-5 error', 'val/acc', 'margin', HOSTILE),
        numbers: fc.constantFrom(0, 0.5, 0.9, 1e3, 1_795_000_000_000),
        keys: fc.constantFrom('learning_rate', 'algorithm', 'seed', 'team', 'note', HOSTILE, 'mlflow.user'),
        texts: fc.constantFrom(
          'gradient_boosting',
          '%forest',
          'growth',
          'run-1__',
          '1',
          '',
          HOSTILE,
          `%${HOSTILE.slice(3, 8)}%`,
        ),
      }),
      { numRuns: FILTERS, seed: 5 },
    );
    const keeping = (filter: Filter) => `sorted(run.info.run_id for run in runs if ${pythonFilter(filter)})`;
    const whole = pythonScript(...pythonRuns(scope), `[${filters.map(keeping).join(',\n')}]`);
    const searches = filters
      .slice(0, SEARCHED)
      .map((filter) => pythonScript(...pythonRuns(scope, { filter }), 'sorted(run.info.run_id for run in runs)'));
    const [kept, ...found] = await runPythons([whole, ...searches], server.url);
    const wanted = filters.map((filter) => runs.flatMap((run) => (matches(filter, run) ? [run.id] : [])).sort());
    expect(kept).toEqual({ value: wanted });
    expect(found).toEqual(wanted.slice(0, SEARCHED).map((value) => ({ value })));
    expect(wanted.filter(({ length }) => length > 0 && length < runs.length).length).toBeGreaterThan(FILTERS / 4);
  });

  test('reads a literal back as the text that it came from', { timeout: SERVER_HOOK_MS }, async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 300, seed: 6 });
    const outcomes = await runPythons(
      [pythonScript(`[${[HOSTILE, ...texts].map(pythonString).join(', ')}]`)],
      server.url,
    );
    expect(outcomes).toEqual([{ value: [HOSTILE, ...texts] }]);
  });
});
