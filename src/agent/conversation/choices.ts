/** Answers to an answer that asked back: a choice's number or its label, instead of the question it stands for. */

import { quoteInQuestion } from '../../finding/quote.ts';
import { readReference } from '../../query/reference.ts';
import type { Choice } from '../../tools/define/errors.ts';
import type { AnswerChoice, ModelTurn } from '../models/model.ts';
import { NO_USAGE } from './conversation.ts';

/** `2`, `2.` and `2)`; `#2` is a finding. */
const NUMBER = /^(\d{1,3})[.)]?$/;

/** The question to ask for what was typed; undefined: a number that none of the choices has. */
export function resolveChoice(text: string, choices: readonly AnswerChoice[]): string | undefined {
  const typed = text.trim();
  const number = NUMBER.exec(typed)?.[1];
  if (choices.length === 0) return text;
  if (number !== undefined) return choices[Number(number) - 1]?.question;
  return choices.find(({ label }) => bare(label) === bare(typed))?.question ?? text;
}

const bare = (label: string): string => label.replaceAll('`', '').trim().toLowerCase();

/** The question that a choice stands for, worded so that nothing but what was chosen can be meant. */
export function settleBy({ slot, value }: Pick<Choice, 'slot' | 'value'>, question: string): string {
  if (slot === 'direction') return `${question} (${value} is better)`;
  const { kind, text } = readReference(value);
  return `${question} (${kind === 'id' ? `${slot} id` : slot}: ${quoteInQuestion(text)})`;
}

/** Gives the choices again. */
export function noSuchChoice(typed: string, choices: readonly AnswerChoice[], model: string): ModelTurn {
  const range = choices.length === 1 ? 'the only number is 1' : `the numbers go from 1 to ${choices.length}`;
  return {
    model,
    text: `There is no choice ${typed.trim()}: ${range}.`,
    calls: [],
    stop: 'end',
    usage: NO_USAGE,
    verdict: { status: 'clarify', choices },
  };
}
