/** Puts an answer together from how a question ended. */
import { chartsOf } from '../finding/charts.ts';
import { formatCount } from '../finding/format.ts';
import { evidenceBeside, isUnbacked } from './backing.ts';
import { settleBy } from './conversation/choices.ts';
import type { Ending } from './ending.ts';
import type { Answer, AnswerError } from './events.ts';
import { readListed, withoutNumbers } from './listed.ts';
import type { AnswerStatus } from './models/model.ts';
import { PRICES_AS_OF } from './models/prices.ts';
import { splitStatus } from './prompt.ts';
import { type Question, reasonOf } from './question.ts';
import { createReceipt } from './receipt.ts';

const MAX_FOLLOW_UPS = 3;

/** Stands in the text itself, so that no surface can leave it out. */
export const OWN_WORDS = "**The model's own words, with no finding behind them:**";

export function composeAnswer(question: Question, ending: Ending): Answer {
  const { deps, context, findings, usage, costUsd, startedAt } = question;
  const { turn } = ending;
  const error = ending.fault ?? emptyHanded(question, ending);
  const status = error === undefined ? statusOf(question, ending) : 'error';
  const { choices, words } = offerChoices(question, ending, status);
  return {
    id: crypto.randomUUID(),
    conversation: question.draft.conversation.id,
    status,
    text: error === undefined ? textOf(question, ending, words) : faultText(error),
    evidence: error === undefined ? evidenceBeside(question, ending) : [],
    warnings: error === undefined ? warningsOf(ending) : [],
    choices,
    error,
    findings,
    charts: chartsOf(findings),
    followUps: turn?.verdict?.followUps ?? (findings.at(-1)?.followUps ?? []).slice(0, MAX_FOLLOW_UPS),
    usage: {
      model: turn?.model ?? deps.model.name,
      inputTokens: usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
      outputTokens: usage.outputTokens,
      costUsd,
      pricesAsOf: costUsd === undefined || costUsd === 0 ? undefined : PRICES_AS_OF,
      requests: usage.requests,
    },
    timingMs: deps.clock() - startedAt,
    receipt: createReceipt(
      { version: deps.version, question: question.text, now: context.now, store: deps.storeName },
      question.calls,
      question.queries,
    ),
  };
}

const faultText = ({ message, hint }: AnswerError): string =>
  hint === undefined ? message : `${message.replace(/\.$/, '')}. ${hint}`;

/** What the model says in the end, without its marker. */
function wordsOf({ turn, checked }: Ending): string {
  // What was said before a model declined is half a sentence, and nothing has checked it.
  if (turn === undefined || turn.stop === 'refusal') return '';
  return checked?.text ?? splitStatus(turn.text).text;
}

/** Neither words nor findings: there is nothing to answer with. */
function emptyHanded({ findings, deps }: Question, ending: Ending): AnswerError | undefined {
  const { turn, limit } = ending;
  if (wordsOf(ending) !== '' || turn?.stop === 'refusal' || findings.length > 0) return undefined;
  if (limit === undefined) {
    return {
      code: 'bad_reply',
      message: `${deps.model.name} ended without an answer.`,
      retryable: true,
      source: 'model',
    };
  }
  const hint = 'Ask for less at once, or name the experiment.';
  const message = `Stopped at ${limit} before there was an answer.`;
  return { code: 'limit_reached', message, hint, retryable: true, source: 'program' };
}

function statusOf(question: Question, ending: Ending): AnswerStatus {
  const { turn, checked, limit } = ending;
  if (turn === undefined) return 'partial';
  if (turn.stop === 'refusal') return 'cannot';
  const status = turn.verdict?.status ?? splitStatus(turn.text).status ?? judge(question);
  const isSupported = (checked?.unsupported.length ?? 0) === 0;
  // A model may decline or ask back with nothing behind it, but not claim anything by the way.
  if (isUnbacked(question, ending) && (status === 'answered' || !isSupported)) return 'unsupported';
  const isWhole =
    limit === undefined &&
    turn.stop !== 'max_tokens' &&
    isSupported &&
    (checked?.left ?? 0) === 0 &&
    question.failures.every((failure) => failure.code !== 'store_error') &&
    question.findings.every((finding) => finding.coverage.complete);
  return status === 'answered' && !isWhole ? 'partial' : status;
}

/** For models that do not say: where nothing was found, the last reason given decides. */
function judge(question: Question): AnswerStatus {
  const reason = reasonOf(question);
  if (reason === undefined) return 'answered';
  return reason.code.startsWith('ambiguous_') ? 'clarify' : 'cannot';
}

/**
 * What a tool could not choose between; else what the model, asking back, has listed by number. Those bear the marks of the
 * check, also in the questions that they stand for.
 */
function offerChoices(
  question: Question,
  ending: Ending,
  status: AnswerStatus,
): Pick<Answer, 'choices'> & { readonly words: string } {
  const { verdict, text = '' } = ending.turn ?? {};
  const words = wordsOf(ending);
  if (verdict?.choices !== undefined || ['answered', 'partial', 'error'].includes(status))
    return { choices: verdict?.choices ?? [], words };
  const given = reasonOf(question)?.choices ?? [];
  if (given.length > 0) {
    const choices = given.map((choice) => ({ label: choice.label, question: settleBy(choice, question.text) }));
    return { choices, words: verdict === undefined ? withoutNumbers(words) : words };
  }
  if (status !== 'clarify' && splitStatus(text).status !== 'clarify') return { choices: [], words };
  const listed = readListed(words);
  const choices = listed.items.map((label) => ({ label, question: `${question.text} (${label})` }));
  return { choices, words: listed.text };
}

function textOf(question: Question, ending: Ending, words: string): string {
  const blocks = words === '' ? [...new Set(question.findings.map((finding) => finding.summary))] : [words];
  if (isUnbacked(question, ending)) blocks.unshift(OWN_WORDS);
  if (ending.turn?.stop === 'refusal')
    blocks.push('The model declined to answer this question. Ask it in other words, or with `--model offline`.');
  return blocks.filter((block) => block !== '').join('\n\n');
}

function warningsOf({ turn, limit, checked }: Ending): string[] {
  const left = checked?.left ?? 0;
  return [
    ...(turn?.warnings ?? []),
    ...(left === 0
      ? []
      : [
          `The reply was too long to be checked: its last ${formatCount(left)} characters are left out. Ask for less at once.`,
        ]),
    ...(turn?.stop === 'max_tokens'
      ? ['The answer was cut off at its length limit. Ask for the rest, or for less at once.']
      : []),
    ...(limit === undefined ? [] : [`Stopped at ${limit}: this is what was found until then.`]),
  ];
}
