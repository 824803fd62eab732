/** Which group leads: by its mean and by its single best run, since the two need not agree. */

import type { Direction } from '../../finding/finding.ts';
import { countOf, formatAlike, formatCell } from '../../finding/format.ts';
import type { End, Statistic } from '../../query/query.ts';
import type { Group, Grouping } from '../population/grouping.ts';
import { computeStatistic, type Sample, type Summarized } from './words.ts';

/** Which end of the scale comes first. `direction` is needed for best and worst alone. */
export function firstEnd(order: End, direction: () => Direction): 'higher' | 'lower' {
  if (order === 'highest') return 'higher';
  if (order === 'lowest') return 'lower';
  const better = direction().value;
  return order === 'best' ? better : better === 'higher' ? 'lower' : 'higher';
}

interface Leader {
  readonly groups: readonly Group[];
  readonly value: number;
}

function leaderBy(
  sample: Sample,
  grouping: Grouping,
  statistic: Statistic,
  first: 'higher' | 'lower',
): Leader | undefined {
  const sign = first === 'higher' ? 1 : -1;
  const valued = grouping.groups.flatMap((group) => {
    const value = group.label === undefined ? undefined : computeStatistic(sample, group.rows, statistic);
    return value === undefined ? [] : [{ group, value }];
  });
  const best = Math.max(...valued.map(({ value }) => sign * value));
  const leaders = valued.filter(({ value }) => sign * value === best);
  const [leader] = leaders;
  return leader && { groups: leaders.map(({ group }) => group), value: leader.value };
}

/**
 * `` `xgb` has the highest mean `f1` in `churn`: 0.7 (40 runs), and the highest single run: 0.8 ``, or which group leads
 * by which; by the one statistic where one was asked for.
 */
export function leaderSentence(
  { reading, samples }: Summarized,
  grouping: Grouping,
  first: 'higher' | 'lower',
  asked: Statistic | undefined,
): string {
  const [sample] = samples;
  const { measure } = sample;
  const end = first === 'higher' ? 'highest' : 'lowest';
  const center = leaderBy(sample, grouping, asked ?? 'mean', first);
  const single = leaderBy(sample, grouping, first === 'higher' ? 'max' : 'min', first);
  if (center === undefined || single === undefined) return `No ${grouping.name} has ${measure.label} ${reading.where}.`;
  const [meanText = '', singleText = ''] = formatAlike([center.value, single.value], measure.columnKind);
  const names = ({ groups }: Leader) =>
    groups
      .map(({ label }) => formatCell(label, { key: grouping.key, label: grouping.key, kind: grouping.kind }))
      .join(', ');
  const runs = center.groups
    .map(({ rows }) => countOf(rows.filter((row) => sample.included.has(row)).length, 'run'))
    .join(', ');
  const verb = (leader: Leader) => (leader.groups.length > 1 ? 'tie for' : 'has');
  const lead = `${names(center)} ${verb(center)} the ${end} ${asked ?? 'mean'} ${measure.label} by ${grouping.name} ${reading.where}: ${meanText} (${runs})`;
  if (asked !== undefined) return `${lead}.`;
  if (names(center) === names(single)) return `${lead}, and the ${end} single run too: ${singleText}.`;
  return `By mean and by single runs it is not the same: ${lead}; the ${end} single run is of ${names(single)}: ${singleText}.`;
}
