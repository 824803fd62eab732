/**
 * An answer as lines for a terminal: what was asked for, what it can be held against, curves, choices, what to ask next, and
 * where it comes from.
 */
import type { Answer } from '../agent/events.ts';
import type { Link } from '../finding/finding.ts';
import { formatCount, formatDuration } from '../finding/format.ts';
import { drawChart } from './chart.ts';
import { evidenceLines } from './evidence.ts';
import { sanitizeLine } from './sanitize.ts';
import { paintSpans, type StyledSpan, wrapSpans } from './spans.ts';
import { isLinkable, type Screen, type Tone } from './style.ts';
import { renderMarkdown } from './terminal.ts';

/** Characters of an answer's text: some 700 lines. */
const MOST_SHOWN = 50_000;
const MAXIMUM_LINKS = 3;
const MAXIMUM_FOLLOW_UPS = 3;

/** `source` says where the data is from, and what day it is there; `invitation` what to do with choices. */
export function renderAnswer(answer: Answer, source: string, screen: Screen, invitation = 'Ask one of:'): string[] {
  const links = answer.findings.flatMap((finding) => finding.links).filter((link) => isLinkable(link.url));
  const blocks = [
    renderMarkdown(shownText(answer.text), screen, new Set(links.map((link) => link.url))),
    evidenceLines(answer, screen),
    ...answer.charts.map((chart) => drawChart(chart, screen)),
    warningLines(answer, screen),
    choiceLines(answer, invitation, screen),
    linkLines(links, screen),
    followUpLines(answer, screen),
    footerLines(answer, source, screen),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

/** Cut where a line ends, so that no table is cut within a row, and said so. */
function shownText(text: string): string {
  if (text.length <= MOST_SHOWN) return text;
  const shown = text.slice(0, text.lastIndexOf('\n', MOST_SHOWN) + 1 || MOST_SHOWN);
  const rest = formatCount(text.length - shown.length);
  return `${shown}\n\nThe answer goes on for ${rest} characters, which are not shown here; \`--json\` has them.`;
}

function warningLines({ warnings }: Answer, screen: Screen): string[] {
  return warnings.flatMap((warning) => wrapText([{ text: sanitizeLine(warning), tone: 'dim' }], screen));
}

/** The text has named the choices; here is what to type for each. */
function choiceLines({ choices }: Answer, invitation: string, screen: Screen): string[] {
  if (choices.length === 0) return [];
  const questions = choices.map(({ question }, index) => `${index + 1}. ${sanitizeLine(question)}`);
  return [
    ...wrapText([{ text: invitation, tone: 'dim' }], screen),
    ...questions.flatMap((text) => wrapText([{ text }], screen)),
  ];
}

function linkLines(links: readonly Link[], screen: Screen): string[] {
  const distinct = [...new Map(links.map((link) => [link.url, link])).values()].slice(0, MAXIMUM_LINKS);
  return distinct.flatMap(({ label, url }) => {
    const words = sanitizeLine(label);
    return screen.hyperlinks
      ? wrapText([{ text: words, url }], screen)
      : wrapText([{ text: `${words}: ${url}`, tone: 'dim' }], screen);
  });
}

function followUpLines({ followUps }: Answer, screen: Screen): string[] {
  if (followUps.length === 0) return [];
  const mark = screen.unicode ? '→ ' : '> ';
  const questions = followUps.slice(0, MAXIMUM_FOLLOW_UPS).map(sanitizeLine);
  return [
    ...wrapText([{ text: 'Ask next:', tone: 'dim' }], screen),
    ...questions.flatMap((text) => wrapText([{ text: mark + text }], screen)),
  ];
}

function footerLines({ usage, timingMs }: Answer, source: string, screen: Screen): string[] {
  const parts = [...(source === '' ? [] : [source]), usage.model, ...costParts(usage), formatDuration(timingMs)];
  return wrapText([{ text: sanitizeLine(parts.join(' · ')), tone: 'dim' as Tone }], screen);
}

/** Nothing where nothing is owed. */
function costParts({ costUsd, pricesAsOf }: Answer['usage']): string[] {
  if (costUsd === undefined) return ['cost unknown'];
  if (costUsd === 0) return [];
  const amount = costUsd < 0.0001 ? 'under $0.0001' : `$${costUsd.toFixed(4)}`;
  return [`${amount} (prices of ${pricesAsOf})`];
}

function wrapText(spans: readonly StyledSpan[], screen: Screen, indent = 0): string[] {
  return wrapSpans(spans, screen.width - indent).map((line) => ' '.repeat(indent) + paintSpans(screen, line));
}
