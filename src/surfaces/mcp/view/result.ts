/** What a tool gave, as a page: words, charts, tables, and what can be asked next. */
import { countOf } from '../../../finding/format.ts';
import { chartFigure } from './chart.ts';
import { element } from './element.ts';
import { proseNodes } from './prose.ts';
import type { AnsweredRecord, ChartRecord, FindingRecord, ToolRecord } from './record.ts';
import { findingTable } from './table.ts';

/** Asks in the conversation that the answer belongs to; a finding belongs to none. */
export type AskNext = (question: string, conversation: string | undefined) => void;

export function resultNodes(record: ToolRecord, askNext: AskNext): Node[] {
  if ('pending' in record) {
    const { state, seconds } = record.pending;
    const words =
      state === 'cancelled' ? 'The question was cancelled.' : `Not answered yet, after ${countOf(seconds, 'second')}.`;
    return [element('p', { class: 'quiet' }, words)];
  }
  if (isAnswer(record)) return answerNodes(record, askNext);
  const findings = 'findings' in record ? record.findings : [record];
  return findings.flatMap((finding) => findingNodes(finding, askNext));
}

const isAnswer = (record: ToolRecord): record is AnsweredRecord => 'conversation' in record;

function answerNodes(answer: AnsweredRecord, askNext: AskNext): Node[] {
  const { text, evidence = [], warnings, charts, choices = [], followUps, conversation, error } = answer;
  const buttons = (label: string, asked: readonly { readonly label: string; readonly question: string }[]) =>
    askButtons(label, asked, (question) => askNext(question, conversation));
  return [
    ...proseNodes(text),
    ...(error === undefined || text.includes(error.message) ? [] : proseNodes(error.message)),
    ...evidence.map((finding) => element('blockquote', {}, ...proseNodes(finding.text))),
    ...warnings.map((warning) => element('p', { class: 'quiet' }, `Note: ${warning}`)),
    ...charts.map(chartFigure),
    ...buttons('Which one is meant?', choices),
    ...buttons(
      'Ask next',
      followUps.map((question) => ({ label: question, question })),
    ),
  ];
}

function findingNodes(finding: FindingRecord, askNext: AskNext): Node[] {
  const { summary, data, caveats, followUps } = finding;
  return [
    ...proseNodes(summary),
    ...curvesOf(finding).map(chartFigure),
    ...data.tables.map(findingTable),
    ...caveats.map(({ text }) => element('div', { class: 'quiet' }, ...proseNodes(`Note: ${text}`))),
    ...askButtons(
      'Ask next',
      followUps.map((question) => ({ label: question, question })),
      (question) => askNext(question, undefined),
    ),
  ];
}

function curvesOf({ title, summary, data }: FindingRecord): ChartRecord[] {
  const series = (data.series ?? []).map(({ of, metric, points }) => ({
    name: `${metric} of ${of.name || of.id}`,
    points,
  }));
  return series.length === 0 ? [] : [{ kind: 'curve', title, alt: summary, series }];
}

function askButtons(
  heading: string,
  asked: readonly { readonly label: string; readonly question: string }[],
  press: (question: string) => void,
): HTMLElement[] {
  if (asked.length === 0) return [];
  const buttons = asked.map(({ label, question }) => {
    const button = element('button', { type: 'button', class: 'ask' }, label);
    button.addEventListener('click', () => press(question));
    return button;
  });
  return [element('section', {}, element('h3', {}, heading), ...buttons)];
}
