/** `/create` shows a new experiment whole, `/confirm` makes it: a person's word, typed in a terminal. */
import { createExperiment, type NewExperiment } from '../../../../app/create-experiment.ts';
import { ConfigError } from '../../../../config/config.ts';
import { quoteName } from '../../../../finding/quote.ts';
import { proposeExperiment } from '../../../shared/proposal.ts';
import type { Chat } from '../chat.ts';
import { type ChatCommand, say, splitArguments } from './command.ts';

/** What was shown last, until it was made or something else was shown. */
const proposed = new WeakMap<Chat, NewExperiment>();

export const create: ChatCommand = {
  name: '/create',
  usage: 'NAME ["DESCRIPTION"]',
  help: 'show a new experiment, which /confirm then creates on the tracking server',
  async run(rest, chat) {
    const [name, description, ...more] = splitArguments(rest);
    if (name === undefined || more.length > 0)
      throw new ConfigError(
        '/create takes a name, and a description if you like: /create "my experiment" "what it is for"',
      );
    if (!chat.isTerminal) throw new ConfigError('/create asks before it writes, and here is no terminal to ask in');
    const wanted: NewExperiment = { name, description, tags: {} };
    const lines = await proposeExperiment(wanted, chat.config);
    proposed.set(chat, wanted);
    return { kind: 'lines', lines: [...lines, '', '/confirm creates it; until then nothing is sent.'] };
  },
};

export const confirm: ChatCommand = {
  name: '/confirm',
  usage: '',
  help: 'create what /create has shown',
  async run(_, chat, signal) {
    const wanted = proposed.get(chat);
    if (wanted === undefined) throw new ConfigError('nothing waits to be confirmed: /create shows what would be made');
    proposed.delete(chat);
    const { id } = await createExperiment(chat.config, wanted, { signal });
    return say(`Created experiment ${id}: ${quoteName(wanted.name)}.`);
  },
};
