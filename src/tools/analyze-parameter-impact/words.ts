/** What an impact analysis says: only as much as its number of configurations bears. */
import type { Impact, ImpactRow, Verdict } from '../../analysis/impact.ts';
import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount, formatDistinct, formatNumber, formatPercent } from '../../finding/format.ts';
import { quoteCell, quoteName } from '../../finding/quote.ts';
import type { Table } from '../../finding/table.ts';
import type { MeasureColumn } from '../population/measures.ts';

const GROUP_NAMED = 3;
const LEVELS_SAID = 5;
const FEW_DROPPED = 6;

const explained = (row: ImpactRow): string => formatPercent(Math.max(0, row.adjustedR2));

/** `` `max_depth` ``, or `` `a` with `b` (moved together) ``. */
function rowName(row: ImpactRow): string {
  const [first = '', ...others] = row.params.map((param) => quoteName(param));
  if (others.length === 0) return first;
  const more = others.length > GROUP_NAMED ? `, +${others.length - GROUP_NAMED} more` : '';
  return `${first} together with ${others.slice(0, GROUP_NAMED).join(', ')}${more}`;
}

const STANDS_OUT: ReadonlySet<Verdict> = new Set(['tentative', 'supported', 'strong']);

/** `97% of variance, adjusted; highest near 0.067`. */
function effectText(row: ImpactRow): string {
  const turn =
    row.optimum === undefined
      ? ''
      : `; ${row.turning === 'minimum' ? 'lowest' : 'highest'} near ${formatNumber(row.optimum, 2)}`;
  const monotone =
    row.form === 'line' && row.spearman !== undefined
      ? `; ${row.spearman > 0 ? 'rises' : 'falls'} with it, Spearman ρ ${formatNumber(row.spearman, 3)}`
      : '';
  return `${explained(row)} of variance, adjusted${turn}${monotone}${levelsText(row)}`;
}

/** `; mean 8.5 at 2, 15.3 at 4` for few levels. */
function levelsText({ levels }: ImpactRow): string {
  if (levels === undefined || levels.length > LEVELS_SAID) return '';
  const means = formatDistinct(levels.map((level) => level.mean));
  return `; mean ${levels.map(({ value }, i) => `${means[i]} at ${value === undefined ? 'none' : quoteCell(value)}`).join(', ')}`;
}

/** The verdict first, about one param where one was asked for, else about all. */
export function impactSummary(impact: Impact, measure: MeasureColumn, where: string, only: string | undefined): string {
  const [top] = impact.rows;
  if (top === undefined)
    return `No parameter ${where} varies in a way that could go with ${measure.label}: ${droppedText(impact)}.`;
  return only === undefined ? overallSummary(impact, measure, where) : singleSummary(impact, top, measure, where, only);
}

const floorText = ({ noiseFloor, shuffles }: Impact): string =>
  shuffles === 0
    ? `chance alone produces up to ${formatPercent(noiseFloor ?? 0)} (in 95% of cases, by the F distribution)`
    : `shuffling alone produces up to ${formatPercent(noiseFloor ?? 0)} (95% of ${formatCount(shuffles)} shuffles)`;

/** How p was found: by shuffling, or over very many configurations by a bound. */
const pName = ({ shuffles }: Impact): string => (shuffles === 0 ? 'p by the F distribution' : 'permutation p');

function overallSummary(impact: Impact, measure: MeasureColumn, where: string): string {
  const across = `Across ${countOf(impact.configurations, 'configuration')} ${where}`;
  const standing = impact.rows.filter((row) => STANDS_OUT.has(row.verdict));
  const [top] = impact.rows as [ImpactRow, ...ImpactRow[]];
  if (impact.evidence === 'hint') {
    const hints = impact.rows.slice(0, 3).map((row) => `${rowName(row)} (${effectText(row)})`);
    const most = Math.max(...impact.rows.map(({ n }) => n));
    return `Only ${countOf(most, 'configuration')} ${where}: a hint, not a ranking. ${measure.label} goes with ${hints.join(', ')}; ${floorText(impact)}.`;
  }
  if (standing.length === 0)
    return `No parameter stands out from noise for ${measure.label}: ${across.charAt(0).toLowerCase()}${across.slice(1)} the strongest, ${rowName(top)}, explains ${explained(top)} of variance, and ${floorText(impact)}.`;
  const [first, ...others] = standing as [ImpactRow, ...ImpactRow[]];
  const tentative =
    first.verdict === 'tentative' ? ` (tentative: only ${countOf(first.n, 'configuration')} have it)` : '';
  const share =
    first.adjustedR2 >= 0.5
      ? 'most of the difference'
      : first.adjustedR2 >= 0.2
        ? 'part of the difference'
        : 'a small part of the difference';
  const also =
    others.length === 0
      ? 'Nothing else rises above noise'
      : `Then ${others
          .slice(0, 4)
          .map((row) => `${rowName(row)} (${explained(row)})`)
          .join(', ')}`;
  return `${across}, ${rowName(first)} is associated with ${share} in ${measure.label} (${effectText(first)})${tentative}. ${also}; ${floorText(impact)}.`;
}

