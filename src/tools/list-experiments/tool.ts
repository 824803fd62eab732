/** list_experiments: the experiments there are, with run counts and last activity. */

import * as z from 'zod';
import { nameTokens } from '../../analysis/direction.ts';
import { wholeCoverage } from '../../finding/coverage.ts';
import type { Caveat, FindingBody } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import { refOf } from '../../finding/refs.ts';
import type { Table } from '../../finding/table.ts';
import type { RunCount } from '../../mlflow/runs/tracking-store.ts';
import type { Experiment } from '../../mlflow/runs/types.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { describeQuestion, followUps } from '../define/follow-ups.ts';
import { lifecycle } from '../define/inputs.ts';
import { defineTool } from '../define/tool.ts';
import { barsOf } from '../population/drawings.ts';
import { nearestNames } from '../resolve/names.ts';
import { answers } from './answers.ts';
import { pythonExperiments } from './python.ts';

const input = z.strictObject({
  text: z.string().optional().describe('words of the name, description or a tag value'),
  tag: z.string().optional().describe('experiment tag: key or key=value'),
  order: z.enum(['recent', 'name', 'runs']).optional().describe('default recent: by last activity'),
  lifecycle,
  limit: z.int().min(1).max(1000).optional().describe('rows to show'),
});
type Input = z.output<typeof input>;

interface Row {
  readonly experiment: Experiment;
  readonly runs: number;
  /** Latest start or end of a run, else the experiment's own last change. */
  readonly lastActivity: number | undefined;
}

const NAMED_IN_SUMMARY = 3;

export const listExperiments = defineTool({
  name: 'list_experiments',
  title: 'List experiments',
  description:
    'Lists experiments with run counts and last activity: all, or those whose name, description or tags match. ' +
    'For what one holds use describe_experiment.',
  input,
  kind: 'experiment',
  verbs: ['list'],
  readOnly: true,
  answers,
  async run(input, context) {
    const lifecycle = input.lifecycle ?? 'active';
    const all = await context.store.searchExperiments({ lifecycle }, context.signal);
    const matching = all.filter(
      (experiment) => matchesText(experiment, input.text) && matchesTag(experiment, input.tag),
    );
    if (matching.length === 0 && all.length > 0 && input.text !== undefined) throw nothingCalled(input, all);
    const counts = await context.store.countRuns(
      { experimentIds: matching.map(({ id }) => id), lifecycle: lifecycle === 'active' ? 'active' : 'all' },
      context.signal,
    );
    const rows = sortRows(
      matching.map((experiment) => rowOf(experiment, counts)),
      input.order ?? 'recent',
    );
    return finding(input, context, rows, all.length);
  },
});

/** Every word of the text begins a word of the name, the description or a tag value. */
function matchesText(experiment: Experiment, text: string | undefined): boolean {
  if (text === undefined) return true;
  const tags = [...experiment.tags].filter(([key]) => !key.startsWith('mlflow.') || key === 'mlflow.note.content');
  const words = [experiment.name, ...tags.map(([, value]) => value)].flatMap(nameTokens);
  const asked = nameTokens(text);
  return asked.length > 0
    ? asked.every((token) => words.some((word) => word.startsWith(token)))
    : experiment.name.includes(text);
}

/** `tag` is a key or key=value. */
export function matchesTag(experiment: Experiment, tag: string | undefined): boolean {
  if (tag === undefined) return true;
  const [key = '', value] = splitTag(tag);
  const stored = experiment.tags.get(key);
  return stored !== undefined && (value === undefined || stored.toLowerCase() === value.toLowerCase());
}

function splitTag(tag: string): [key: string, value?: string] {
  const at = tag.indexOf('=');
  return at < 0 ? [tag.trim()] : [tag.slice(0, at).trim(), tag.slice(at + 1).trim()];
}

function nothingCalled(input: Input, all: readonly Experiment[]): ToolError {
  const names = all.map(({ name }) => name);
  const near = nearestNames(input.text ?? '', names);
  const listed = near.length > 0 ? near : names.slice(0, NAMED_IN_SUMMARY);
  const message = `None of ${countOf(all.length, 'experiment')} has ${quoteName(input.text ?? '')} in its name, description or tags.`;
  return new ToolError('unknown_experiment', message, {
    hint: `${near.length > 0 ? 'Nearest' : 'There are'}: ${listed.map((name) => quoteName(name)).join(', ')}.`,
  });
}

