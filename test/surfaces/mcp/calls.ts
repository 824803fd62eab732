/** Calls that the demo answers. */

/** An input of each capability. */
export const CALLS: Readonly<Record<string, Record<string, unknown>>> = {
  list_experiments: {},
  describe_experiment: { experiment: 'churn-prediction' },
  find_runs: { experiment: 'churn-prediction', filter: "attributes.status = 'FAILED'" },
  rank_runs: { metric: 'f1_score' },
  summarize_metrics: { metrics: ['accuracy'], group_by: 'params.algorithm', experiment: 'churn-prediction' },
  get_run: { run: 'run-017' },
  compare_runs: { runs: ['run-145', 'run-009'] },
  get_metric_history: { runs: ['run-017'], metrics: ['training_loss'] },
  analyze_parameter_impact: { metric: 'f1_score' },
};
