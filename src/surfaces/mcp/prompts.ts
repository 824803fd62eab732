/** Prompts for the common analyses: questions that a person picks and fills in, with the store's own names. */
import { completable, type McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { sanitizeLine } from '../../present/sanitize.ts';
import type { Names } from '../shared/names.ts';
import { fitting } from './fitting.ts';

type ArgumentName = 'experiment' | 'metric' | 'run' | 'other';

interface Analysis {
  readonly title: string;
  readonly description: string;
  readonly needs: readonly ArgumentName[];
  readonly may?: readonly ArgumentName[];
  /** What to do, with each argument in quotes as it is, or '' where it was left out. */
  words(quoted: Readonly<Record<ArgumentName, string>>): string;
}

const inExperiment = (experiment: string): string => (experiment === '' ? '' : ` in ${experiment}`);

const ANALYSES: Readonly<Record<string, Analysis>> = {
  best_run: {
    title: 'Best run',
    description: 'The best run by a metric, how sure that is, and what it did differently',
    needs: ['metric'],
    may: ['experiment'],
    words: ({ metric, experiment }) =>
      `Which run has the best ${metric}${inExperiment(experiment)}? Use rank_runs, then compare_runs for the first three. Say by how much it leads, whether that is more than seeds differ, and what was left out of the ranking and why.`,
  },
  compare_two_runs: {
    title: 'Compare two runs',
    description: 'What differs between two runs, and which is better',
    needs: ['run', 'other'],
    words: ({ run, other }) =>
      `Compare the runs ${run} and ${other} with compare_runs. Say which is better on which metric, and which params differ; do not claim that a param caused a difference.`,
  },
  what_matters: {
    title: 'What matters for a metric',
    description: 'Which params go along with a metric, beyond what chance produces',
    needs: ['metric'],
    may: ['experiment'],
    words: ({ metric, experiment }) =>
      `Which params matter most for ${metric}${inExperiment(experiment)}? Use analyze_parameter_impact and keep its caveats: association is not cause, and too few configurations show nothing.`,
  },
  training_curve: {
    title: 'Training curve',
    description: 'How a metric of a run went over training, with a diagnosis',
    needs: ['run', 'metric'],
    words: ({ run, metric }) =>
      `How did ${metric} of the run ${run} go over training? Use get_metric_history. Say whether it diverged, overfit, reached a plateau or was still improving, and at which step it was best.`,
  },
  experiment_report: {
    title: 'Experiment report',
    description: 'What an experiment holds, its best runs, what matters in it and what failed',
    needs: ['experiment'],
    words: ({ experiment }) =>
      `Report on the experiment ${experiment}: what it holds (describe_experiment), its best runs by its primary metric (rank_runs), which params matter (analyze_parameter_impact), and how many runs failed (find_runs). Begin with what somebody should do next only if the findings show it.`,
  },
  recent_failures: {
    title: 'Recent failures',
    description: 'Which runs failed this week and what they have in common',
    needs: [],
    may: ['experiment'],
    words: ({ experiment }) =>
      `Which runs failed this week${inExperiment(experiment)}? List them with find_runs, then count the failed runs by the params that vary. MLflow does not record why a run failed: say what they share, not why.`,
  },
};

const DESCRIPTIONS: Readonly<Record<ArgumentName, string>> = {
  experiment: 'name or id of the experiment',
  metric: 'key of the metric',
  run: 'name or id of the run',
  other: 'name or id of the other run',
};
const LISTS = { experiment: 'experiments', metric: 'metrics', run: 'runs', other: 'runs' } as const;

export function offerPrompts(server: McpServer, names: Names): void {
  const argument = (name: ArgumentName) =>
    completable(z.string().max(1000).describe(DESCRIPTIONS[name]), async (typed) =>
      fitting((await names.read())[LISTS[name]], typed),
    );
  for (const [name, { title, description, needs, may = [], words }] of Object.entries(ANALYSES)) {
    const fields = [
      ...needs.map((one) => [one, argument(one)] as const),
      ...may.map((one) => [one, argument(one).optional()] as const),
    ];
    server.registerPrompt(name, { title, description, argsSchema: z.object(Object.fromEntries(fields)) }, (given) => ({
      messages: [{ role: 'user', content: { type: 'text', text: words(quoteAll(given)) } }],
    }));
  }
}

/** A name is set off from the words around it, whatever it holds. */
function quoteAll(given: Readonly<Record<string, unknown>>): Readonly<Record<ArgumentName, string>> {
  const quoted = (name: ArgumentName) =>
    typeof given[name] === 'string' ? JSON.stringify(sanitizeLine(given[name])) : '';
  return { experiment: quoted('experiment'), metric: quoted('metric'), run: quoted('run'), other: quoted('other') };
}
