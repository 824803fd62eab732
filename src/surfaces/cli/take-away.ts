/** What `ask` does besides showing an answer: `--format`, `--why` and `--plot`. Loaded where one of them is given. */
import type { Answer } from '../../agent/events.ts';
import { ConfigError } from '../../config/config.ts';
import { chartOf } from '../../finding/charts.ts';
import { renderExplanation } from '../../present/explanation.ts';
import { type ExportFormat, exportFindings } from '../../present/export.ts';
import { joinInTurns } from '../../present/join-in-turns.ts';
import type { Screen } from '../../present/style.ts';
import { explainAnswer } from '../../present/why.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import { describeFault } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import { assertOutput, writeOutput } from '../shared/write-file.ts';
import type { CliFlags } from './command-line.ts';
import { FLAGS } from './commands.ts';

export interface TakeAway {
  /** `--format`: writes the findings, in place of the answer. */
  readonly print?: ((answer: Answer) => Promise<ExitCode>) | undefined;
  /** `--why`, in lines for the screen. */
  readonly explain?: ((answer: Answer) => string[]) | undefined;
  /** `--plot`: the answer's last chart as a file. */
  readonly draw?: ((answer: Answer) => Promise<ExitCode>) | undefined;
}

const FORMATS = Object.keys(FLAGS.format.values);
const isFormat = (word: string): word is ExportFormat => FORMATS.includes(word);

/** Before anything is asked. @throws ConfigError where a flag cannot be followed */
export async function planTakeAway(flags: CliFlags, screen: Screen, cli: Process): Promise<TakeAway> {
  const { format, json, plot, why } = flags;
  if (format !== undefined && !isFormat(format))
    throw new ConfigError(`--format must be csv, md or json, not "${format}"`);
  if (format !== undefined && json === true)
    throw new ConfigError('--json prints the whole answer record and --format its findings: give one of them');
  return {
    print: format && (({ findings }) => printFindings(findings, format, cli)),
    explain: why === true ? (answer) => renderExplanation(explainAnswer(answer), screen) : undefined,
    draw: plot === undefined ? undefined : await planPlot(plot, cli),
  };
}

async function printFindings(
  findings: Answer['findings'],
  format: ExportFormat,
  { stdout, stderr }: Process,
): Promise<ExitCode> {
  const { pieces, notes } = exportFindings(findings, format);
  const content = await joinInTurns(pieces);
  stdout.write(content);
  stderr.write(notes().map(line).join(''));
  return findings.length === 0 || content === '' ? EXIT_CODES.cannot : EXIT_CODES.ok;
}

async function planPlot(file: string, { stderr }: Process): Promise<TakeAway['draw']> {
  const { drawPicture, pictureFormat } = await import('../../present/picture.ts');
  const format = pictureFormat(file);
  if (format === undefined) throw new ConfigError(`--plot needs a file that ends in .svg or .png, not "${file}"`);
  assertOutput(file);
  return async ({ findings }) => {
    const chart = findings.map(chartOf).findLast((found) => found !== undefined);
    if (chart === undefined) {
      stderr.write(line(`nothing in this answer can be drawn, so ${file} was not written`));
      return EXIT_CODES.cannot;
    }
    writeOutput(file, await drawPicture(chart, format));
    stderr.write(line(`drew "${chart.title}" into ${file}`));
    return EXIT_CODES.ok;
  };
}

const line = (message: string): string => `${describeFault({ message })}\n`;
