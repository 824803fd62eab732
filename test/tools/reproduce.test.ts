/** The Python that an answer carries, run as it stands by MLflow's own client on a copy of the demo. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FindingBody } from '../../src/tools/kit/finding.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, mlflowPython, SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { cells, ToolRig } from './ask-tool.ts';

interface Repeated {
  readonly tool: string;
  readonly input: unknown;
  /** Of what the Python leaves; `it` is the value of its last line. */
  readonly python: string;
  readonly says: (finding: FindingBody) => unknown;
}

const count = { python: 'len(runs)', says: ({ data }: FindingBody) => data.facts?.count };
const BY_RUN = '[[row["run_id"], row["value"]] for _, row in it.head(5).iterrows()]';

const CASES: readonly Repeated[] = [
  {
    tool: 'find_runs',
    input: {
      count_only: true,
      filter: "status = 'FAILED' AND start_time >= '2026-11-01' AND start_time < '2026-12-01'",
    },
    ...count,
  },
  { tool: 'find_runs', input: { experiment: 'digits-mlp', lifecycle: 'deleted' }, ...count },
  { tool: 'find_runs', input: { filter: "tags.team = 'growth' AND metrics.accuracy > 0.7" }, ...count },
  {
    tool: 'find_runs',
    input: { filter: "params.learning_rate <= 0.01 AND params.algorithm = 'gradient_boosting'" },
    python: 'sum(float(rate) <= 0.01 for rate in runs["params.learning_rate"].dropna())',
    says: ({ data }) => data.facts?.count,
  },
  {
    tool: 'rank_runs',
    input: { metric: 'f1_score' },
    python: BY_RUN,
    says: (finding) =>
      cells(finding, 'run').map((run, at) => [(run as { id: string }).id, cells(finding, 'metrics.f1_score')[at]]),
  },
  {
    tool: 'summarize_metrics',
    input: { metrics: ['accuracy'], group_by: 'algorithm' },
    python: '{name: round(row["mean"], 9) for name, row in it.iterrows()}',
    says: (finding) =>
      Object.fromEntries(
        cells(finding, 'params.algorithm').map((name, at) => [name, round(cells(finding, 'mean')[at])]),
      ),
  },
  {
    tool: 'analyze_parameter_impact',
    input: { metric: 'accuracy', with: 'auc_roc' },
    python: '[round(table.iloc[0, 1], 9) for table in it]',
    says: ({ data }) => [round(data.facts?.pearson), round(data.facts?.spearman)],
  },
  {
    tool: 'analyze_parameter_impact',
    input: { metric: 'f1_score' },
    python: 'int(it["target"].notna().sum())',
    says: ({ coverage }) => coverage.considered,
  },
  {
    tool: 'get_metric_history',
    input: { runs: ['17'], metrics: ['training_loss'] },
    python: '[[len(points), points[-1].value] for points in histories.values()]',
    says: ({ data }) => [[data.facts?.points, data.facts?.last]],
  },
  {
    tool: 'compare_runs',
    input: { last: 3, experiment: 'churn-prediction' },
    python: '[run.info.run_id for run in runs]',
    says: ({ subject }) => subject.runIds,
  },
];

function round(value: unknown): number {
  return Number(Number(value).toFixed(9));
}

/** Runs each text in a namespace of its own and prints what an expression makes of it. */
const RUNNER = `
import ast, json, sys
for text, wanted in json.load(sys.stdin):
    names, lines = {"it": None}, ast.parse(text).body
    last = lines.pop() if isinstance(lines[-1], ast.Expr) else None
    exec(compile(ast.Module(lines, []), "answer", "exec"), names)
    if last is not None:
        names["it"] = eval(compile(ast.Expression(last.value), "answer", "eval"), names)
    print(json.dumps(eval(wanted, names)))
`;

describe.skipIf(!hasMlflowServer("answers repeated by MLflow's own client"))('the Python of an answer', () => {
  let folder: TemporaryFolder;
  let rig: ToolRig;
  let path: string;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    path = copyDemo(folder.path);
    rig = await ToolRig.open(path);
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await rig?.store.close();
    folder?.[Symbol.dispose]();
  });

  test('runs, and gives what the answer says', { timeout: SERVER_HOOK_MS }, async () => {
    const findings: FindingBody[] = [];
    for (const { tool, input } of CASES) findings.push(await rig.ask(tool, input));
    const output = execFileSync(mlflowPython(), ['-c', RUNNER], {
      input: JSON.stringify(findings.map(({ reproduce }, at) => [reproduce, CASES[at]?.python])),
      env: { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${path}`, DO_NOT_TRACK: 'true' },
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const repeated = output
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(repeated).toEqual(findings.map((finding, at) => CASES[at]?.says(finding)));
  });
});
