/** The tools over the bundled demo, against what its script says it logged. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPath, readTruth, type TrueRun } from '../support/demo.ts';
import { cells, namesIn, runNames, runsMeant, ToolRig } from './ask-tool.ts';

interface Answers {
  readonly best_f1: {
    considered: number;
    margin: number;
    run: { id: string; f1_score: number };
    runner_up: { name: string };
  };
  readonly lowest_f1_tie: string[];
  readonly top_5_auc_gradient_boosting: { name: string }[];
  readonly failed_total: { total: number; by_experiment: Record<string, number> };
  readonly failed_this_month: { total: number };
  readonly last_2_runs: { params_that_differ: string[]; runs: string[] };
  readonly last_3_runs: { name: string }[];
  readonly accuracy_by_algorithm: Record<string, { mean: number; n: number; sd: number }>;
  readonly training_loss_run_017: { first: number; last: number; min: number; max: number; n: number };
  readonly diverged_runs: { name: string; first_nonfinite_step: number }[];
  readonly overfit_runs: { name: string; best_step: number }[];
  readonly resumed: { name: string }[];
  readonly impact_on_f1: {
    configurations: number;
    important: string;
    noise: string;
    constant: string[];
    learning_rate: { adjusted_r2: number; turning_point: number };
  };
  readonly learning_rate_vs_accuracy: {
    runs: { n: number; pearson: number; spearman: number; pearson_log10_x: number };
  };
  readonly chat: { daily_means: Record<string, { total_latency_mean: number }>; regression_day: string };
}

const truth = readTruth() as ReturnType<typeof readTruth> & { answers: Answers };
const { answers } = truth;
let rig: ToolRig;

beforeAll(async () => {
  rig = await ToolRig.open(demoPath);
});
afterAll(() => rig.store.close());

const runsOf = (name: string): readonly TrueRun[] => truth.experiments.find((one) => one.name === name)?.runs ?? [];

describe('experiments', () => {
  test('are listed with their active runs', async () => {
    const found = await rig.ask('list_experiments', {});
    const active = truth.experiments.filter(({ lifecycle }) => lifecycle === 'active');
    expect(found.summary).toMatch(new RegExp(`^${active.length} experiments: `));
    const counts = new Map(namesIn(found, 'experiment').map((name, i) => [name, cells(found, 'runs')[i]]));
    expect(found.coverage).toMatchObject({ unit: 'experiment', matched: active.length, considered: active.length });
    for (const { name, runs } of active)
      expect(counts.get(name), name).toBe(runs.filter(({ lifecycle }) => lifecycle === 'active').length);
  });

  test('are found by words of name, description and tags, deleted ones only when asked', async () => {
    expect(namesIn(await rig.ask('list_experiments', { text: 'churn' }), 'experiment')).toEqual(['churn-prediction']);
    expect(namesIn(await rig.ask('list_experiments', { tag: 'project=customer-retention' }), 'experiment')).toEqual([
      'churn-prediction',
    ]);
    const deleted = truth.experiments.filter(({ lifecycle }) => lifecycle === 'deleted').map(({ name }) => name);
    expect(namesIn(await rig.ask('list_experiments', { lifecycle: 'deleted' }), 'experiment')).toEqual(deleted);
    expect((await rig.refusal('list_experiments', { text: 'chrun' })).code).toBe('unknown_experiment');
  });

  test('are described by what their runs logged', async () => {
    const found = await rig.ask('describe_experiment', { experiment: 'churn-prediction' });
    const runs = runsOf('churn-prediction').filter(({ lifecycle }) => lifecycle === 'active');
    expect(found.summary).toContain(`has ${runs.length} runs`);
    const metrics = new Set(runs.flatMap((run) => Object.keys(run.metrics)));
    expect(new Set(cells(found, 'metric'))).toEqual(metrics);
  });

  test('that differ by one character are never mixed up', async () => {
    const refusal = await rig.refusal('describe_experiment', { experiment: 'fraud-detection' });
    expect(refusal.code).toBe('ambiguous_experiment');
    expect(refusal.choices.map(({ value }) => value).sort()).toEqual(['fraud-detection-v1', 'fraud-detection-v2']);
    expect((await rig.refusal('rank_runs', { experiment: 'fraud-detection-v3' })).hint).toContain('fraud-detection-v');
  });
});

describe('rank_runs', () => {
  test('names the best finished leaf run and the unfinished one that would have won', async () => {
    const found = await rig.ask('rank_runs', { metric: 'f1' });
    expect(found.data.facts).toMatchObject({ run: { id: answers.best_f1.run.id }, runs: answers.best_f1.considered });
    expect(found.data.facts?.margin).toBeCloseTo(answers.best_f1.margin, 6);
    expect(found.summary).toMatch(/^`run-145` \(ec647f4f\) has the best `f1_score` in `churn-prediction`: 0\.733968 /);
    expect(found.summary).toContain(answers.best_f1.runner_up.name);
    expect(found.direction).toEqual({ value: 'higher', source: 'name' });
    expect(found.caveats.map(({ code }) => code)).toEqual(expect.arrayContaining(['NAME_MENDED', 'UNFINISHED_RIVAL']));
    expect(found.text).not.toContain('run-109');
  });

  test('shows ties as ties', async () => {
    const found = await rig.ask('rank_runs', { metric: 'f1_score', order: 'worst' });
    expect(found.summary).toMatch(new RegExp(`^${answers.lowest_f1_tie.length} runs tie for the worst`));
    for (const name of answers.lowest_f1_tie) expect(found.summary).toContain(name);
  });

  test('lists the top of a filtered population in order', async () => {
    const filter = "params.algorithm = 'gradient_boosting'";
    const found = await rig.ask('rank_runs', { metric: 'auc_roc', top: 5, filter });
    expect(runNames(found)).toEqual(answers.top_5_auc_gradient_boosting.map(({ name }) => name));
  });

  test('means over seeds put runs of one configuration together', async () => {
    const found = await rig.ask('rank_runs', { metric: 'f1_score', value: 'mean_over_seeds' });
    expect(found.data.facts?.runs).toBe(answers.impact_on_f1.configurations);
    expect(found.coverage.considered).toBe(answers.best_f1.considered);
  });

  test('best step reads the whole history, also of runs that ended as NaN', async () => {
    const last = await rig.ask('rank_runs', { metric: 'val_loss' });
    const best = await rig.ask('rank_runs', { metric: 'val_loss', value: 'best_step' });
    expect(best.data.facts?.value).toBeLessThanOrEqual(last.data.facts?.value as number);
    expect(best.data.facts?.runs).toBe((last.data.facts?.runs as number) + 1);
  });

  test('asks back where a metric belongs to several experiments, a direction is unknown, or no metric is named', async () => {
    const several = await rig.refusal('rank_runs', {});
    expect(several.code).toBe('ambiguous_metric');
    expect((await rig.refusal('rank_runs', { metric: 'total_requests' })).code).toBe('ambiguous_direction');
    expect((await rig.ask('rank_runs', { metric: 'total_requests', order: 'highest' })).direction).toBeUndefined();
    expect((await rig.ask('rank_runs', { metric: 'total_requests', direction: 'higher' })).direction?.source).toBe(
      'asked',
    );
  });
});

describe('find_runs', () => {
  test('counts by status, over the store and by experiment', async () => {
    const found = await rig.ask('find_runs', { filter: "attributes.status = 'FAILED'", count_only: true });
    expect(found.summary).toBe(`${answers.failed_total.total} FAILED runs in the whole store.`);
    const counts = namesIn(found, 'experiment').map((name, i) => [name, cells(found, 'runs')[i]]);
    expect(Object.fromEntries(counts)).toEqual(answers.failed_total.by_experiment);
    const month = {
      filter: "attributes.status = 'FAILED' AND attributes.start_time >= '2026-11-01'",
      count_only: true,
    };
    expect((await rig.ask('find_runs', month)).data.facts?.count).toBe(answers.failed_this_month.total);
  });

  test('lists deleted runs only when asked', async () => {
    const deleted = runsOf('digits-mlp').filter(({ lifecycle }) => lifecycle === 'deleted');
    const found = await rig.ask('find_runs', { experiment: 'digits-mlp', lifecycle: 'deleted' });
    expect(new Set(runNames(found))).toEqual(new Set(deleted.map(({ name }) => name)));
    expect(found.summary).toContain(`${deleted.length} deleted runs`);
  });

  test('says which condition emptied the list, and which keys do exist', async () => {
    const none = await rig.ask('find_runs', { filter: "metrics.f1_score > 2 AND attributes.status = 'FINISHED'" });
    expect(none.summary).toMatch(/^No FINISHED runs with `f1_score` > 2 in the whole store: 0 of \d+ runs/);
    expect(none.summary).toContain('the one on `f1_score` 0, the one on `status`');
    const refusal = await rig.refusal('find_runs', { experiment: 'churn-prediction', filter: 'metrics.f1 > 0.5' });
    expect(refusal).toMatchObject({ code: 'unknown_metric' });
    expect(`${refusal.message} ${refusal.hint}`).toContain('f1_score');
    expect((await rig.refusal('find_runs', { filter: 'f1 >' })).code).toBe('invalid_filter');
  });
});

describe('summarize_metrics', () => {
  test('gives mean, sd and n by a param, the better first', async () => {
    const found = await rig.ask('summarize_metrics', { metrics: ['accuracy'], group_by: 'algorithm' });
    const rows = Object.entries(answers.accuracy_by_algorithm).sort((a, b) => b[1].mean - a[1].mean);
    expect(cells(found, 'params.algorithm')).toEqual(rows.map(([name]) => name));
    for (const [i, [, { mean, n, sd }]] of rows.entries()) {
      expect(cells(found, 'mean')[i]).toBeCloseTo(mean, 5);
      expect(cells(found, 'sd')[i]).toBeCloseTo(sd, 5);
      expect(cells(found, 'count')[i]).toBe(n);
    }
  });

  test('follows days in their own order', async () => {
    const found = await rig.ask('summarize_metrics', { metrics: ['total_latency_mean'], group_by: 'day' });
    const days = Object.entries(answers.chat.daily_means);
    expect(cells(found, 'day')).toEqual(days.map(([day]) => day));
    for (const [i, [, means]] of days.entries())
      expect(cells(found, 'mean')[i]).toBeCloseTo(means.total_latency_mean, 3);
  });
});

describe('runs by reference', () => {
  test('run 17 is the run whose name ends in 17', async () => {
    for (const run of ['17', 'run 17', 'run-017', 'RUN-017', '45b58f3a'])
      expect(runsMeant(await rig.ask('get_run', { run })), run).toEqual(['45b58f3a807d4f89bece2523375277c6']);
  });

  test('a value asked for comes at once, a key that was never logged is refused with what there is', async () => {
    const found = await rig.ask('get_run', { run: 'run-017', keys: ['f1', 'learning_rate', 'duration'] });
    expect(found.summary).toMatch(
      /^`run-017` \(45b58f3a\): `f1_score` 0\.67762\d+, `learning_rate` 0\.6, duration 9 m 18 s\.$/,
    );
    const refusal = await rig.refusal('get_run', { run: 'run-017', keys: ['rmse'] });
    expect(refusal).toMatchObject({ code: 'no_data' });
    expect(refusal.message).toContain('f1_score');
  });
});

describe('compare_runs', () => {
  test('tells what changed between the last two runs', async () => {
    const found = await rig.ask('compare_runs', { last: 2 });
    expect(runsMeant(found).length).toBe(2);
    expect(found.summary).toMatch(
      new RegExp(`^From \`${answers.last_2_runs.runs[1]}\` .* to \`${answers.last_2_runs.runs[0]}\``),
    );
    const params = found.data.tables.find(({ title }) => title === 'Parameters');
    expect(params?.rows.map(([key]) => key)).toEqual(answers.last_2_runs.params_that_differ);
  });

  test('names the last three runs, newest first', async () => {
    const found = await rig.ask('compare_runs', { last: 3 });
    const names = answers.last_3_runs.map(({ name }) => `\`${name}\` \\([0-9a-f]{8}\\)`);
    expect(found.summary).toMatch(new RegExp(`newest first, are ${names.join(', ')}\\.`));
  });
});

describe('get_metric_history', () => {
  test('states the extremes of all points and draws them', async () => {
    const found = await rig.ask('get_metric_history', { runs: ['17'], metrics: ['training_loss'], max_points: 10 });
    const { first, last, min, max, n } = answers.training_loss_run_017;
    for (const [key, value] of Object.entries({ first, last, min, max }))
      expect(found.data.facts?.[key], key).toBeCloseTo(value, 6);
    expect(found.data.facts?.points).toBe(n);
    expect(found.data.series?.[0]?.points.length).toBeLessThanOrEqual(12);
    expect(found.data.series?.[0]?.logged).toBe(n);
  });

  test('finds the runs that diverged and those that overfitted', async () => {
    const diverged = await rig.ask('get_metric_history', { diagnosis: 'diverged' });
    expect(new Set(runNames(diverged))).toEqual(new Set(answers.diverged_runs.map(({ name }) => name)));
    expect(diverged.summary).toContain(`step ${answers.diverged_runs[0]?.first_nonfinite_step}`);
    const overfit = await rig.ask('get_metric_history', { diagnosis: 'overfitting', experiment: 'digits-mlp' });
    expect(new Set(runNames(overfit))).toEqual(new Set(answers.overfit_runs.map(({ name }) => name)));
    expect(cells(overfit, 'step').toSorted()).toEqual(answers.overfit_runs.map((run) => run.best_step).toSorted());
  });

  test('says that a resumed run logged steps twice', async () => {
    const found = await rig.ask('get_metric_history', { runs: [answers.resumed[0]?.name], metrics: ['val_loss'] });
    expect(found.caveats.map(({ code }) => code)).toContain('REPEATED_STEPS');
  });
});

describe('analyze_parameter_impact', () => {
  test('finds the param that matters, its optimum, and what is noise', async () => {
    const { important, noise, constant, configurations, learning_rate } = answers.impact_on_f1;
    const found = await rig.ask('analyze_parameter_impact', { metric: 'f1_score' });
    expect(found.summary).toMatch(
      new RegExp(`^Across ${configurations} configurations in .*, \`${important}\` is associated`),
    );
    expect(found.data.facts?.adjustedR2).toBeCloseTo(learning_rate.adjusted_r2, 4);
    expect(found.summary).toContain(`highest near ${learning_rate.turning_point.toPrecision(1)}`);
    const verdicts = new Map(cells(found, 'param').map((param, i) => [param, cells(found, 'verdict')[i]]));
    expect(verdicts.get(noise)).toBe('noise');
    expect(verdicts.has('max_depth + min_samples_leaf')).toBe(true);
    expect(found.text).toContain(`\`${constant[0]}\` (constant)`);
  });

  test('is tentative about a param that few configurations have, however many there are', async () => {
    const found = await rig.ask('analyze_parameter_impact', {
      metric: 'f1_score',
      filter: "attributes.start_time >= '2026-11-01'",
    });
    const n = cells(found, 'n')[0];
    expect(found.summary).toContain(`(tentative: only ${n} configurations have it)`);
    expect(n).toBeLessThan(found.data.facts?.configurations as number);
  });

  test('answers about one param, constant ones included', async () => {
    const noise = await rig.ask('analyze_parameter_impact', { metric: 'f1_score', params: ['loader_workers'] });
    expect(noise.summary).toMatch(/^No: `loader_workers` shows no association/);
    const constant = await rig.ask('analyze_parameter_impact', { metric: 'f1_score', params: ['n_estimators'] });
    expect(constant.summary).toMatch(/^`n_estimators` is constant: 60 in/);
  });

  test('correlates a metric with a param by both measures', async () => {
    const { n, pearson, spearman, pearson_log10_x } = answers.learning_rate_vs_accuracy.runs;
    const found = await rig.ask('analyze_parameter_impact', { metric: 'accuracy', with: 'learning_rate' });
    expect(found.data.facts?.n).toBe(n);
    expect(found.data.facts?.pearson).toBeCloseTo(pearson, 5);
    expect(found.data.facts?.spearman).toBeCloseTo(spearman, 5);
    expect(found.data.facts?.pearsonLog10).toBeCloseTo(pearson_log10_x, 5);
  });

  test('refuses below the evidence floor', async () => {
    const few = { metric: 'f1_score', filter: "params.algorithm = 'gradient_boosting' AND params.learning_rate > 1" };
    expect((await rig.refusal('analyze_parameter_impact', few)).code).toBe('too_few');
  });
});

describe('what a model reads', () => {
  const everyday: [string, unknown][] = [
    ['rank_runs', { metric: 'f1_score' }],
    ['rank_runs', { metric: 'accuracy', top: 5, filter: "params.algorithm = 'gradient_boosting'" }],
    ['compare_runs', { last: 3 }],
    ['get_metric_history', { runs: ['17'], metrics: ['training_loss'] }],
    ['analyze_parameter_impact', { metric: 'f1_score' }],
    ['summarize_metrics', { metrics: ['accuracy'], group_by: 'algorithm' }],
    ['find_runs', { filter: "attributes.status = 'FAILED'", count_only: true }],
    ['find_runs', { filter: "attributes.status = 'FAILED'" }],
    ['list_experiments', {}],
    ['get_run', { run: '17', keys: ['f1_score'] }],
  ];

  test('is small: at most 1,000 tokens each, the median at most 300', async () => {
    const sizes: number[] = [];
    for (const [name, input] of everyday) sizes.push(encode((await rig.ask(name, input)).text).length);
    expect(Math.max(...sizes), sizes.join(' ')).toBeLessThanOrEqual(1_000);
    sizes.sort((a, b) => a - b);
    expect(((sizes[4] ?? 0) + (sizes[5] ?? 0)) / 2, sizes.join(' ')).toBeLessThanOrEqual(300);
  });

  test('is small also where there is much to show', async () => {
    const wide: [string, unknown][] = [
      ['describe_experiment', { experiment: 'churn-prediction' }],
      ['compare_runs', { last: 20, experiment: 'churn-prediction' }],
      ['get_run', { run: '17' }],
      ['get_metric_history', { metrics: ['val_loss', 'train_loss', 'val_accuracy'], experiment: 'digits-mlp' }],
      ['find_runs', { experiment: 'chat-inference' }],
    ];
    for (const [name, input] of wide)
      expect(encode((await rig.ask(name, input)).text).length, name).toBeLessThanOrEqual(1_000);
    const asked = await rig.ask('find_runs', { experiment: 'churn-prediction', limit: 120 });
    expect(asked.text.split('\n').filter((line) => line.startsWith('| ')).length).toBe(1 + 120);
    expect(encode(asked.text).length).toBeLessThanOrEqual(8_000);
  });
});
