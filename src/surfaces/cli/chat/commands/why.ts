/** `/why`: what an answer stands on. */
import type { Answer } from '../../../../agent/events.ts';
import { ConfigError } from '../../../../config/config.ts';
import { explainAnswer } from '../../../../present/why.ts';
import type { Chat } from '../chat.ts';
import { type ChatCommand, say } from './command.ts';
import { findingOf, handlesOf, isHandle } from './findings.ts';

export const why: ChatCommand = {
  name: '/why',
  usage: '[#3]',
  help: 'explain the last answer, or the one that gave a finding: scope, filter, method, Python',
  complete: handlesOf,
  run(rest, chat) {
    if (rest !== '' && !isHandle(rest)) throw new ConfigError(`/why takes a finding such as #3, not "${rest}"`);
    return say(explainAnswer(rest === '' ? lastAnswer(chat) : answerWith(chat, rest)));
  },
};

function lastAnswer(chat: Chat): Answer {
  const answer = chat.turns.findLast((turn) => turn.answer !== undefined)?.answer;
  if (answer === undefined) throw new ConfigError('there is no answer to explain yet; ask a question first');
  return answer;
}

function answerWith(chat: Chat, handle: string): Answer {
  const finding = findingOf(chat, handle);
  const { id } = chat.conversation;
  const turn = chat.turns.findLast(
    ({ answer }) => answer?.conversation === id && answer.findings.some((one) => one.handle === finding.handle),
  );
  if (turn?.answer === undefined)
    throw new ConfigError(`the question that found ${handle} was not answered in this chat: ask it again`);
  return turn.answer;
}
