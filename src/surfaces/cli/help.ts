/** The words of `--help`, its lists made from the table of commands and flags; none of its lines over 80 columns. */
import { wrapSpans } from '../../present/spans.ts';
import { EXIT_CODES } from '../shared/exit-codes.ts';
import { type CliFlag, commandRows, flagRows } from './commands.ts';

const WIDTH = 80;
/** Columns where the explanations start. */
const USAGE_COLUMN = 44;
const FLAG_COLUMN = 23;

export const SHORT_HELP = `runsight answers questions about MLflow experiments.

  runsight                      in a terminal: ask, and go on asking
  runsight ask "Which run had the highest F1 score?"
  runsight doctor
  runsight --help
`;

export const HELP = `runsight: ask your MLflow experiments anything; get an answer you can check.

Usage
${listUsage()}

Options
${flagRows.flatMap(([name, flag]) => (flag.unlisted ? [] : explainFlag(name, flag))).join('\n')}

Examples
  runsight ask "top 5 runs by accuracy where status is finished"
  runsight ask "Plot the training loss curve for run 17"
  runsight ask "which parameters matter most for f1?"
  runsight ask "how many runs failed this month?" --uri http://localhost:5000
  runsight ask "compare the last 3 runs" --json | jq -r .text

Store
  --uri, else MLFLOW_TRACKING_URI, else the config file, else ./mlruns, else
  ./mlflow.db, else the bundled demo.

Exit status
  ${EXIT_CODES.ok} answered                        ${EXIT_CODES.cannot} cannot be answered
  ${EXIT_CODES.usage} usage or configuration          ${EXIT_CODES.clarify} asks back
  ${EXIT_CODES.unreachable} store unreachable or locked     ${EXIT_CODES.model} model or key
  ${EXIT_CODES.unreadable} not MLflow's, or unreadable   ${EXIT_CODES.unsupported} words without a finding
  ${EXIT_CODES.limit} a limit before an answer      ${EXIT_CODES.interrupted} interrupted
                                    ${EXIT_CODES.terminated} serve: ended before all was done

Environment variables: see README.md. RUNSIGHT_DEBUG=1 shows stack traces.
`;

function listUsage(): string {
  const commands = commandRows.map(([name, { argument, options, help }]) => {
    const usage = [name, argument, options ? '[options]' : undefined].filter((part) => part !== undefined).join(' ');
    return `  runsight ${usage}`.padEnd(USAGE_COLUMN) + help;
  });
  return [...commands, `${'  runsight help | --help'.padEnd(USAGE_COLUMN)}this page`, '  runsight --version'].join(
    '\n',
  );
}

/** The flag, and beside it what it does; each value it takes on a line of its own. */
function explainFlag(name: string, { argument, help, values, negatable }: CliFlag): string[] {
  const written = [`--${name}`, ...(negatable === true ? [`--no-${name}`] : [])].join(', ');
  const lines = values === undefined ? wrap(help, WIDTH - FLAG_COLUMN) : explainValues(values);
  const left = argument === undefined ? written : `${written} ${argument}`;
  return lines.map((line, index) => `  ${(index === 0 ? left : '').padEnd(FLAG_COLUMN - 2)}${line}`);
}

function explainValues(values: Readonly<Record<string, string>>): string[] {
  const column = Math.max(...Object.keys(values).map((value) => value.length)) + 2;
  return Object.entries(values).flatMap(([value, help]) =>
    wrap(help, WIDTH - FLAG_COLUMN - column).map(
      (line, index) => (index === 0 ? `${value}:` : '').padEnd(column) + line,
    ),
  );
}

function wrap(text: string, width: number): string[] {
  return wrapSpans([{ text }], width).map((line) => line.map((span) => span.text).join(''));
}
