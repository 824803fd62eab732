/** The offline model's final text: findings as code worded them, refusals and questions back in plain words. */
import { formatCount, formatNumber, formatRun } from '../../finding/format.ts';
import { quoteInQuestion, quoteName, visibleText } from '../../finding/quote.ts';
import { findingText } from '../../finding/text.ts';
import type { Field } from '../../query/filter.ts';
import { populationOf, type Query } from '../../query/query.ts';
import { experimentReference } from '../../query/reference.ts';
import type { KnownExperiment } from '../../tools/resolve/vocabulary.ts';
import { settleBy } from '../conversation/choices.ts';
import type { AnswerChoice, AnswerStatus, ModelTurn, ToolFailure, ToolResult } from '../models/model.ts';
import type { Plan } from './frames/frame.ts';
import { MOST_TOKENS, type Obstacle, type Reading, type Span } from './slots.ts';

export interface Wording {
  readonly text: string;
  readonly verdict: NonNullable<ModelTurn['verdict']>;
}

const EXAMPLES = [
  'which run had the best <metric>?',
  'compare the last 3 runs',
  'which parameters matter for <metric>?',
  'how many runs failed?',
];

/** Words that are said back, and their letters. */
const MOST_NAMED = 8;
const LONGEST_NAMED = 60;

export function wordNotUnderstood(words: readonly string[]): Wording {
  const distinct = [...new Set(words)];
  const shown = distinct.slice(0, MOST_NAMED).map((word) => `“${quoteName(word, LONGEST_NAMED)}”`);
  const more = distinct.length > shown.length ? `, +${formatCount(distinct.length - shown.length)} more` : '';
  const what =
    words.length > 0
      ? `Not understood: ${shown.join(', ')}${more}.`
      : 'Not understood: I know the words, but not what they ask for together.';
  const text = `${what} Offline I read plain English about experiments, runs, metrics, params and tags, for example ${EXAMPLES.map((one) => `“${one}”`).join(', ')}. Names in quotes are taken as they are.`;
  return { text, verdict: { status: 'cannot', reason: 'not-understood' } };
}

/** `known`: values that the key of a `no-value` obstacle has. */
export function wordObstacle(question: string, obstacle: Obstacle, known: readonly string[]): Wording {
  switch (obstacle.kind) {
    case 'which-experiment': {
      const choices = obstacle.options.map(({ id, name }) => ({
        label: isSole(name, obstacle.options) ? quoteName(name) : `${quoteName(name)} (id ${id})`,
        question: settleBy({ slot: 'experiment', value: experimentReference({ id, name }) }, question),
      }));
      return clarify(`Which experiment? “${quoteName(obstacle.text)}” fits ${choices.length}`, choices);
    }
    case 'which-name': {
      const { at, texts } = obstacle;
      return clarify(
        `Which is meant? “${quoteName(at.text)}” fits ${texts.length}`,
        texts.map((text) => ({ label: visibleText(text), question: replaceSpans(question, [at, text]) })),
      );
    }
    case 'which-key': {
      const { at, value, fields } = obstacle;
      const nounOf = ({ kind, key }: Field) => (fields.filter((one) => one.key === key).length > 1 ? `${kind} ` : '');
      const choices = fields.map((field) => ({
        label: `${nounOf(field)}${quoteName(field.key)} = ${quoteName(value)}`,
        question: replaceSpans(question, [
          at,
          `${nounOf(field)}${quoteInQuestion(field.key)} = ${quoteInQuestion(value)}`,
        ]),
      }));
      return clarify(`Which one is meant? “${quoteName(value)}” is a value of ${choices.length} keys`, choices);
    }
    case 'which-value':
      return clarify(
        `Which value is meant? ${quoteName(obstacle.key)} is logged as`,
        obstacle.values.map((value) => ({
          label: quoteName(value),
          question: `${question} (${quoteInQuestion(obstacle.key)} = ${quoteInQuestion(value)})`,
        })),
      );
    case 'no-experiment': {
      const nearest = obstacle.nearest.map((name) => quoteName(name)).join(', ');
      return cannot(
        `No experiment is called “${quoteName(obstacle.text)}”.${nearest === '' ? ' There are none yet.' : ` Nearest: ${nearest}.`}`,
      );
    }
    case 'too-long':
      return {
        text: `Not understood: the question has ${formatCount(obstacle.words)} words and signs, and offline I read up to ${formatCount(MOST_TOKENS)}. Ask for one thing in a sentence or two.`,
        verdict: { status: 'cannot', reason: 'not-understood' },
      };
    case 'predicate':
      return {
        text: 'I can pick runs (“the last 5 runs”) and say what they logged, but not both pick them and ask something about them at once. Ask for what decides it, for example “status of the last run”.',
        verdict: { status: 'cannot', reason: 'not-understood' },
      };
    case 'deleted-experiment':
      return cannot(`The experiment “${quoteName(obstacle.name)}” is deleted; its runs are not read.`);
    case 'which-time': {
      const { at, metric, amount, bare } = obstacle;
      return clarify(`Which time is meant? “${quoteName(at.text)}” may be the run's duration or a metric`, [
        { label: 'duration of the run', question: replaceSpans(question, [at, 'attributes.duration']) },
        {
          label: `metric ${quoteName(metric)} (its unit is not recorded)`,
          question: replaceSpans(question, [at, quoteInQuestion(metric)], [amount, bare]),
        },
      ]);
    }
    case 'which-scale': {
      const { metric, percents, range } = obstacle;
      const scaled = (by: number) =>
        percents.map((one): Replacement => [one, String(Number.parseFloat(one.text) / by)]);
      const choices = [scaled(1), scaled(100)].map((values) => ({
        label: values.map(([, value]) => value).join(', '),
        question: replaceSpans(question, ...values),
      }));
      return clarify(
        `What is ${percents.map(({ text }) => text).join(', ')} of ${quoteName(metric)}, which is logged from ${formatNumber(range[0])} to ${formatNumber(range[1])}`,
        choices,
      );
    }
    case 'no-order':
      return cannot(
        `${quoteName(obstacle.key)} is no number, so that none is the highest or lowest. Values there are: ${obstacle.values.map((name) => quoteName(name)).join(', ')}. “How many runs per ${quoteInQuestion(obstacle.key)}?” counts them.`,
      );
    case 'which-run': {
      const { start, end } = obstacle.at;
      const choices = obstacle.runs.map((run) => ({
        label: formatRun(run),
        question: `${question.slice(0, start)}run id "${run.id}"${question.slice(end)}`,
      }));
      return clarify(
        `Which run is meant by “${quoteName(obstacle.at.text)}”? It fits ${obstacle.total}${obstacle.total > choices.length ? `, of which the first ${choices.length} are` : ''}`,
        choices,
      );
    }
    case 'of-kind':
      return cannot(
        `“${quoteName(obstacle.text)}” points back to ${obstacle.of}s: those I can count and list, and no more. Name the runs or the experiment that are meant.`,
      );
    case 'no-antecedent':
      return cannot(
        `“${quoteName(obstacle.text)}” points back to nothing that was talked about: name the runs or the experiment that are meant.`,
      );
    case 'no-value':
      return cannot(
        `No run has “${quoteName(obstacle.value)}” as its ${quoteName(obstacle.key)}. Values there are: ${known.map((name) => quoteName(name)).join(', ')}.`,
      );
  }
}

