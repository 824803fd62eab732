/** The script that repeats what is said of curves. */
import { IS_FINITE, pythonScript } from '../python/python-text.ts';
import { pythonHistories } from '../python/reproduce.ts';

/** `{(run, metric): (points, first, last, min, max)}`; the extremes are those of finite points. */
export function pythonCurves(runIds: readonly string[], keys: readonly string[], judged: boolean): string {
  return pythonScript(
    ...(judged ? ['# The verdict is not repeated: these are the curves of the runs that show it.'] : []),
    ...pythonHistories(runIds, keys),
    'found = {}',
    'for curve, points in histories.items():',
    `    finite = [one.value for one in points if ${IS_FINITE}]`,
    '    low, high = (min(finite), max(finite)) if finite else (None, None)',
    '    found[curve] = len(points), points[0].value, points[-1].value, low, high',
    'found',
  );
}
