/** Groups of things of which "all", "none" or "both" can be said, and what the findings tell of each member. */
import type { Finding } from '../../finding/finding.ts';
import { refKey, refsOfKind } from '../../finding/refs.ts';
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact, FactColumn } from './facts.ts';
import type { Owner } from './table-shape.ts';

/** How many of one finding's runs have which status. */
interface StatusPopulation {
  readonly finding: Finding;
  readonly byStatus: ReadonlyMap<StatusName, number>;
  readonly size: number;
  /** Whether every run of the finding is counted. */
  readonly isWhole: boolean;
}

const cache = new WeakMap<Evidence, readonly StatusPopulation[]>();

export function statusPopulations(evidence: Evidence): readonly StatusPopulation[] {
  const known = cache.get(evidence);
  if (known !== undefined) return known;
  const found = evidence.findings.flatMap((finding) => [
    ...fromCells(finding, evidence),
    ...fromText(finding, evidence),
    ...ofCompared(finding),
  ]);
  cache.set(evidence, found);
  return found;
}

function fromCells(finding: Finding, { facts }: Evidence): StatusPopulation[] {
  const byStatus = new Map<StatusName, number>();
  const add = (status: StatusName | undefined, count: number) => {
    if (status !== undefined && count > 0) byStatus.set(status, (byStatus.get(status) ?? 0) + count);
  };
  let cut = 0;
  for (const column of facts.columns) {
    if (column.finding !== finding) continue;
    if (column.measure === 'status') {
      const each = new Map(column.facts.map((fact) => [fact.owner, String(fact.value)]));
      for (const value of each.values()) add(STATUS_WORDS.get(value.toLowerCase()), 1);
      cut += column.cut;
    } else if (/^(?:runs|count)$/.test(column.measure))
      for (const { owner, value } of column.facts)
        add(STATUS_WORDS.get(owner?.replace('group:', '') ?? ''), Number(value));
  }
  return byStatus.size === 0 ? [] : [populationOf(finding, byStatus, cut === 0)];
}

/** `2 runs …: 1 FAILED, 1 RUNNING`; `0 of 6 runs (5 FINISHED, 1 FAILED)`. */
function fromText(finding: Finding, { texts }: Evidence): StatusPopulation[] {
  const own = texts.filter((text) => text.finding === finding);
  const byStatus = new Map<StatusName, number>();
  for (const { status, value } of own) if (status !== undefined) byStatus.set(status as StatusName, value);
  const population = populationOf(finding, byStatus, true);
  const isTotal = own.some(({ value, noun }) => noun === 'run' && value === population.size);
  return byStatus.size === 0 || !(isTotal || population.size === finding.coverage.matched) ? [] : [population];
}

/** Runs side by side are finished where nothing stands in brackets behind them. */
function ofCompared(finding: Finding): StatusPopulation[] {
  const runs = finding.kind === 'comparison' ? refsOfKind(finding.subject.refs, 'run') : [];
  if (runs.length < 2) return [];
  const byStatus = new Map<StatusName, number>();
  for (const { id } of runs) {
    const status = statusBehind(finding.summary, id.slice(0, 8));
    if (status === undefined) return [];
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  }
  return [populationOf(finding, byStatus, true)];
}

/** What comparisons of runs tell of these. */
export const comparedStatuses = (owners: ReadonlySet<Owner>, { findings }: Evidence): StatusName[] =>
  findings
    .filter(({ kind }) => kind === 'comparison')
    .flatMap(({ summary, subject }) =>
      refsOfKind(subject.refs, 'run')
        .filter((ref) => owners.has(refKey(ref)))
        .flatMap(({ id }) => statusBehind(summary, id.slice(0, 8)) ?? []),
    );

function statusBehind(summary: string, id: string): StatusName | undefined {
  if (!summary.includes(`(${id})`)) return undefined;
  const at = summary.indexOf(`(${id}) [`);
  const words = at < 0 ? [] : summary.slice(at + id.length + 4, summary.indexOf(']', at)).split(/\W+/);
  return words.flatMap((word) => STATUS_WORDS.get(word.toLowerCase()) ?? [])[0] ?? 'FINISHED';
}

function populationOf(finding: Finding, byStatus: ReadonlyMap<StatusName, number>, isWhole: boolean): StatusPopulation {
  return { finding, byStatus, size: [...byStatus.values()].reduce((sum, count) => sum + count, 0), isWhole };
}