type Replacement = readonly [at: Span, text: string];

/** The question with other text where these parts stand: from its end, so that the places before stay. */
function replaceSpans(question: string, ...replacements: readonly Replacement[]): string {
  return replacements
    .toSorted(([a], [b]) => b.start - a.start)
    .reduce((text, [{ start, end }, other]) => `${text.slice(0, start)}${other}${text.slice(end)}`, question);
}

/** Understood, but no capability answers it. */
export function wordUnanswered(queries: readonly Query[]): Wording {
  const [query] = queries;
  const what = query === undefined ? 'that' : `“${query.verb}” of ${populationOf(query).kind}s`;
  return cannot(`I understand the question, but ${what}, as it is asked for, is not available here.`);
}

/** Whether no other of them is called so but for case. */
const isSole = (name: string, options: readonly KnownExperiment[]): boolean =>
  options.filter((other) => other.name.toLowerCase() === name.toLowerCase()).length === 1;

function clarify(lead: string, choices: readonly AnswerChoice[]): Wording {
  const list = choices.map(({ label }) => label).join(' · ');
  return { text: `${lead}: ${list}`, verdict: { status: 'clarify', reason: 'ambiguous', choices } };
}

function cannot(text: string): Wording {
  return { text, verdict: { status: 'cannot' } };
}

/** Words what the tools returned; a refusal keeps its own text in front. */
export function wordResults(reading: Reading, plan: Plan, results: readonly ToolResult[]): Wording {
  const findings = results.flatMap(({ outcome }) => (outcome.ok ? [outcome.finding] : []));
  const failures = results.flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.failure]));
  const found = findings.map((finding) => findingText(finding));
  const notes = plan.kind === 'queries' && plan.note !== undefined ? [plan.note, ...reading.notes] : reading.notes;
  if (plan.kind === 'refuse') {
    const lead = plan.lead !== undefined && found.length > 0 ? ` ${plan.lead}` : '';
    return cannot([`${plan.text}${lead}`, ...found].join('\n\n'));
  }
  const [failure] = failures;
  if (failure && findings.length === 0) return wordFailure(reading.question, failure, notes);
  const missing = failures.map((one) => `Left out: ${failureText(one)}`);
  const status: AnswerStatus = failures.length > 0 ? 'partial' : 'answered';
  const followUps = [...new Set(findings.flatMap((finding) => finding.followUps))].slice(0, 3);
  return { text: [...found, ...missing, ...notes].join('\n\n'), verdict: { status, followUps } };
}

function wordFailure(question: string, failure: ToolFailure, notes: readonly string[]): Wording {
  if (failure.code.startsWith('ambiguous')) {
    const choices = failure.choices.map((choice) => ({ label: choice.label, question: settleBy(choice, question) }));
    const isListed = choices.some(({ label }) => failure.message.includes(label.split(' ')[0] ?? label));
    if (isListed) return { text: failure.message, verdict: { status: 'clarify', reason: 'ambiguous', choices } };
    return clarify(failure.message.replace(/[.:?]$/u, ''), choices);
  }
  return cannot([failureText(failure), ...notes].join('\n\n'));
}

function failureText({ message, hint }: ToolFailure): string {
  return hint === undefined || message.includes(hint) ? message : `${message} ${hint}`;
}
