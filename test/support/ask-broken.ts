/** Asks a broken server, and says whether what came of it may be. */
import type { Answer } from '../../src/agent/events.ts';
import { createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';
import { answerJson } from '../../src/present/json.ts';
import { exitCodeOfAnswer } from '../../src/surfaces/shared/exit-codes.ts';
import type { Fault } from './server-faults.ts';
import { CANARY, type Place, RUNS } from './small-mlflow.ts';

const QUESTIONS: Readonly<Record<Place, readonly string[]>> = {
  experiments: ['best run by accuracy', 'how many runs are there?', 'list the experiments'],
  runs: ['best run by accuracy', 'how many runs are there?', 'average accuracy by lr'],
  histories: ['which runs diverged?', 'plot accuracy of r-1 and r-2', 'plot accuracy of r-3'],
  other: [],
};
export const ALL_QUESTIONS: readonly string[] = [...new Set(Object.values(QUESTIONS).flat())];

/** One that asks for what is broken; where rows are lost, one that counts them. */
export function questionOf({ ends }: Fault, place: Place, seed: number): string {
  const questions = QUESTIONS[place];
  return ends === 'lost' ? 'how many runs are there?' : questions[seed % questions.length]!;
}

/** What one request may take: little of those that never end, enough of the others for a busy machine. */
export const secondsFor = ({ name }: Fault): number => (name.startsWith('slow: ') ? 1 : 10);

/** @param seconds that one request may take. Throws what the program throws, such as the signal's reason. */
export async function askBroken(uri: string, question: string, seconds: number, signal: AbortSignal): Promise<Answer> {
  const env = {
    XDG_CONFIG_HOME: '/nonexistent',
    TZ: 'UTC',
    RUNSIGHT_NOW: '2026-11-20T18:00:00Z',
    MLFLOW_TRACKING_TOKEN: CANARY,
    MLFLOW_HTTP_REQUEST_TIMEOUT: String(seconds),
  };
  const app = createApp(readConfig(env, { model: 'offline', uri }, '/'));
  try {
    for await (const event of app.ask(question, signal)) if (event.type === 'answer') return event.answer;
  } finally {
    await app.close();
  }
  throw new Error('no answer');
}

/** What people and programs see, without what is of one asking only. */
export function shownOf(answer: Answer): string {
  const {
    id: _,
    conversation: __,
    receipt: ___,
    timing_ms: ____,
    ...shown
  } = answerJson(answer) as unknown as Record<string, unknown>;
  return JSON.stringify(shown).replaceAll(/http:\/\/127\.0\.0\.1:\d+\/[^/"#\s]*\/\d+/g, 'STORE');
}

/** Of the store's faults: unreachable or unreadable. */
const STORE_EXITS: readonly number[] = [3, 4];

/** What is wrong with an answer; undefined where nothing is. @param right what a sound server's is shown as */
export function findWrong(fault: Fault, place: Place, answer: Answer, right: string): string | undefined {
  const shown = shownOf(answer);
  // Words of the server stand in quotes, short.
  const own = shown.replaceAll(/answered \d+: \\"[^"\\]{0,210}\\"/g, '');
  const escaped = new RegExp(`${CANARY}|\\\\u00[01]|\\p{Cc}|\\bat .*\\.[jt]s:|undefined|best run is r-1 `, 'u').exec(
    own,
  );
  if (escaped !== null) return `shows ${JSON.stringify(escaped[0])}`;
  if (fault.ends === 'whole') return shown === right ? undefined : `differs: ${answer.text}`;
  if (fault.ends === 'lost') return findUnsaid(place, answer);
  const exit = exitCodeOfAnswer(answer);
  if (answer.error?.source !== 'store') return `blames ${answer.error?.source ?? answer.status}: ${answer.text}`;
  if (answer.text.length > 700) return `is long: ${answer.text.length}`;
  return STORE_EXITS.includes(exit) ? undefined : `exits with ${exit}: ${answer.text}`;
}

/** An answer without some runs or experiments counts them and says so. */
function findUnsaid(place: Place, { status, text, findings }: Answer): string | undefined {
  const [finding] = findings;
  const [, lost] =
    /(\d+) (?:runs?|experiments?) could not be read/.exec(finding?.caveats.map(({ text }) => text).join() ?? '') ?? [];
  if (status === 'error' || finding === undefined || lost === undefined) return `says nothing of it: ${status} ${text}`;
  if (finding.coverage.complete) return 'says that it is complete';
  const counted = finding.coverage.matched + (place === 'runs' ? Number(lost) : 0);
  return counted === RUNS ? undefined : `counts ${finding.coverage.matched} and ${lost} of ${RUNS}`;
}
