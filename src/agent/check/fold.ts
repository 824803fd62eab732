import { SHORT_FORMS } from '../terms/metrics.ts';

/** Case and separators do not tell names apart in prose: `F1 score` is `f1_score`. */
export const foldName = (name: string): string => name.toLowerCase().replace(/[-_\s./:]+/g, '_');

/** Short forms written out besides: `val acc` and `validation_accuracy` are one. */
export const foldKey = (key: string): string =>
  foldName(key)
    .split('_')
    .map((part) => SHORT_FORMS.get(part) ?? part)
    .join('_');
