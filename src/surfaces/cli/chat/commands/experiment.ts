/** `/experiment`: shows or pins the experiment that questions mean where they name none. */
import { pinExperiment } from '../../../../agent/conversation/conversation.ts';
import { ConfigError } from '../../../../config/config.ts';
import { countOf } from '../../../../finding/format.ts';
import { quoteName } from '../../../../finding/quote.ts';
import type { Experiment } from '../../../../mlflow/runs/types.ts';
import { editDistance, nearestNames } from '../../../../tools/resolve/names.ts';
import type { Chat } from '../chat.ts';
import { type ChatCommand, type Reply, readName, say } from './command.ts';

const MOST_LISTED = 20;
const UNPIN = 'all';

export const experimentCommand: ChatCommand = {
  name: '/experiment',
  usage: '[NAME|all]',
  help: 'show or pin the experiment that is meant where a question names none',
  complete: (_, { experiments }) => [...experiments, UNPIN],
  async run(rest, chat, signal) {
    const name = readName(rest);
    if (name === UNPIN) return unpin(chat);
    const store = await chat.app.openStore();
    const experiments = await store.searchExperiments({}, signal);
    return name === '' ? show(chat, experiments) : pin(chat, name, experiments);
  },
};

function unpin(chat: Chat): Reply {
  pinExperiment(chat.conversation, undefined);
  return say(`No experiment is pinned. ${fallback(chat)}`);
}

function fallback({ config: { defaultExperiment } }: Chat): string {
  return defaultExperiment === undefined
    ? 'A question that names none is about the whole store.'
    : `A question that names none is about ${quoteName(defaultExperiment)}, as configured.`;
}

function show(chat: Chat, experiments: readonly Experiment[]): Reply {
  const { pinned } = chat.conversation.memory;
  const now =
    pinned === undefined ? `No experiment is pinned. ${fallback(chat)}` : `Pinned: ${quoteName(pinned.name)}.`;
  const listed = experiments.slice(0, MOST_LISTED).map(({ name }) => `- ${quoteName(name)}`);
  const more = experiments.length - listed.length;
  const list = more > 0 ? [...listed, `- +${countOf(more, 'more experiment')}`] : listed;
  return say([now, '', ...list].join('\n'));
}

function pin(chat: Chat, name: string, experiments: readonly Experiment[]): Reply {
  const found = findExperiment(name, experiments);
  pinExperiment(chat.conversation, { id: found.id, name: found.name });
  return say(
    `Pinned ${quoteName(found.name)}: questions that name no experiment are about it. \`/experiment all\` unpins it.`,
  );
}

/** By exact name, id, name in other capitals, or words that are in one name only. */
function findExperiment(name: string, experiments: readonly Experiment[]): Experiment {
  const exact = experiments.find((one) => one.name === name) ?? experiments.find((one) => one.id === name);
  if (exact !== undefined) return exact;
  const alike = experiments.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  const [only, ...others] = alike;
  if (only !== undefined && others.length === 0) return only;
  const [named, ...more] = alike.length === 0 ? experiments.filter((one) => hasWords(one.name, name)) : [];
  if (named !== undefined && more.length === 0) return named;
  const near =
    alike.length > 1
      ? alike.map((one) => one.name)
      : resembling(
          name,
          experiments.map((one) => one.name),
        );
  const hint = near.length === 0 ? '/experiment lists them' : `nearest: ${near.map((one) => `"${one}"`).join(', ')}`;
  throw new ConfigError(`no experiment "${name}"; ${hint}`);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function hasWords(name: string, typed: string): boolean {
  const own = wordsOf(name);
  const words = wordsOf(typed);
  return words.length > 0 && words.every((word) => own.includes(word));
}

const MOST_TYPOS = 2;

/** Names that are alike, else those of which one word is. */
function resembling(typed: string, names: readonly string[]): string[] {
  const near = nearestNames(typed, names);
  if (near.length > 0) return near;
  const start = typed.toLowerCase();
  return names
    .filter((name) =>
      name
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .some((word) => word.startsWith(start) || editDistance(word, start, MOST_TYPOS) <= MOST_TYPOS),
    )
    .slice(0, 3);
}
