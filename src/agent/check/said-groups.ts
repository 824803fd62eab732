/** Groups that a note counts in words: "`algorithm` is `random_forest` (33), `svm` (4) in 37 runs". */
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
