/** Groups that only text tells of: "`algorithm` is `random_forest` (33), `svm` (4) in 37 runs". */
import type { Finding } from '../../finding/finding.ts';

export interface SaidGroups {
  readonly key: string;
  readonly groups: readonly { readonly label: string; readonly count: number }[];
}

const LIST = /^`([^`]+)` is ((?:`[^`]+` \(\d[\d,]*\)(?:, | and |…)?)+)/;
const ONE = /`([^`]+)` \((\d[\d,]*)\)/g;

export function saidGroups({ caveats }: Finding): SaidGroups[] {
  return caveats.flatMap(({ text }) => {
    const [, key, list] = LIST.exec(text) ?? [];
    if (key === undefined || list === undefined) return [];
    const groups = Array.from(list.matchAll(ONE), ([, label = '', count = '']) => ({
      label,
      count: Number(count.replaceAll(',', '')),
    }));
    return [{ key, groups }];
  });
}

export interface SaidMean {
  readonly label: string;
  readonly value: number;
}

const MEANS = /; mean ((?:[-\d.e+]+ at (?:`[^`]+`|[^,;)]+)(?:, )?)+)/;
const MEAN = /([-\d.e+]+) at (?:`([^`]+)`|([^,;)]+))/g;

/** Of each level of a parameter: "mean 1826.79 at aurora-large, 920.552 at aurora-small". */
export function saidMeans({ summary }: Finding): SaidMean[] {
  const list = MEANS.exec(summary)?.[1] ?? '';
  return Array.from(list.matchAll(MEAN), ([, value, quoted, plain]) => ({
    label: quoted ?? plain ?? '',
    value: Number(value),
  })).filter(({ value }) => Number.isFinite(value));
}
