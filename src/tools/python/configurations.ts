/** Lines of a script that tell configurations apart: runs that differ in seeds and identifiers only are one. */
import type { Impact } from '../../analysis/impact.ts';
import { pythonList } from './python-text.ts';

/** Lines that make `groups`: the runs of each configuration, by the params that tell configurations apart. */
export function configurationLines(apart: Impact['apart']): string[] {
  const keys = (wanted: 'number' | 'category') =>
    pythonList(apart.flatMap(({ param, kind }) => (kind === wanted ? [param] : [])));
  return [
    '# Params that tell configurations apart: seeds and identifiers are left out.',
    `numbers = ${keys('number')}`,
    `names = ${keys('category')}`,
    'groups = {}',
    'for run in runs:',
    '    levels = [level(run.data.params.get(key), key in numbers) for key in numbers + names]',
    '    groups.setdefault(tuple(levels), []).append(run)',
  ];
}