function rowOf(experiment: Experiment, counts: readonly RunCount[]): Row {
  const own = counts.filter((count) => count.experimentId === experiment.id);
  const times = own.flatMap(({ lastStart, lastEnd }) => [lastStart ?? 0, lastEnd ?? 0]);
  const latest = times.reduce((a, b) => Math.max(a, b), 0);
  return {
    experiment,
    runs: own.reduce((sum, { count }) => sum + count, 0),
    lastActivity: latest > 0 ? latest : (experiment.lastUpdateTime ?? experiment.creationTime),
  };
}

function sortRows(rows: Row[], order: 'recent' | 'name' | 'runs'): Row[] {
  const byName = (a: Row, b: Row) => (a.experiment.name < b.experiment.name ? -1 : 1);
  const compare = {
    name: byName,
    runs: (a: Row, b: Row) => b.runs - a.runs || byName(a, b),
    recent: (a: Row, b: Row) => (b.lastActivity ?? 0) - (a.lastActivity ?? 0) || byName(a, b),
  };
  return rows.sort(compare[order]);
}

function summarize(input: Input, rows: readonly Row[], total: number): string {
  const { lifecycle = 'active', text, tag } = input;
  const noun = `${lifecycle === 'deleted' ? 'deleted ' : ''}experiment`;
  const match = [
    text === undefined ? '' : ` ${rows.length === 1 ? 'matches' : 'match'} ${quoteName(text)}`,
    tag === undefined ? '' : ` ${rows.length === 1 ? 'has' : 'have'} the tag ${quoteName(tag)}`,
  ]
    .join(' and')
    .replace(/^ and| and$/g, '');
  if (rows.length === 0) return `No ${noun}s${match}${total > 0 ? `: 0 of ${formatCount(total)}` : ''}.`;
  const named = rows
    .slice(0, NAMED_IN_SUMMARY)
    .map(({ experiment, runs }) => `${quoteName(experiment.name)} (${countOf(runs, 'run')})`);
  const more = rows.length > named.length ? ` and ${formatCount(rows.length - named.length)} more` : '';
  return `${countOf(rows.length, noun)}${match}: ${named.join(', ')}${more}.`;
}

function finding(input: Input, context: ToolContext, rows: readonly Row[], total: number): FindingBody {
  const shown = rows.slice(0, input.limit ?? context.limits.maxRuns);
  const runs = rows.reduce((sum, row) => sum + row.runs, 0);
  const caveats: Caveat[] =
    shown.length < rows.length
      ? [
          {
            code: 'TRUNCATED',
            text: `the first ${formatCount(shown.length)} of ${countOf(rows.length, 'experiment')} are listed`,
          },
        ]
      : [];
  const withDeleted = input.lifecycle === 'all' || input.lifecycle === 'deleted';
  const table: Table = {
    columns: [
      { key: 'experiment', label: 'experiment', kind: 'experiment' },
      { key: 'id', label: 'id', kind: 'text' },
      { key: 'runs', label: 'runs', kind: 'count' },
      { key: 'last_activity', label: 'last activity', kind: 'time' },
      ...(withDeleted ? [{ key: 'lifecycle', label: 'stage', kind: 'text' } as const] : []),
    ],
    rows: shown.map(({ experiment, runs, lastActivity }) => [
      refOf('experiment', experiment),
      experiment.id,
      runs,
      lastActivity,
      ...(withDeleted ? [experiment.lifecycle] : []),
    ]),
    total: rows.length,
  };
  return {
    kind: 'table',
    title: 'Experiments',
    summary: summarize(input, rows, total),
    data: {
      tables: [table],
      drawing: barsOf(table),
      facts: { count: rows.length, runs },
    },
    coverage: wholeCoverage({ unit: 'experiment', scope: 'all', matched: rows.length }),
    method: `${withDeleted ? 'with deleted runs' : 'active runs'}, by ${{ recent: 'last activity', name: 'name', runs: 'run count' }[input.order ?? 'recent']}`,
    caveats,
    links: [],
    reproduce: reproduce(input),
    followUps: followUps(
      ...rows
        .filter((row) => row.runs > 0)
        .slice(0, 2)
        .map((row) => describeQuestion(row.experiment.name)),
    ),
    subject: { refs: shown.map((row) => refOf('experiment', row.experiment)) },
  };
}

function reproduce({ lifecycle = 'active', text, tag }: Input): string {
  const [key = '', value] = tag === undefined ? [] : splitTag(tag);
  const words = text === undefined ? undefined : nameTokens(text);
  return pythonExperiments({ lifecycle, text, words, tag: tag === undefined ? undefined : { key, value } });
}
