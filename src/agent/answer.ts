/** Puts an answer together from how a question ended. */
import { chartsOf } from '../finding/charts.ts';
import { quoteInQuestion } from '../finding/quote.ts';
import type { Ending } from './ending.ts';
import type { Answer, AnswerError } from './events.ts';
import type { AnswerChoice, AnswerStatus, ModelTurn, ToolFailure } from './models/model.ts';
import { PRICES_AS_OF } from './models/prices.ts';
import { splitStatus } from './prompt.ts';
import type { Question } from './question.ts';
import { createReceipt } from './receipt.ts';
import { restsOnFindings } from './verify.ts';

const MAX_FOLLOW_UPS = 3;

export function composeAnswer(question: Question, ending: Ending): Answer {
  const { deps, context, findings, usage, costUsd, startedAt } = question;
  const { turn } = ending;
  const error = ending.fault ?? emptyHanded(question, ending);
  const status = error === undefined ? statusOf(question, ending) : 'error';
  return {
    id: crypto.randomUUID(),
    conversation: question.draft.conversation.id,
    status,
    text: error === undefined ? textOf(question, ending) : faultText(error),
    warnings: error === undefined ? warningsOf(status, ending) : [],
    choices: turn?.verdict?.choices ?? (status === 'answered' ? [] : choicesOf(question, status, turn)),
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

/** Neither words nor findings: there is nothing to answer with. */
function emptyHanded({ findings, deps }: Question, { turn, limit }: Ending): AnswerError | undefined {
  const hasWords = turn !== undefined && (turn.text !== '' || turn.stop === 'refusal');
  if (hasWords || findings.length > 0) return undefined;
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

function statusOf(question: Question, { turn, checked, limit }: Ending): AnswerStatus {
  if (turn === undefined) return 'partial';
  if (turn.stop === 'refusal') return 'cannot';
  const status = turn.verdict?.status ?? splitStatus(turn.text).status ?? judge(question, turn);
  const isWhole =
    limit === undefined &&
    turn.stop !== 'max_tokens' &&
    (checked?.unsupported.length ?? 0) === 0 &&
    question.failures.every((failure) => failure.code !== 'store_error') &&
    question.findings.every((finding) => finding.coverage.complete);
  return status === 'answered' && !isWhole ? 'partial' : status;
}

/** For models that do not say: an answer stands on a finding; without one, the last reason given decides. */
function judge(question: Question, { text }: ModelTurn): AnswerStatus {
  const { findings, failures } = question;
  if (findings.length > 0) return 'answered';
  const reason = failures.findLast(isReason);
  if (reason === undefined) return restsOnFindings(question, text) ? 'answered' : 'unsupported';
  return reason.code.startsWith('ambiguous_') ? 'clarify' : 'cannot';
}

const NO_REASONS: ReadonlySet<ToolFailure['code']> = new Set([
  'not_run',
  'store_error',
  'invalid_input',
  'unknown_tool',
]);
const isReason = ({ code }: ToolFailure): boolean => !NO_REASONS.has(code);

/** What a tool could not choose between; else what the model, asking back, has listed by number. */
function choicesOf(
  { text, findings, failures }: Question,
  status: AnswerStatus,
  turn: ModelTurn | undefined,
): AnswerChoice[] {
  const choices = findings.length > 0 ? [] : (failures.findLast(isReason)?.choices ?? []);
  if (choices.length > 0 || status !== 'clarify')
    return choices.map(({ slot, value, label }) => ({
      label,
      question: `${text} (${slot}: ${quoteInQuestion(value)})`,
    }));
  const listed = turn?.text.matchAll(/^\s*\d+[.)]\s+(.+?)\s*$/gm) ?? [];
  return Array.from(listed, ([, item = '']) => item.replaceAll('`', '')).map((label) => ({
    label,
    question: `${text} (${label})`,
  }));
}

function textOf({ findings }: Question, { turn, checked }: Ending): string {
  // What was said before a model declined is half a sentence, and nothing has checked it.
  const words = turn?.stop === 'refusal' ? '' : splitStatus(checked?.text ?? turn?.text ?? '').text;
  const blocks = words === '' ? [...new Set(findings.map((finding) => finding.summary))] : [words];
  if (turn?.stop === 'refusal')
    blocks.push('The model declined to answer this question. Ask it in other words, or with `--model offline`.');
  return blocks.filter((block) => block !== '').join('\n\n');
}

function warningsOf(status: AnswerStatus, { turn, limit }: Ending): string[] {
  return [
    ...(turn?.warnings ?? []),
    ...(turn?.stop === 'max_tokens'
      ? ['The answer was cut off at its length limit. Ask for the rest, or for less at once.']
      : []),
    ...(limit === undefined ? [] : [`Stopped at ${limit}: this is what was found until then.`]),
    ...(status === 'unsupported' ? ['These are words of the model: no finding stands behind them.'] : []),
  ];
}
