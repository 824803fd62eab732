/** Counts the runs of a population group by group: per status, experiment, day, param or tag. */

import type { Caveat } from '../../finding/finding.ts';
import { formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Table } from '../../finding/table.ts';
import type { Population, RunCount } from '../../mlflow/runs/tracking-store.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import {
  type Group,
  type Grouping,
  groupCounted,
  groupProjection,
  groupRows,
  isOrdered,
  mendGroupKey,
} from '../population/grouping.ts';
import { whereText } from '../resolve/filter-words.ts';
import type { Scope } from '../resolve/scope.ts';

export interface GroupCounts {
  readonly table: Table;
  /** `` by `algorithm`: gradient_boosting 95, random_forest 30, none 36 `` */
  readonly text: string;
  readonly caveats: readonly Caveat[];
}

/** Which group comes first; default: numbers and days in their own order, others by count. */
export type CountOrder = 'most' | 'fewest';

const MOST_NAMED = 5;

/** Runs that are meant, with what is known of their number by experiment and status. */
export interface Counted {
  readonly scope: Scope;
  readonly population: Population;
  readonly counts: readonly RunCount[];
}

/** @throws ToolError as `mendGroupKey`, and no_data where no run that is meant has the key. */
export async function countByGroup(
  context: ToolContext,
  counted: Counted,
  asked: string,
  order?: CountOrder,
): Promise<GroupCounts> {
  const first = await readGroups(context, counted, asked);
  if (first) return groupCounts(first, [], order);
  const { scope, population } = counted;
  const { key, caveat } = await mendGroupKey(context, scope, asked);
  const mended = await readGroups(context, counted, key);
  if (!mended)
    throw new ToolError(
      'no_data',
      `No run ${whereText(scope, population.filter, context.timeZone)} has ${quoteName(key)}.`,
    );
  return groupCounts(mended, caveat === undefined ? [] : [caveat], order);
}

interface CountedGroup extends Pick<Group, 'label' | 'ref'> {
  readonly count: number;
}
type Groups = Omit<Grouping, 'groups'> & { readonly groups: readonly CountedGroup[] };

async function readGroups(
  context: ToolContext,
  { scope, population, counts }: Counted,
  asked: string,
): Promise<Groups | undefined> {
  const known = groupCounted(scope, counts, asked);
  if (known) return known;
  const columns = await context.store.columns(population, groupProjection(asked), context.signal);
  const rows = Array.from({ length: columns.length }, (_, row) => row);
  const grouping = groupRows({ scope, columns }, rows, asked, context.timeZone);
  return (
    grouping && { ...grouping, groups: grouping.groups.map(({ rows, ...group }) => ({ ...group, count: rows.length })) }
  );
}

function groupCounts(grouping: Groups, caveats: readonly Caveat[], order?: CountOrder): GroupCounts {
  const isOwnOrder = order === undefined && isOrdered(grouping);
  const sign = order === 'fewest' ? -1 : 1;
  const groups = isOwnOrder ? grouping.groups : grouping.groups.toSorted((a, b) => byCount(a, b, sign));
  const named = groups
    .slice(0, MOST_NAMED)
    .map(({ label, count }) => `${label === undefined ? 'none' : quoteName(label, 40)} ${formatCount(count)}`);
  const more = groups.length > MOST_NAMED ? `, and ${formatCount(groups.length - MOST_NAMED)} more` : '';
  return {
    table: {
      columns: [
        { key: grouping.key, label: grouping.heading, kind: grouping.kind },
        { key: 'runs', label: 'runs', kind: 'count' },
      ],
      rows: groups.map(({ label: value, ref, count }) => [ref ?? value, count]),
      total: groups.length,
    },
    text: ` by ${grouping.name}: ${named.join(', ')}${more}`,
    caveats,
  };
}

/** Commonest first, or rarest (sign -1); the runs without the key last. */
function byCount(a: CountedGroup, b: CountedGroup, sign: 1 | -1): number {
  return Number(a.label === undefined) - Number(b.label === undefined) || sign * (b.count - a.count);
}
