/** `runsight setup`: asks, tries, writes the private config file, and says what is in force. The sequence, and nothing else. */
import { type Config, ConfigError } from '../../../config/config.ts';
import type { Setting } from '../../../config/settings.ts';
import { sanitizeLine } from '../../../present/sanitize.ts';
import { paintSpans, type StyledSpan, wrapSpans } from '../../../present/spans.ts';
import type { Screen } from '../../../present/style.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import type { Process } from '../../shared/process.ts';
import type { CliFlags } from '../command-line.ts';
import { drawSettings } from '../config.ts';
import { detectScreen } from '../screen.ts';
import * as copy from './copy.ts';
import { createSetupEffects, type SetupEffects } from './effects.ts';
import { createTerminalPrompter, Interrupted, type Prompter } from './prompter.ts';
import { askExperiment, askKey, askStore, type Voice } from './steps.ts';
import { assertWritable, type ConfigChanges } from './write-config.ts';

export async function runSetup(flags: CliFlags, cli: Process): Promise<ExitCode> {
  const effects = createSetupEffects(flags, cli);
  const file = effects.readConfig().configFile.path;
  if (file === undefined) throw new ConfigError(copy.NEEDS_HOME);
  if (!cli.stdin.isTTY || !cli.stdout.isTTY) throw new ConfigError(`${copy.NEEDS_TERMINAL} ${file}`);
  assertWritable(file);
  const prompter = createTerminalPrompter(cli.stdin, cli.stdout);
  try {
    await converse(prompter, effects, detectScreen(cli.stdout, cli.env, flags));
    return EXIT_CODES.ok;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    prompter.say([copy.SETUP_INTERRUPTED]);
    return EXIT_CODES.interrupted;
  } finally {
    prompter.close();
  }
}

/** @throws Interrupted, with nothing written. */
export async function converse(prompter: Prompter, effects: SetupEffects, screen: Screen): Promise<void> {
  const voice = createVoice(prompter, screen);
  const config = effects.readConfig();
  const tools = { prompter, voice, effects };
  for (const line of copy.OPENING) voice.note(line);
  const store = await askStore(config, tools);
  const key = await askKey(config, tools);
  const experiment = await askExperiment(config, store.found, tools);
  const changes = { ...store.changes, ...key.changes, ...experiment.changes };
  effects.writeConfig(changes);

  const inForce = effects.readConfig();
  prompter.say(['']);
  voice.good(`written: ${inForce.configFile.path} (only you can read it)`);
  for (const { name, madeBy } of findOverruled(changes, inForce)) voice.bad(copy.overruled(name, madeBy));
  voice.title(copy.IN_FORCE);
  prompter.say(drawSettings(inForce, screen, { all: false }));
  const questions = store.found === undefined ? [] : await effects.suggestQuestions(prompter.signal);
  if (questions.length === 0) return;
  voice.title(copy.ASK_NEXT);
  for (const question of questions) voice.next(question);
}

/** Settings that were just written and yet come from elsewhere. */
function findOverruled(changes: ConfigChanges, { settings }: Config): Setting[] {
  return Object.values(settings).filter(
    ({ name, source }) => source !== 'config file' && source !== 'flag' && (changes as Record<string, unknown>)[name],
  );
}

function createVoice(prompter: Prompter, screen: Screen): Voice {
  const say = (spans: readonly StyledSpan[]) =>
    prompter.say(wrapSpans(spans, screen.width).map((line) => paintSpans(screen, line)));
  const marks = screen.unicode ? { good: '✓ ', bad: '✗ ', next: '→ ' } : { good: 'ok ', bad: 'x ', next: '> ' };
  return {
    title(text) {
      prompter.say(['']);
      say([{ text: sanitizeLine(text), tone: 'strong' }]);
    },
    good: (text) => say([{ text: marks.good }, { text: sanitizeLine(text) }]),
    bad: (text) => say([{ text: marks.bad, tone: 'bad' }, { text: sanitizeLine(text) }]),
    note: (text) => say([{ text: sanitizeLine(text), tone: 'dim' }]),
    next: (question) => say([{ text: `${marks.next}${sanitizeLine(question)}` }]),
    prompt: (text) => sanitizeLine(`${text} > `),
  };
}
