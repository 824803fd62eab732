/** A bot that is killed at a named point while it answers, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { settledMessages, until } from './running-bot.ts';
import { eventBody, type SlackDouble, type SlackMessage, startSlackDouble } from './slack-double.ts';

/** In the process itself, between the calls of what keeps its state. */
const OWN_POINTS = [
  ...['inbox.add.1', 'conversation.begin.1', 'conversation.end.1', 'inbox.note.1', 'inbox.note.2', 'inbox.note.3'],
  'inbox.settle.1',
].flatMap((point) => [`${point}.before`, `${point}.after`]);
/** Where Slack has heard of a call, and has taken it or not. */
const CALL_POINTS = [
  'chat.postMessage',
  'files.getUploadURLExternal',
  'upload',
  'files.completeUploadExternal',
  'chat.update',
].flatMap((method) => [`${method}.untaken`, `${method}.taken`]);
export const KILL_POINTS: readonly string[] = [...OWN_POINTS, ...CALL_POINTS, 'acknowledged'];

/** Slack has taken the message, and its place was not noted: the only points with a second one. */
export const TAKEN_UNNOTED: ReadonlySet<string> = new Set(['chat.postMessage.taken', 'inbox.note.2.before']);

export interface Outcome {
  readonly settled: readonly SlackMessage[];
  readonly all: readonly SlackMessage[];
}

export async function killAndRestart(point: string, question: string): Promise<Outcome> {
  using folder = makeTemporaryFolder();
  let child: ChildProcess | undefined;
  const [method = '', ending] = /^(.*)\.((?:un)?taken)$/.exec(point)?.slice(1) ?? [];
  const kill = () => child?.kill('SIGKILL');
  let isKilled = false;
  await using slack = await startSlackDouble({
    [method]: () => {
      if (isKilled) return undefined;
      isKilled = true;
      kill();
      return { cut: ending === 'taken' ? 'after' : 'before' };
    },
  });

  child = spawnBot(slack, path.join(folder.path, 'state.db'), point);
  const exit = once(child, 'exit');
  await slack.connected();
  const body = eventBody({ type: 'app_mention', channel: 'C1', ts: '10.1', text: `<@UBOT> ${question}` });
  slack.push('e1', 'events_api', body);
  if (point === 'acknowledged') {
    await until(() => slack.acks, 1);
    kill();
  }
  await exit;
  const isAcknowledged = slack.acks.length > 0;
  child = spawnBot(slack, path.join(folder.path, 'state.db'), '');
  const end = once(child, 'exit');
  await slack.connected();
  // What was not acknowledged comes again; what was, never.
  if (!isAcknowledged) slack.push('e2', 'events_api', body, { retry_attempt: 1, retry_reason: 'timeout' });
  await until(() => settledMessages(slack), 1);
  // Whatever else would come has come.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  child.kill('SIGKILL');
  await end;
  return { settled: settledMessages(slack), all: [...slack.messages.values()] };
}

function spawnBot(slack: SlackDouble, file: string, killAt: string): ChildProcess {
  const program = path.join(import.meta.dirname, 'bot-process.ts');
  return spawn(process.execPath, [program, slack.url, file, killAt], { stdio: ['ignore', 'ignore', 'inherit'] });
}
