/** The chat's commands in the order in which `/help` shows them. */
import { createConversation, pinExperiment } from '../../../../agent/conversation/conversation.ts';
import { ConfigError } from '../../../../config/config.ts';
import { countOf } from '../../../../finding/format.ts';
import { editDistance } from '../../../../tools/resolve/names.ts';
import type { Chat } from '../chat.ts';
import { type ChatCommand, type Reply, say } from './command.ts';
import { cost } from './cost.ts';
import { confirm, create } from './create.ts';
import { experimentCommand } from './experiment.ts';
import { exportCommand } from './export.ts';
import { model } from './model.ts';
import { plot } from './plot.ts';
import { resume } from './resume.ts';
import { why } from './why.ts';

const DEFAULT_RUNS = 10;
const MOST_RUNS = 100;
const MOST_TYPOS = 2;

const help: ChatCommand = {
  name: '/help',
  aliases: ['help', '?'],
  usage: '',
  help: 'this table',
  run: () => say(describeCommands()),
};

const runs: ChatCommand = {
  name: '/runs',
  usage: '[N]',
  help: `list the newest runs (${DEFAULT_RUNS}) with their status`,
  run(rest) {
    const count = rest === '' ? DEFAULT_RUNS : Number(rest);
    if (!Number.isInteger(count) || count < 1 || count > MOST_RUNS)
      throw new ConfigError(`/runs takes a number of runs from 1 to ${MOST_RUNS}, not "${rest}"`);
    return { kind: 'ask', question: `show the last ${count} runs`, model: 'offline' };
  },
};

const clear: ChatCommand = {
  name: '/clear',
  usage: '',
  help: 'forget the conversation and its findings, also where it is kept; the pinned experiment and the model stay',
  run: (_, chat) => forget(chat),
};

const begin: ChatCommand = {
  name: '/new',
  usage: '',
  help: 'begin a new conversation; /resume goes back to this one',
  run(_, chat) {
    renew(chat);
    return say(chat.keeping.isOn ? 'A new conversation; `/resume` goes back.' : 'A new conversation.');
  },
};

const quit: ChatCommand = {
  name: '/quit',
  aliases: ['quit', 'exit', ':q'],
  usage: '',
  help: 'leave, as Ctrl-D does',
  run: () => ({ kind: 'leave' }),
};

export const chatCommands: readonly ChatCommand[] = [
  help,
  experimentCommand,
  model,
  runs,
  plot,
  exportCommand,
  why,
  cost,
  create,
  confirm,
  resume,
  begin,
  clear,
  quit,
];

const KEYS = [
  ['Tab', 'completes commands, experiments, metrics, params and runs'],
  ['Ctrl-C', 'cancels the question; clears the line; twice at an empty prompt leaves'],
  ['1 to 9', 'asks the choice of that number'],
  ['#3', 'shows a finding again'],
] as const;

/** `/help`: this table. */
function describeCommands(): string {
  const rows = chatCommands.map(({ name, usage, help: text }) => [`${name} ${usage}`.trim(), text]);
  return [
    'Ask in plain English, or:',
    '',
    '| type | to |',
    '|---|---|',
    ...[...rows, ...KEYS].map(([what, text]) => `| \`${what?.replaceAll('|', '\\|')}\` | ${text} |`),
  ].join('\n');
}

function renew(chat: Chat): void {
  const { pinned } = chat.conversation.memory;
  chat.conversation = createConversation();
  pinExperiment(chat.conversation, pinned);
}

async function forget(chat: Chat): Promise<Reply> {
  const { id, findings, messages } = chat.conversation;
  if (chat.keeping.isOn && messages.length > 0) await (await chat.keeping.open()).delete(id);
  renew(chat);
  return say(findings.length === 0 ? 'Forgotten.' : `Forgotten, with ${countOf(findings.length, 'finding')}.`);
}

/** The command that a line begins with, and the rest; undefined where it is no command. @throws ConfigError where there is none of that name. */
export function readCommand(line: string): { readonly command: ChatCommand; readonly rest: string } | undefined {
  const text = line.trim();
  const [first = '', rest = ''] = text.split(/\s(.*)/s);
  const word = first.toLowerCase();
  const command = chatCommands.find(({ name, aliases }) => name === word || aliases?.includes(text.toLowerCase()));
  if (command !== undefined) return { command, rest: rest.trim() };
  if (!/^\/[a-z]*$/.test(word)) return undefined;
  const names = chatCommands.map(({ name }) => name);
  const begun = names.filter((name) => name.startsWith(word));
  const near = begun.length > 0 ? begun : names.filter((name) => editDistance(name, word, MOST_TYPOS) <= MOST_TYPOS);
  throw new ConfigError(
    `no command "${first}"; ${near.length === 0 ? '/help lists them' : `nearest: ${near.join(', ')}`}`,
  );
}
