/** `runsight ask "…"`: one question, one answer, on the terminal or as the answer record. */
import { createApp } from '../../app/create-app.ts';
import { ConfigError, readConfig } from '../../config/config.ts';
import { renderAnswer } from '../../present/answer.ts';
import { answerJson } from '../../present/json.ts';
import { jsonText } from '../../present/json-text.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfAnswer } from '../shared/exit-codes.ts';
import { describeFault } from '../shared/faults.ts';
import type { Process } from '../shared/process.ts';
import { awaitAnswer } from './await-answer.ts';
import type { CliFlags } from './command-line.ts';
import { createProgress } from './progress.ts';
import { detectScreen } from './screen.ts';

export async function runAsk(words: readonly string[], flags: CliFlags, cli: Process): Promise<ExitCode> {
  const question = words.join(' ').trim();
  if (question === '')
    throw new ConfigError('nothing was asked; try: runsight ask "Which run had the highest F1 score?"');
  // Where standard output is data for programs, words for people go to standard error.
  const prose = flags.json === true || flags.format !== undefined ? cli.stderr : cli.stdout;
  const screen = detectScreen(prose, cli.env, flags);
  const takeAway = hasTakeAway(flags) ? await (await import('./take-away.ts')).planTakeAway(flags, screen, cli) : {};
  const app = createApp(readConfig(cli.env, flags));
  try {
    const answer = await awaitAnswer(app.ask(question, cli.signal), createProgress(cli.stderr));
    if (cli.signal.aborted) return EXIT_CODES.interrupted;
    const exits = [exitCodeOfAnswer(answer)];
    if (flags.json === true) cli.stdout.write(`${jsonText(answerJson(answer), 2)}\n`);
    else if (answer.error !== undefined) cli.stderr.write(`${describeFault(answer.error)}\n`);
    else {
      if (takeAway.print === undefined || answer.findings.length === 0)
        prose.write(`${renderAnswer(answer, await app.describeSource(), screen).join('\n')}\n`);
      if (takeAway.print !== undefined) exits.push(await takeAway.print(answer));
    }
    if (takeAway.explain !== undefined) prose.write(`\n${takeAway.explain(answer).join('\n')}\n`);
    if (takeAway.draw !== undefined) exits.push(await takeAway.draw(answer));
    return exits.find((exit) => exit !== EXIT_CODES.ok) ?? EXIT_CODES.ok;
  } finally {
    await app.close();
  }
}

const hasTakeAway = ({ format, why, plot }: CliFlags): boolean => (format ?? why ?? plot) !== undefined;
