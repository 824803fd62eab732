/** `runsight link`: makes or takes a code by which this terminal's person is known elsewhere too. */
import { ConfigError, conversationPlace, readConfig } from '../../config/config.ts';
import { LOCAL_OWNER } from '../../conversations/conversations.ts';
import type { NameLinks } from '../../conversations/links.ts';
import { openConversations } from '../../conversations/open.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import type { Process } from '../shared/process.ts';
import type { CliFlags } from './command-line.ts';

const LOCAL = { owner: LOCAL_OWNER };

export async function runLinkCommand(words: readonly string[], flags: CliFlags, cli: Process): Promise<ExitCode> {
  const [word, ...others] = words;
  if (others.length > 0) throw new ConfigError(`link takes one code or name, not "${words.join(' ')}"`);
  if (flags.list === true && word !== undefined) throw new ConfigError(`--list takes no "${word}"`);
  const place = conversationPlace(readConfig(cli.env, flags));
  if (place.address === undefined && place.file === undefined)
    throw new ConfigError('conversations are kept nowhere: there is no home folder; set RUNSIGHT_CONVERSATIONS');
  const store = await openConversations(place);
  try {
    const { lines, isRefused = false } = await answer(store.links, word, flags);
    const stream = isRefused ? cli.stderr : cli.stdout;
    for (const line of lines) stream.write(`${isRefused ? 'runsight: ' : ''}${sanitizeLine(line)}\n`);
    return isRefused ? EXIT_CODES.cannot : EXIT_CODES.ok;
  } finally {
    await store.close();
  }
}

interface Said {
  readonly lines: readonly string[];
  readonly isRefused?: boolean;
}

async function answer(links: NameLinks, word: string | undefined, { list, remove }: CliFlags): Promise<Said> {
  if (list === true) {
    const names = await links.list(LOCAL);
    return { lines: names.length === 0 ? ['You are joined with no other name.'] : names };
  }
  if (remove === true) return withdraw(links, word);
  if (word === undefined) return { lines: describeCode(await links.offer(LOCAL)) };
  const outcome = await links.accept(LOCAL, word);
  return outcome.kind === 'refused'
    ? { lines: [outcome.why], isRefused: true }
    : {
        lines: [`Joined with ${outcome.other}: each finds the other's conversations, here by runsight chat --resume.`],
      };
}

async function withdraw(links: NameLinks, name: string | undefined): Promise<Said> {
  if (name === undefined) throw new ConfigError('--remove needs a name; runsight link --list has them');
  return (await links.remove(LOCAL, name))
    ? { lines: [`${name} is joined with you no more.`] }
    : { lines: [`you are not joined with "${name}"; runsight link --list has the names`], isRefused: true };
}

/** The code alone on the first line, for who pipes it. */
function describeCode(code: string): string[] {
  return [
    code,
    'Within ten minutes, once: in Slack /runsight link and the code, over HTTP POST /api/v1/link {"code": "…"}.',
    'Both must keep conversations in the same place (RUNSIGHT_CONVERSATIONS, or one home folder).',
  ];
}