/** The facts of a column, one a member. */
export function membersOf(column: FactColumn, holds: (fact: CellFact) => boolean = () => true): CellFact[] {
  const members = new Map<string, CellFact>();
  for (const fact of column.facts)
    if (fact.owner !== undefined && holds(fact)) members.set(`${fact.owner} ${fact.statistic ?? ''}`, fact);
  return [...members.values()];
}

/** Kinds of things that runs have and may share. */
export type Aspect = 'param' | 'metric' | 'tag' | 'dataset' | 'code';

/** Of the runs that are set against one another: how many of an aspect differ, and how many are alike. */
interface Contrast {
  readonly differ: number;
  readonly alike: number;
}

const ASPECT_WORDS: readonly (readonly [Aspect, string])[] = [
  ['param', 'parameters?'],
  ['metric', 'metrics?'],
  ['tag', 'tags?'],
  ['dataset', 'datasets?'],
  ['code', 'code facts?'],
];

export function contrastOf(aspect: Aspect, evidence: Evidence): Contrast | undefined {
  const words = ASPECT_WORDS.find(([one]) => one === aspect)![1];
  for (const { summary } of evidence.findings) {
    const some = new RegExp(`(\\d+) of (\\d+) ${words} differs?`).exec(summary);
    if (some !== null) return { differ: Number(some[1]), alike: Number(some[2]) - Number(some[1]) };
    const all = new RegExp(`\\ball (\\d+) ${words}( differ)?`, 'i').exec(summary);
    if (all !== null)
      return all[2] === undefined ? { differ: 0, alike: Number(all[1]) } : { differ: Number(all[1]), alike: 0 };
  }
  return aspect === 'metric'
    ? (pairOfRows(evidence.findings) ?? sideBySide(aspect, evidence.findings))
    : sideBySide(aspect, evidence.findings);
}

/** A list of just two runs. */
function pairOfRows(findings: readonly Finding[]): Contrast | undefined {
  const table = findings
    .flatMap(({ data }) => data.tables)
    .find(({ rows, total, columns }) => rows.length === 2 && total === 2 && columns.some(({ kind }) => kind === 'run'));
  if (table === undefined) return undefined;
  const metrics = table.columns.flatMap(({ kind }, index) => (kind === 'metric' ? [index] : []));
  const alike = metrics.filter((index) => table.rows[0]![index] === table.rows[1]![index]).length;
  return metrics.length === 0 ? undefined : { differ: metrics.length - alike, alike };
}

/** Runs that were looked up one by one. */
function sideBySide(aspect: Aspect, findings: readonly Finding[]): Contrast | undefined {
  const single = findings.filter(
    ({ coverage, subject }) => coverage.unit === 'run' && coverage.matched === 1 && subject.refs.length > 0,
  );
  if (new Set(single.map(({ subject }) => refKey(subject.refs[0]!))).size !== 2) return undefined;
  const [a, b] = [single[0]!, single.at(-1)!].map((finding) => recordOf(aspect, finding));
  if (a === undefined || b === undefined || a.size === 0 || b.size === 0) return undefined;
  const keys = new Set([...a.keys(), ...b.keys()]);
  const alike = [...keys].filter((key) => a.get(key) === b.get(key)).length;
  return { differ: keys.size - alike, alike };
}

function recordOf(aspect: Aspect, { data, summary }: Finding): Map<string, string> {
  if (aspect === 'code')
    return new Map(
      [...summary.matchAll(/(git commit|source) (\S+?)[;.]/g)].map(([, key = '', value = '']) => [key, value]),
    );
  if (aspect === 'dataset')
    return new Map(
      [...summary.matchAll(/(\S+) ([0-9a-f]{8}) \(\w+\)/g)].map(([, key = '', value = '']) => [key, value]),
    );
  const title = { param: 'Parameters', metric: 'Metrics', tag: 'Tags' }[aspect];
  const rows = data.tables.filter((table) => table.title === title).flatMap((table) => table.rows);
  return new Map(rows.map(([key, value]) => [String(key), String(value)]));
}

/** Whether the runs that are set against one another rest on one commit. */
export function commitContrast({ findings }: Evidence): Contrast | undefined {
  const same = { differ: 0, alike: 1 };
  const other = { differ: 1, alike: 0 };
  for (const { summary } of findings) {
    if (/code facts? differs?: [^.]*`git commit`/.test(summary)) return other;
    if (/all \d+ code facts/i.test(summary)) return same;
  }
  const commits = findings.flatMap(({ summary }) => /git commit ([0-9a-f]+)/.exec(summary)?.[1] ?? []);
  if (commits.length < 2) return undefined;
  return new Set(commits).size === 1 ? same : other;
}
