/** Answers to an answer that asked back: a choice's number or its label, instead of the question it stands for. */

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