function singleSummary(impact: Impact, row: ImpactRow, measure: MeasureColumn, where: string, only: string): string {
  const others = row.params.filter((param) => param !== only);
  const joined =
    others.length === 0
      ? ''
      : ` It moved together with ${others.map((param) => quoteName(param)).join(', ')}: they cannot be told apart.`;
  const evidence = `n = ${countOf(row.n, 'configuration')}, ${pName(impact)} ${formatNumber(row.pAdjusted, 2)}`;
  const size = `it explains ${effectText(row)}; ${floorText(impact)}; ${evidence}`;
  if (row.verdict === 'none')
    return `No: ${quoteName(only)} shows no association with ${measure.label} ${where} beyond noise: ${size}.${joined}`;
  if (row.verdict === 'hint')
    return `A hint only (${countOf(row.n, 'configuration')}): ${quoteName(only)} and ${measure.label} ${where}: ${size}.${joined}`;
  const word = row.verdict === 'tentative' ? 'Tentatively yes' : 'Yes';
  return `${word}: ${quoteName(only)} is associated with ${measure.label} ${where}: ${size}.${joined}`;
}

/** A param that never varied cannot explain anything. */
export function constantText(
  param: string,
  values: readonly (string | undefined)[] | undefined,
  rows: readonly number[],
  measure: MeasureColumn,
  where: string,
): string | undefined {
  const present = rows.flatMap((row) => values?.[row] ?? []);
  const distinct = new Set(present);
  const [value] = distinct;
  if (distinct.size !== 1 || value === undefined) return undefined;
  const of =
    present.length === rows.length
      ? `all ${countOf(rows.length, 'run')}`
      : `the ${countOf(present.length, 'run')} that have it`;
  return `${quoteName(param)} is constant: ${quoteCell(value)} in ${of} with ${measure.label} ${where}, so its effect cannot be told.`;
}

function droppedText({ dropped }: Impact): string {
  const shown = dropped.slice(0, FEW_DROPPED).map(({ param, reason }) => `${quoteName(param)} (${reason})`);
  return `${shown.join(', ')}${dropped.length > shown.length ? `, +${dropped.length - shown.length} more` : ''}`;
}

export function impactCaveats(impact: Impact, measure: MeasureColumn): Caveat[] {
  const said = new Set(impact.rows.filter(({ verdict }) => verdict !== 'none').flatMap(({ params }) => params));
  const relevant = impact.confounded.filter(({ params }) => params.some((param) => said.has(param)));
  const caveats: Caveat[] = relevant.slice(0, 2).map(({ params, together, of }) => ({
    code: 'CONFOUNDED',
    text: `${params.map((param) => quoteName(param)).join(' and ')} moved together in ${together} of ${of} configurations: they cannot be told apart`,
  }));
  for (const { source, association, n } of impact.drift)
    caveats.push({
      code: 'DRIFT',
      text: `${measure.label} also goes with ${source} (${source === 'commit' ? 'ε' : 'ρ'} ${formatNumber(association, 2)}, ${countOf(n, 'run')}): code or drift is another explanation`,
    });
  if (impact.rows.length > 0 && impact.dropped.length > 0)
    caveats.push({ code: 'DROPPED', text: `not tested: ${droppedText(impact)}` });
  return caveats;
}

const SHAPES = { line: 'line', parabola: 'parabola', category: 'levels' } as const;

/** `strong (parabola in log10)`. */
function verdictText(row: ImpactRow): string {
  const shape = `${SHAPES[row.form]}${row.scale === 'log10' ? ' in log10' : ''}`;
  return row.verdict === 'none' ? 'noise' : `${row.verdict} (${shape})`;
}

export function impactTable(impact: Impact): Table {
  return {
    columns: [
      { key: 'param', label: 'parameter', kind: 'text' },
      { key: 'explained', label: 'explained', kind: 'percent' },
      { key: 'p', label: pName(impact), kind: 'number' },
      { key: 'pearson', label: 'Pearson r', kind: 'number' },
      { key: 'spearman', label: 'Spearman ρ', kind: 'number' },
      { key: 'n', label: 'n', kind: 'count' },
      { key: 'verdict', label: 'verdict', kind: 'text' },
    ],
    rows: impact.rows.map((row) => [
      row.params.join(' + '),
      Math.max(0, row.adjustedR2),
      row.pAdjusted,
      row.pearson,
      row.spearman,
      row.n,
      verdictText(row),
    ]),
    total: impact.rows.length,
  };
}
