/** `runsight doctor`: what is connected and why, what is missing, and how to mend it. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { createApp } from '../../app/create-app.ts';
import { type Config, readConfig, type StoreSource } from '../../config/config.ts';
import { countOf } from '../../finding/format.ts';
import { StoreError } from '../../mlflow/errors.ts';
import type { Experiment } from '../../mlflow/runs/types.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import { paintSpans, type StyledSpan, wrapSpans } from '../../present/spans.ts';
import type { Screen } from '../../present/style.ts';
import { ToolError } from '../../tools/define/errors.ts';
import { unreadableNotes } from '../../tools/define/unreadable.ts';
import { findExperiment } from '../../tools/resolve/scope.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfError } from '../shared/exit-codes.ts';
import { endSentence } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import type { CliFlags } from './command-line.ts';
import { detectScreen } from './screen.ts';

/** One line of the report; a problem says its mend. */
interface Check {
  readonly label: string;
  readonly text: string;
  readonly problem?: { readonly mend: string; readonly exit: ExitCode } | undefined;
}

const SOURCES: Readonly<Record<StoreSource, string>> = {
  flag: 'from --uri',
  environment: 'from MLFLOW_TRACKING_URI',
  'config file': 'from the config file',
  './mlruns': './mlruns, found in the current folder',
  './mlflow.db': './mlflow.db, found in the current folder',
  demo: 'the bundled demo: no tracking URI is set, and the current folder has no mlruns or mlflow.db',
};
const LABEL_WIDTH = 8;
const NO_HOME = 'there is no home folder; set HOME';

export async function runDoctor(flags: CliFlags, cli: Process): Promise<ExitCode> {
  const config = readConfig(cli.env, flags);
  const screen = detectScreen(cli.stdout, cli.env, flags);
  const checks = [
    { label: 'Program', text: `runsight ${config.version}, Node ${process.version}` },
    ...(await checkStore(config, cli.signal)),
    ...checkModels(config),
    checkConfigFile(config),
    checkCache(config),
  ];
  cli.stdout.write(`${checks.flatMap((check) => drawCheck(check, screen)).join('\n')}\n`);
  return checks.find((check) => check.problem !== undefined)?.problem?.exit ?? EXIT_CODES.ok;
}

async function checkStore(config: Config, signal: AbortSignal): Promise<Check[]> {
  const known: Check[] = [{ label: 'Store', text: SOURCES[config.store.source] }];
  const app = createApp(config);
  try {
    const store = await app.openStore();
    const { route } = store.capabilities;
    if (route !== undefined) known.push({ label: '', text: `through ${route}` });
    const { experiments, counts, unreadable } = await store.snapshot(async (state) => {
      const [experiments, counts] = await Promise.all([
        state.searchExperiments({}, signal),
        state.countRuns({}, signal),
        state.readVersion?.(signal),
      ]);
      return { experiments, counts, unreadable: unreadableNotes((await state.unreadable?.(signal)) ?? []) };
    });
    const runs = counts.reduce((sum, group) => sum + group.count, 0);
    const { kind, location, version } = store.capabilities;
    return [
      ...known,
      { label: '', text: [`${kind} ${location}`, version].filter((part) => part !== undefined).join(', ') },
      { label: '', text: `${countOf(experiments.length, 'experiment')}, ${countOf(runs, 'run')}` },
      ...checkExperiment(config, experiments),
      ...unreadable.map((text) => ({ label: '', text: text.replaceAll('`', '') })),
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const mend = error.hint ?? 'Set MLFLOW_TRACKING_URI or --uri to a store that can be read.';
    return [...known, { label: '', text: error.message, problem: { mend, exit: exitCodeOfError(error) } }];
  } finally {
    await app.close();
  }
}

/** The experiment that is meant where a question names none: a wrong one fails all of those. */
function checkExperiment({ settings, defaultExperiment }: Config, known: readonly Experiment[]): Check[] {
  const { madeBy } = settings.experiment;
  if (defaultExperiment === undefined) return [];
  try {
    const { id, name } = findExperiment(defaultExperiment, known, known);
    return [{ label: '', text: `experiment ${name} (id ${id}) is meant where none is named: ${madeBy}` }];
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const text = `${madeBy}: ${error.message}`.replaceAll('`', '');
    const mend = `${error.hint} Change or unset it.`.replaceAll('`', '');
    return [{ label: '', text, problem: { mend, exit: EXIT_CODES.usage } }];
  }
}

function checkModels({ model, anthropic }: Config): Check[] {
  const server = anthropic.baseUrl === undefined ? '' : `, ${new URL(anthropic.baseUrl).origin}`;
  const claude =
    anthropic.key !== undefined
      ? { label: '', text: `claude: a key is set (not tried)${server}` }
      : { label: '', text: `claude: no key${server}`, problem: keptBack(anthropic) ?? needsKey(model, anthropic) };
  return [{ label: 'Model', text: `${model}; offline: ready, needs nothing` }, claude];
}

function keptBack({ isKeyKeptBack }: Config['anthropic']): Check['problem'] {
  const mend =
    'The key in the config file was stored for another server and is not sent to this one: unset ANTHROPIC_BASE_URL, or run runsight setup.';
  return isKeyKeptBack ? { mend, exit: EXIT_CODES.usage } : undefined;
}

/** Local servers ask for none. */
function needsKey(model: Config['model'], { baseUrl }: Config['anthropic']): Check['problem'] {
  return model === 'claude' && baseUrl === undefined
    ? { mend: 'Set ANTHROPIC_API_KEY, run runsight setup, or use --model offline.', exit: EXIT_CODES.model }
    : undefined;
}

function checkConfigFile({ configFile: { path: file, found, holdsSecret } }: Config): Check {
  if (file === undefined) return { label: 'Config', text: `none: ${NO_HOME}` };
  if (!found) return { label: 'Config', text: `none at ${file} (optional)` };
  const exposure = process.platform === 'win32' ? undefined : findExposure(statSync(file).mode, holdsSecret);
  const problem =
    exposure === undefined ? undefined : { mend: `${exposure}: chmod 600 ${file}`, exit: EXIT_CODES.usage };
  return { label: 'Config', text: file, problem };
}

function findExposure(mode: number, holdsSecret: boolean): string | undefined {
  if ((mode & 0o022) !== 0) return 'Others may write to it';
  return holdsSecret && (mode & 0o044) !== 0 ? 'Others can read the key or password in it' : undefined;
}

function checkCache({ cacheFolder }: Config): Check {
  if (cacheFolder === undefined) return { label: 'Cache', text: `none: ${NO_HOME}` };
  const writable = isWritable(existsSync(cacheFolder) ? cacheFolder : path.dirname(cacheFolder));
  return {
    label: 'Cache',
    text: writable ? cacheFolder : `${cacheFolder} cannot be written: starts are a little slower`,
  };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function drawCheck({ label, text, problem }: Check, screen: Screen): string[] {
  const mark = screen.unicode ? '✗ ' : 'x ';
  const shown = sanitizeLine(text);
  const spans: StyledSpan[] =
    problem === undefined
      ? [{ text: shown }]
      : [{ text: mark + endSentence(shown), tone: 'bad' }, { text: ` ${sanitizeLine(problem.mend)}` }];
  return wrapSpans(spans, screen.width - LABEL_WIDTH).map(
    (line, index) =>
      paintSpans(screen, [{ text: (index === 0 ? label : '').padEnd(LABEL_WIDTH), tone: 'strong' }]) +
      paintSpans(screen, line),
  );
}
