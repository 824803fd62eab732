/** get_run: one run whole, or exactly the values asked of it. */

import * as z from 'zod';
import { wholeCoverage } from '../../finding/coverage.ts';
import type { Caveat, FindingBody } from '../../finding/finding.ts';
import {
  countOf,
  formatCell,
  formatDuration,
  formatNumber,
  formatRef,
  formatRun,
  formatTime,
} from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import { isRef, refOf } from '../../finding/refs.ts';
import type { Table } from '../../finding/table.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { experiment } from '../define/inputs.ts';
import { runLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { durationOf } from '../population/run-columns.ts';
import { type Fact, factsOfKind, findFact, kindOfWord, ownKeys } from '../population/run-facts.ts';
import { parseKey } from '../resolve/keys.ts';
import { deletedCaveats, resolveRun } from '../resolve/runs.ts';
import { experimentName, experimentRef, resolveScope, type Scope } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { pythonRun } from './python.ts';

const VALUE_DIGITS = 10;
const SAID_AT_MOST = 12;
const KEYS_LISTED = 8;

const input = z.strictObject({
  run: z.string().describe('id, first 6 or more characters of it, name, or number'),
  keys: z
    .array(z.string())
    .max(50)
    .optional()
    .describe(
      'only these: metric, param or tag keys; duration, status, start_time, user, parent, source, dataset; params, metrics or tags for all of a kind',
    ),
  experiment,
});

export const getRun = defineTool({
  name: 'get_run',
  title: 'Get run',
  description:
    "One run's metrics (last values), params, tags, status, times, source and datasets, or only the keys asked for.",
  input,
  kind: 'run',
  verbs: ['detail'],
  readOnly: true,
  answers,
  async run(input, context) {
    const found = await resolveRun(context, input.run, input.experiment);
    const [run] = await context.store.getRuns([found.id], context.signal);
    if (run === undefined) throw new ToolError('unknown_run', `Run ${formatRun(found)} is gone.`);
    const scope = await resolveScope(context, undefined, 'all');
    const [parent] = run.parentId === undefined ? [] : await context.store.getRuns([run.parentId], context.signal);
    const subject: Subject = { run, parent, scope, caveats: deletedCaveats([found]) };
    return input.keys === undefined || input.keys.length === 0
      ? wholeRun(subject, context)
      : askedFacts(subject, input.keys, context);
  },
});

/** The run with what it points to. */
interface Subject {
  readonly run: Run;
  readonly parent: Run | undefined;
  readonly scope: Scope;
  readonly caveats: readonly Caveat[];
}

/** ` [deleted, FAILED]`: what a reader would not expect. */
function statusText(run: Run): string {
  const parts = [run.lifecycle === 'deleted' ? 'deleted' : '', run.status === 'FINISHED' ? '' : run.status].filter(
    Boolean,
  );
  return parts.length === 0 ? '' : ` [${parts.join(', ')}]`;
}

function askedFacts(subject: Subject, keys: readonly string[], context: ToolContext): FindingBody {
  const { run, caveats } = subject;
  const facts: Fact[] = [];
  const missing: string[] = [];
  for (const key of keys) {
    const kind = kindOfWord(key);
    const found = kind === undefined ? [namedFact(subject, key)] : factsOfKind(run, kind);
    const known = found.filter((fact) => fact?.value !== undefined) as Fact[];
    if (known.length === 0) missing.push(kind === undefined ? quoteName(key) : `${kind}s`);
    facts.push(...known);
  }
  if (facts.length === 0) throw neverLogged(run, missing);
  const said = facts.slice(0, SAID_AT_MOST).map((fact) => `${nameOf(fact)} ${valueText(fact, context)}`);
  const more = facts.length > said.length ? ` and ${facts.length - said.length} more` : '';
  const lacking = missing.length === 0 ? '' : ` It has no ${missing.join(', ')}.`;
  const summary = `${formatRun(run)}${statusText(run)}: ${said.join(', ')}${more}.${lacking}`;
  const tables = facts.length > SAID_AT_MOST ? [factTable('Values', facts)] : [];
  return finding(subject, context, { summary, facts, tables, caveats: [...caveats, ...mendCaveats(keys, facts)] });
}

/** What a key means for the run; experiment and parent are told by their names. */
function namedFact({ run, parent, scope }: Subject, key: string): Fact | undefined {
  const fact = findFact(run, key);
  if (fact?.column.label === 'parent' && fact.value === parent?.id && parent !== undefined)
    return { column: { ...fact.column, kind: 'run' }, value: refOf('run', parent) };
  if (fact !== undefined || parseKey(key).key.toLowerCase() !== 'experiment') return fact;
  const column = { key: 'experiment', label: 'experiment', kind: 'experiment' } as const;
  return { column, value: experimentRef(scope, run.experimentId) };
}

/** Says so where a key answers for another spelling. */
function mendCaveats(keys: readonly string[], facts: readonly Fact[]): Caveat[] {
  if (keys.length !== facts.length) return [];
  return facts.flatMap(({ column }, i) => {
    const asked = keys[i] ?? '';
    const isKey = column.kind === 'metric' || column.kind === 'param' || column.kind === 'tag';
    if (!isKey || asked === column.key || parseKey(asked).key === column.label) return [];
    return [{ code: 'NAME_MENDED', text: `${quoteName(asked)} was read as ${quoteName(column.label)}` }];
  });
}

const nameOf = ({ column }: Fact): string =>
  ['metric', 'param', 'tag'].includes(column.kind) ? quoteName(column.label) : column.label;

function valueText({ column, value }: Fact, context: ToolContext): string {
  if (column.kind === 'metric' && typeof value === 'number') return formatNumber(value, VALUE_DIGITS);
  if (isRef(value) && value.kind === 'run') return formatRef(value);
  return formatCell(value, column, context.timeZone);
}

function neverLogged(run: Run, missing: readonly string[]): ToolError {
  const list = (kind: 'metric' | 'param') => {
    const keys = ownKeys(run, kind);
    const shown = keys.slice(0, KEYS_LISTED).map((key) => quoteName(key));
    return keys.length === 0
      ? `no ${kind}s`
      : `${countOf(keys.length, kind)} (${shown.join(', ')}${keys.length > shown.length ? ', …' : ''})`;
  };
  const message = `${formatRun(run)}${statusText(run)} has no ${missing.join(', ')}. It logged ${list('metric')} and ${list('param')}.`;
  return new ToolError('no_data', message);
}

function wholeRun(subject: Subject, context: ToolContext): FindingBody {
  const { run, scope, caveats } = subject;
  const kinds = ['metric', 'param', 'tag'] as const;
  const groups = kinds.map((kind) => factsOfKind(run, kind));
  const duration = durationOf(run);
  const times = [
    run.startTime === undefined ? '' : `, started ${formatTime(run.startTime, context.timeZone)}`,
    duration === undefined ? '' : `, took ${formatDuration(duration)}`,
  ].join('');
  const counts = kinds.map((kind, i) => countOf(groups[i]?.length ?? 0, kind)).join(', ');
  const extras = ['user', 'source', 'commit', 'parent', 'dataset', 'description']
    .flatMap((word) => namedFact(subject, `attributes.${word}`) ?? [])
    .filter(({ value }) => value !== undefined)
    .map((fact) => `${fact.column.label} ${valueText(fact, context)}`);
  const more = extras.length === 0 ? '' : ` ${extras.join('; ')}.`;
  const where = quoteName(experimentName(scope, run.experimentId));
  const deleted = run.lifecycle === 'deleted' ? ' [deleted]' : '';
  const summary = `${formatRun(run)}${deleted} in ${where} is ${run.status}${times}, with ${counts}.${more}`;
  const titles = ['Metrics', 'Parameters', 'Tags'];
  const tables = groups.map((facts, i) => factTable(titles[i] ?? '', facts));
  return finding(subject, context, { summary, facts: groups.flat(), tables, caveats });
}

function factTable(title: string, facts: readonly Fact[]): Table {
  const kinds = new Set(facts.map(({ column }) => column.kind));
  const [kind = 'text'] = kinds;
  return {
    title,
    columns: [
      { key: 'key', label: 'key', kind: 'text' },
      { key: 'value', label: 'value', kind: kinds.size === 1 ? kind : 'text' },
    ],
    rows: facts.map(({ column, value }) => [column.label, value]),
    total: facts.length,
  };
}

interface Said {
  readonly summary: string;
  readonly facts: readonly Fact[];
  readonly tables: readonly Table[];
  readonly caveats: readonly Caveat[];
}

function finding({ run, scope }: Subject, context: ToolContext, said: Said): FindingBody {
  const { id, experimentId } = run;
  const [own, experiment] = [refOf('run', run), experimentRef(scope, experimentId)];
  const metric = said.facts.find(({ column }) => column.kind === 'metric')?.column.label;
  return {
    kind: 'record',
    title: 'Run',
    summary: said.summary,
    data: {
      tables: said.tables,
      facts: { run: own, ...Object.fromEntries(said.facts.map(({ column, value }) => [column.key, value])) },
    },
    coverage: wholeCoverage({ unit: 'run', scope: [experiment], matched: 1 }),
    method: 'metrics by their last value',
    caveats: said.caveats,
    links: runLink(context, experimentId, run),
    reproduce: pythonRun(
      id,
      said.facts.map(({ column }) => column),
    ),
    followUps: [],
    subject: { refs: [own, experiment], measure: metric },
  };
}
