/** The script that repeats the description of an experiment. */
import { pythonScript } from '../python/python-text.ts';
import { pythonRuns } from '../python/reproduce.ts';
import type { Scope } from '../resolve/scope.ts';

/** Runs by status; per metric `[runs, min, max]` of finite values; per param and tag `[runs, distinct values]`. */
export function pythonDescription(scope: Scope, runs: number): string {
  return pythonScript(
    ...pythonRuns(scope, { runs }),
    'def collect(read):',
    '    found = {}',
    '    for run in runs:',
    '        for key, value in read(run).items():',
    '            if not key.startswith(("mlflow.", "system/")):',
    '                found.setdefault(key, []).append(value)',
    '    return found',
    'def span(values):',
    '    finite = [one for one in values if abs(one) < 1.797e308]',
    '    return [len(values), min(finite, default=None), max(finite, default=None)]',
    [
      '{',
      '    "runs": Counter(run.info.status for run in runs),',
      '    "metrics": {key: span(values) for key, values in collect(lambda run: run.data.metrics).items()},',
      '    "params": {key: [len(one), len(set(one))] for key, one in collect(lambda run: run.data.params).items()},',
      '    "tags": {key: [len(one), len(set(one))] for key, one in collect(lambda run: run.data.tags).items()},',
      '}',
    ].join('\n'),
  );
}
